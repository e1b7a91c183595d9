"""Provides the shown session's pictures at the size of the stage, and knows which of them are live."""

from dataclasses import dataclass

from PyQt6.QtCore import QObject, QSize, pyqtSignal
from PyQt6.QtGui import QImage

from video_labeler.frames import Frame, LabeledFrame
from video_labeler.kiosk.scene import Scene, StandView
from video_labeler.window.picture.picture_choice import PictureChoice, PictureChooser
from video_labeler.window.picture.picture_painter import PaintOrder, Picture, PicturePainter
from video_labeler.window.picture.placement import fitted_size


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture ready for the screen. ``live``: it is the camera's, else the attract video's."""

    picture: Picture
    labeled: LabeledFrame | None
    live: bool

    @property
    def frame(self) -> Frame:
        """The frame that the picture was made from."""
        return self.picture.order.choice.frame

    @property
    def image(self) -> QImage:
        """The picture in device pixels."""
        return self.picture.image

    def age_s(self, now_s: float) -> float:
        """Seconds since the capture."""
        return now_s - self.frame.captured_s


class PictureFeed(QObject):
    """Prepares one picture at a time, always the newest. ``changed``: another one is in :attr:`shot`."""

    changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._painter = PicturePainter(self)
        self._painter.finished.connect(self._take)
        self._chooser = PictureChooser()
        self._wanted: tuple[PictureChoice, bool] | None = None
        self._making: tuple[PictureChoice, bool] | None = None
        self._made: tuple[PictureChoice, tuple[int, int]] | None = None
        self._room = QSize(1, 1)
        self._ratio = 1.0
        self.shot: Shot | None = None

    def show_view(self, view: StandView, room: QSize, ratio: float) -> None:
        """Prepare the newest picture of ``view`` for a stage of that size, with ``ratio`` device pixels per unit."""
        self._room, self._ratio = room, ratio
        if view.scene is not Scene.WAIT:
            choice = self._chooser.choose(view.shown)
            if choice is not None:
                self._wanted = choice, view.scene is Scene.LIVE
        self._order()

    def close(self) -> None:
        """End the painting thread."""
        self._painter.finished.disconnect(self._take)
        self._making = self._wanted
        self._painter.close()

    def _order(self) -> None:
        if self._making is not None or self._wanted is None or self._room.isEmpty():
            return
        choice = self._wanted[0]
        size = fitted_size(*choice.frame.shown_size, self._room, self._ratio)
        if self._made is not None and self._made[1] == size and choice.shows_the_same(self._made[0]):
            return
        self._made = choice, size
        self._making = self._wanted
        # The stage paints boxes and captions itself, so that rings move smoothly between frames.
        self._painter.paint(PaintOrder(PictureChoice(choice.frame, None), size))

    def _take(self, picture: Picture | None) -> None:
        made, self._making = self._making, None
        if picture is not None and made is not None:
            self.shot = Shot(picture, made[0].labeled, made[1])
            self.changed.emit()
        self._order()
