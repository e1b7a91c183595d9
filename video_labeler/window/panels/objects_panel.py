"""The current objects, each with a small picture; a click follows one."""

import time
from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QPixmap
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from video_labeler.frames import LabeledObject
from video_labeler.overlay.drawing import colour_of
from video_labeler.session.view import SessionView
from video_labeler.window import panel_texts as texts
from video_labeler.window.panel_formats import percent
from video_labeler.window.panels.rows import Row
from video_labeler.window.panels.rows_view import RowsView
from video_labeler.window.panels.thumbnails import Thumbnails
from video_labeler.window.picture.orientation import Orientation

_MOST_KEPT = 40
"""The most rows that keep their place under a resting pointer; more are sorted anyway."""


class ObjectsPanel(QWidget):
    """Objects by track number. ``pinned`` carries the number of the one to follow, or ``None`` for none."""

    pinned = pyqtSignal(object)

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._thumbnails = Thumbnails(clock)
        self._pinned: int | None = None
        self._order: list[int] = []
        self.list = RowsView(texts.NO_OBJECTS)
        self.list.setAccessibleName(texts.OBJECTS_LIST)
        self.list.setAccessibleDescription(texts.OBJECTS_HINT)
        self.list.chosen.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list)

    def set_orientation(self, orientation: Orientation) -> None:
        """Rotate and mirror the small pictures like the large one."""
        self._thumbnails.orientation = orientation

    def show_view(self, view: SessionView, pinned: int | None = None) -> None:
        """Show the objects of the newest labelled frame."""
        self._pinned = pinned
        labeled = view.labeled
        objects = () if labeled is None else labeled.objects
        pictures = {} if labeled is None else self._thumbnails.of(labeled)
        self.list.say_when_empty(texts.NO_PICTURE_NOW if view.is_gone and labeled is None else texts.NO_OBJECTS)
        found = {item.track_id: item for item in objects}
        self._order = [] if labeled is None else self._ordered(sorted(found))
        rows = [
            self._row(found[track], pictures.get(track)) if track in found else _gone(track) for track in self._order
        ]
        self.list.rows.show_rows(rows)
        self.list.most = max(2, view.labeling.max_objects)

    def _ordered(self, tracks: list[int]) -> list[int]:
        """The rows by number; while the pointer is over them each keeps its place, and new ones are added below."""
        if not self.list.is_pointed_at or len(self._order) > _MOST_KEPT:
            return tracks
        return self._order + [track for track in tracks if track not in self._order]

    def _row(self, item: LabeledObject, picture: QPixmap | None) -> Row:
        first = item.predictions[0] if item.predictions else None
        is_pinned = item.track_id == self._pinned
        blue, green, red = colour_of(first.label) if first else (0, 0, 0)
        return Row(
            key=item.track_id,
            heading=first.label.name if first else texts.NOT_SURE,
            detail=texts.OBJECT_NUMBER.format(track=item.track_id) if item.track_id else texts.CENTER,
            trailing=percent(first.confidence) if first else "",
            picture=picture or _blank(),
            colour=(red, green, blue) if first else None,
            tip=texts.CLICK_TO_UNPIN if is_pinned else texts.CLICK_TO_PIN,
            marked=is_pinned,
            quiet=first is None,
        )

    def _choose(self, track: int) -> None:
        self.pinned.emit(None if track == self._pinned else track)


def _gone(track: int) -> Row:
    return Row(
        key=track,
        heading=texts.OUT_OF_SIGHT,
        detail=texts.OBJECT_NUMBER.format(track=track),
        picture=_blank(),
        quiet=True,
    )


def _blank() -> QPixmap:
    picture = QPixmap(1, 1)
    picture.fill(Qt.GlobalColor.transparent)
    return picture
