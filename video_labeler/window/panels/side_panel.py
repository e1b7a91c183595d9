"""The side panel: collapsible sections, whose places do not depend on their contents."""

import json
from collections.abc import Callable
from functools import partial

from PyQt6.QtCore import QEvent, QSize, pyqtSignal
from PyQt6.QtGui import QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from video_labeler.files.reading import parsed_json
from video_labeler.session.view import SessionView
from video_labeler.settings import LabelingSettings, ModelSettings
from video_labeler.window import panel_texts as texts
from video_labeler.window.controls.model_picker import ModelPicker
from video_labeler.window.controls.sliders import LabelingSliders
from video_labeler.window.panels.objects_panel import ObjectsPanel
from video_labeler.window.panels.predictions_panel import PredictionsPanel
from video_labeler.window.panels.section import Section, shared_out
from video_labeler.window.panels.seen_panel import SeenPanel
from video_labeler.window.panels.status_panel import StatusPanel
from video_labeler.window.picture.orientation import Orientation
from video_labeler.window.picture.paint_meter import PaintFigures

_NARROWEST, _USUAL, _WIDEST = 240, 300, 480
_NO_FIGURES = PaintFigures()


class LabelingPanel(QWidget):
    """The model picker and the sliders."""

    labeling_changed = pyqtSignal(LabelingSettings)
    model_chosen = pyqtSignal(ModelSettings)

    def __init__(self) -> None:
        super().__init__()
        self.model_picker = ModelPicker()
        self.sliders = LabelingSliders()
        self.model_picker.model_chosen.connect(self.model_chosen)
        self.sliders.changed.connect(self.labeling_changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 4)
        layout.setSpacing(6)
        layout.addWidget(self.model_picker)
        layout.addWidget(self.sliders)

    def show_view(self, view: SessionView) -> None:
        """Follow the settings."""
        self.model_picker.show_view(view)
        self.sliders.show_view(view)


class SidePanel(QWidget):
    """All panels: shows views, and emits the user's requests.

    The sections share its height. If there is too little for all open ones, those that were opened first are
    folded until there is more.
    ``pinned`` carries the track id of the object to follow, or ``None`` for none; ``seek_requested`` seconds.
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
        self._sizes = (0, 0)
        self.predictions = PredictionsPanel()
        self.objects = ObjectsPanel()
        self.seen = SeenPanel()
        self.labeling = LabelingPanel()
        self.status = StatusPanel()
        self.sections = {
            "predictions": Section(texts.PREDICTIONS, self.predictions),
            "objects": Section(texts.OBJECTS, self.objects, rows=self.objects.list),
            "seen": Section(
                texts.SEEN,
                self.seen,
                tools=(self.seen.copy_button, self.seen.clear_button),
                rows=self.seen.list,
            ),
            "labeling": Section(texts.LABELING, self.labeling),
            "status": Section(texts.STATUS, self.status, is_open=False),
        }
        self._kept = list(self.sections.values())
        self._lay_out()
        for section in self.sections.values():
            section.toggled.connect(partial(self._follow_toggle, section))
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

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for little more than the headers."""
        return QSize(_NARROWEST, 200)

    def show_view(
        self,
        view: SessionView,
        pinned: int | None = None,
        painting: PaintFigures = _NO_FIGURES,
        shown: SessionView | None = None,
    ) -> None:
        """Show the newest view, with the pinned object and the window's own figures.

        ``shown`` is the view on the screen, if that differs. Call it also while the panel is
        hidden: the list of what was seen continues.
        """
        shown = view if shown is None else shown
        self._last = partial(self._show, view, pinned, painting, shown)
        self.seen.show_view(view, hold=shown.labeled is not None and shown.labeled is not view.labeled)
        self._last()

    def set_orientation(self, orientation: Orientation) -> None:
        """Rotate and mirror the objects' small pictures like the large one."""
        self.objects.set_orientation(orientation)

    def state(self) -> str:
        """Which sections are open, for :meth:`restore`."""
        return json.dumps({"open": [name for name, section in self.sections.items() if section.is_open]})

    def restore(self, state: str) -> None:
        """Open the sections of a saved state; anything invalid is ignored."""
        try:
            names = parsed_json(state)["open"]
            is_open = {name: name in names for name in self.sections}
        except (ValueError, TypeError, KeyError):
            return
        for name, section in self.sections.items():
            section.set_open(is_open[name])

    def _show(self, view: SessionView, pinned: int | None, painting: PaintFigures, shown: SessionView) -> None:
        # Hidden sections are not updated.
        if not self.isVisible():
            return
        if self.sections["predictions"].is_shown:
            self.predictions.show_view(shown, pinned)
        if self.sections["objects"].is_shown:
            self.objects.show_view(shown, pinned)
        if self.sections["labeling"].is_shown:
            self.labeling.show_view(view)
        if self.sections["status"].is_shown:
            self.status.show_view(view, painting)
        sizes = view.labeling.top_k, view.labeling.max_objects
        if sizes != self._sizes:
            self._sizes = sizes
            self._share_out()

    def _follow_toggle(self, section: Section, is_open: bool) -> None:
        self._kept.remove(section)
        self._kept.insert(0 if is_open else len(self._kept), section)
        self._share_out()
        self._show_again()

    def _show_again(self) -> None:
        if self._last is not None:
            self._last()

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802 - Qt's name
        """Appear with the newest view, not empty until the next one."""
        super().showEvent(event)
        self._show_again()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Share out the new height."""
        super().resizeEvent(event)
        self._share_out()

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Follow a larger font."""
        super().changeEvent(event)
        if event is not None and event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._share_out()

    def _share_out(self) -> None:
        """Set every section's height: by which are open and the available height, never by their contents."""
        margins = self._column.contentsMargins()
        sections = list(self.sections.values())
        width = self.width() - margins.left() - margins.right()
        room = self.height() - margins.top() - margins.bottom() - self._column.spacing() * len(sections)
        room -= sum(section.head_height for section in sections)
        heights = {section: section.heights(width) for section in sections if section.is_open}
        for section in reversed(self._kept):
            if len(heights) > 1 and sum(part.beside_others for part in heights.values()) > room:
                heights.pop(section, None)
        shown = [section for section in sections if section in heights]
        for section in sections:
            section.show_content(section in heights)
        spare = 0
        for section, height in zip(shown, shared_out(room, [heights[section] for section in shown]), strict=True):
            if not heights[section].is_list:
                section.set_body_height(height)
                continue
            # What is left of a list's last row is the next list's.
            offered = min(height + spare, heights[section].most)
            spare += height - section.set_body_height(offered)

    def _lay_out(self) -> None:
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(2)
        # The heights follow from that of the panel, not the other way round.
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        for section in self.sections.values():
            column.addWidget(section)
        column.addStretch(1)
