"""The labels of the most prominent or the pinned object, as bars."""

from PyQt6.QtCore import QSize, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from video_labeler.frames import LabeledObject
from video_labeler.session.view import SessionView
from video_labeler.settings import LabelingSettings
from video_labeler.window import panel_texts as texts
from video_labeler.window.actions import Act, with_key
from video_labeler.window.look.icons import icon
from video_labeler.window.panels.confidence_bar import BarContent, ConfidenceBar
from video_labeler.window.panels.confidence_history import ConfidenceHistory
from video_labeler.window.plain_text import PlainLabel

_MOST_LABELS = 6
"""The most bars shown, whatever the settings."""


class PredictionsPanel(QWidget):
    """The labels of one object: the most specific large, the broader ones below it.

    ``pinned`` carries ``None`` when the user unpins the object.
    """

    pinned = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self._history = ConfidenceHistory()
        self._caption = PlainLabel(texts.MOST_PROMINENT)
        self._caption.setProperty("muted", True)
        self._unpin = QToolButton()
        self._unpin.setIcon(icon("close"))
        self._unpin.setToolTip(with_key(texts.UNPIN, Act.UNPIN))
        self._unpin.setAccessibleName(texts.UNPIN)
        self._unpin.setAutoRaise(True)
        # No higher than the words beside it.
        self._unpin.setStyleSheet("QToolButton { padding: 1px 6px; min-height: 16px; }")
        self._unpin.setIconSize(QSize(14, 14))
        policy = self._unpin.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._unpin.setSizePolicy(policy)
        self._unpin.hide()
        self._unpin.clicked.connect(lambda: self.pinned.emit(None))
        top = QHBoxLayout()
        top.addWidget(self._caption, 1)
        top.addWidget(self._unpin)
        self._bars = [ConfidenceBar(self._history.span_s, headline=i == 0) for i in range(_MOST_LABELS)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 4)
        layout.setSpacing(3)
        layout.addLayout(top)
        for bar in self._bars:
            layout.addWidget(bar)
        self._show_bars(LabelingSettings().top_k)
        self._bars[0].show_content(BarContent(texts.NOTHING_YET))
        # Always, so that nothing below moves when an object is pinned by a click there.
        self._bars[0].set_tall(True)

    def show_view(self, view: SessionView, pinned: int | None = None) -> None:
        """Show the newest labels, of the pinned object if there is one."""
        self._unpin.setVisible(pinned is not None)
        self._caption.setText("" if view.newest is None else _caption(pinned))
        self._show_bars(view.labeling.top_k)
        if view.labeled is None:
            self._show(None, texts.NO_PICTURE_NOW if view.is_gone else texts.NOTHING_YET)
            return
        objects = view.labeled.objects
        self._history.add(view.labeled.frame.time_s, objects)
        if pinned is None:
            self._show(next((item for item in objects if item.predictions), None), texts.NOT_SURE)
            return
        item = next((item for item in objects if item.track_id == pinned), None)
        self._show(item, texts.NOT_SURE if item else texts.OUT_OF_SIGHT, pinned)

    def _show_bars(self, count: int) -> None:
        for i, bar in enumerate(self._bars):
            bar.setVisible(i < max(1, count))

    def _show(self, item: LabeledObject | None, without: str, pinned: int | None = None) -> None:
        predictions = item.predictions if item else ()
        for i, bar in enumerate(self._bars):
            if i < len(predictions):
                label, confidence = predictions[i].label, predictions[i].confidence
                has_trace = item is not None and (i == 0 or pinned is not None)
                trace = self._history.trace(item.track_id, label.row) if item and has_trace else ()
                bar.show_content(BarContent(label.name, confidence, trace))
            else:
                bar.show_content(BarContent(without if i == 0 else ""))


def _caption(pinned: int | None) -> str:
    if pinned is None:
        return texts.MOST_PROMINENT
    return texts.PINNED.format(track=pinned) if pinned else texts.PINNED_CENTER
