"""The side panel: collapsible sections, one below the other."""

import json
from collections.abc import Callable
from functools import partial

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from video_labeler.files.reading import parsed_json
from video_labeler.session.view import SessionView
from video_labeler.settings import LabelingSettings, ModelSettings
from video_labeler.window import panel_texts as texts
from video_labeler.window.controls.model_picker import ModelPicker
from video_labeler.window.orientation import Orientation
from video_labeler.window.paint_meter import PaintFigures
from video_labeler.window.panels.labeling_panel import LabelingPanel
from video_labeler.window.panels.objects_panel import ObjectsPanel
from video_labeler.window.panels.predictions_panel import PredictionsPanel
from video_labeler.window.panels.section import Section
from video_labeler.window.panels.seen_panel import SeenPanel
from video_labeler.window.panels.status_panel import StatusPanel

_NARROWEST, _USUAL, _WIDEST = 240, 300, 480
_NO_FIGURES = PaintFigures()


class SidePanel(QWidget):
    """All panels, in one place that scrolls; it shows what it is given and says what the user wants.

    ``pinned`` carries the track id of the object to follow, or ``None`` to let go; ``seek_requested`` seconds.
    """

    pinned = pyqtSignal(object)
    seek_requested = pyqtSignal(float)
    labeling_changed = pyqtSignal(LabelingSettings)
    model_chosen = pyqtSignal(ModelSettings)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(texts.SIDE_PANEL)
        self.setMinimumWidth(_NARROWEST)
        self.setMaximumWidth(_WIDEST)
        self._last: Callable[[], None] | None = None
        self.predictions = PredictionsPanel()
        self.objects = ObjectsPanel()
        self.seen = SeenPanel()
        self.labeling = LabelingPanel()
        self.status = StatusPanel()
        self.sections = {
            "predictions": Section(texts.PREDICTIONS, self.predictions),
            "objects": Section(texts.OBJECTS, self.objects),
            "seen": Section(texts.SEEN, self.seen, tools=(self.seen.copy_button, self.seen.clear_button)),
            "labeling": Section(texts.LABELING, self.labeling),
            "status": Section(texts.STATUS, self.status, is_open=False),
        }
        self._lay_out()
        for section in self.sections.values():
            section.toggled.connect(self._show_again)
        self.predictions.pinned.connect(self.pinned)
        self.objects.pinned.connect(self.pinned)
        self.seen.seek_requested.connect(self.seek_requested)
        self.labeling.labeling_changed.connect(self.labeling_changed)
        self.labeling.model_chosen.connect(self.model_chosen)

    @property
    def model_picker(self) -> ModelPicker:
        """For menus, and for model files dropped elsewhere."""
        return self.labeling.model_picker

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Wide enough for most labels."""
        return QSize(_USUAL, 480)

    def show_view(
        self,
        view: SessionView,
        pinned: int | None = None,
        painting: PaintFigures = _NO_FIGURES,
        shown: SessionView | None = None,
    ) -> None:
        """Show the newest view, with the pinned object and the window's own figures.

        ``shown`` is what of it is on the screen, where that is something else. Also to be called while the panel is
        hidden: the list of what was seen goes on.
        """
        shown = view if shown is None else shown
        self._last = partial(self._show, view, pinned, painting, shown)
        self.seen.show_view(view, hold=shown.labeled is not None and shown.labeled is not view.labeled)
        self._last()

    def set_orientation(self, orientation: Orientation) -> None:
        """Turn and mirror the objects' small pictures like the large one."""
        self.objects.set_orientation(orientation)

    def state(self) -> str:
        """Which sections are open, for :meth:`restore`."""
        return json.dumps({"open": [name for name, section in self.sections.items() if section.is_open]})

    def restore(self, state: str) -> None:
        """Open the sections that were open; anything that is no state changes nothing."""
        try:
            names = parsed_json(state)["open"]
            is_open = {name: name in names for name in self.sections}
        except (ValueError, TypeError, KeyError):
            return
        for name, section in self.sections.items():
            section.set_open(is_open[name])

    def _show(self, view: SessionView, pinned: int | None, painting: PaintFigures, shown: SessionView) -> None:
        # What cannot be seen costs nothing.
        if not self.isVisible():
            return
        if self.sections["predictions"].is_open:
            self.predictions.show_view(shown, pinned)
        if self.sections["objects"].is_open:
            self.objects.show_view(shown, pinned)
        if self.sections["labeling"].is_open:
            self.labeling.show_view(view)
        if self.sections["status"].is_open:
            self.status.show_view(view, painting)

    def _show_again(self) -> None:
        if self._last is not None:
            self._last()

    def _lay_out(self) -> None:
        content = QWidget()
        content.setObjectName("sidePanelContent")
        column = QVBoxLayout(content)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        for section in self.sections.values():
            column.addWidget(section)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(content)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
