"""The objects of this moment, each with a small picture; a click follows one."""

import time
from collections.abc import Callable

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QPixmap
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from video_labeler.frames import LabeledObject
from video_labeler.overlay import colour_of
from video_labeler.session.view import SessionView
from video_labeler.window import panel_texts as texts
from video_labeler.window.orientation import Orientation
from video_labeler.window.panel_formats import percent
from video_labeler.window.panels.rows import Row
from video_labeler.window.panels.rows_view import RowsView, fit_height
from video_labeler.window.panels.thumbnails import Thumbnails

_SHRINK_AFTER_S = 3.0
"""How long the list stays as long as it was, so that what is below does not jump as objects come and go."""


class ObjectsPanel(QWidget):
    """Objects by track number. ``pinned`` carries the number of the one to follow, or ``None`` to let go."""

    pinned = pyqtSignal(object)

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._thumbnails = Thumbnails(clock)
        self._pinned: int | None = None
        self._height = 1
        self._full_s = 0.0
        self.list = RowsView(texts.NO_OBJECTS)
        self.list.setAccessibleName(texts.OBJECTS)
        self.list.setAccessibleDescription(texts.OBJECTS_HINT)
        self.list.chosen.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.addWidget(self.list)
        fit_height(self.list, 1)

    def set_orientation(self, orientation: Orientation) -> None:
        """Turn and mirror the small pictures like the large one."""
        self._thumbnails.orientation = orientation

    def show_view(self, view: SessionView, pinned: int | None = None) -> None:
        """Show the objects of the newest labelled frame."""
        self._pinned = pinned
        labeled = view.labeled
        objects = () if labeled is None else labeled.objects
        pictures = {} if labeled is None else self._thumbnails.of(labeled)
        self.list.say_when_empty(texts.NO_PICTURE_NOW if view.is_gone and labeled is None else texts.NO_OBJECTS)
        ordered = sorted(objects, key=lambda item: item.track_id)
        self.list.rows.show_rows([self._row(item, pictures.get(item.track_id)) for item in ordered])
        self._fit(len(objects))

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

    def _fit(self, count: int) -> None:
        now_s = self._clock()
        if count >= self._height:
            self._full_s = now_s
        if count > self._height or now_s - self._full_s > _SHRINK_AFTER_S:
            self._height = max(1, count)
            fit_height(self.list, self._height)


def _blank() -> QPixmap:
    picture = QPixmap(1, 1)
    picture.fill()
    return picture
