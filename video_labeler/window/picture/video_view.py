"""The live picture: shows a session's frames with their labels, sharp on every screen."""

from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRect, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QShowEvent,
)
from PyQt6.QtWidgets import QFrame, QSizePolicy, QWidget

from video_labeler.frames import Box
from video_labeler.overlay.drawing import Figures
from video_labeler.session.view import SessionView
from video_labeler.settings import RegionMode
from video_labeler.window import texts
from video_labeler.window.look.colours import STAGE
from video_labeler.window.picture.orientation import Orientation
from video_labeler.window.picture.paint_meter import PaintFigures, PaintMeter
from video_labeler.window.picture.picture_choice import PictureChoice, PictureChooser
from video_labeler.window.picture.picture_painter import PaintOrder, Picture, PicturePainter
from video_labeler.window.picture.placement import around, box_in, fitted_size, picture_rect, placed_box

_STAGE = QColor(STAGE)
_DIM = QColor(0, 0, 0, 150)

_DARK, _LIGHT = QColor(0, 0, 0, 170), QColor(255, 255, 255)
_OUTSIDE = QColor(0, 0, 0, 90)

_RING_INSET, _RING_ROOM = 6.0, 40.0


def draw_pin(painter: QPainter, place: QRectF) -> None:
    """A ring inside the box of the pinned object, clear of its caption and visible on any background."""
    inset = _RING_INSET if min(place.width(), place.height()) > _RING_ROOM else -_RING_INSET
    ring = place.adjusted(inset, inset, -inset, -inset)
    for colour, width in ((_DARK, 6.0), (_LIGHT, 2.5)):
        painter.setPen(QPen(colour, width))
        painter.drawRoundedRect(ring, 5, 5)


def draw_reticle(painter: QPainter, picture: QRectF, part: QRectF) -> None:
    """The ``part`` in the middle of a picture that is labelled: the rest darker, its corners marked."""
    for bar in around(picture, part):
        painter.fillRect(bar, _OUTSIDE)
    reach = min(part.width(), part.height()) / 12
    inner = part.adjusted(3, 3, -3, -3)
    for colour, width in ((_DARK, 5.0), (_LIGHT, 2.5)):
        painter.setPen(QPen(colour, width, cap=Qt.PenCapStyle.FlatCap))
        for x, step_x in ((inner.left(), reach), (inner.right(), -reach)):
            for y, step_y in ((inner.top(), reach), (inner.bottom(), -reach)):
                painter.drawPolyline(QPolygonF([QPointF(x + step_x, y), QPointF(x, y), QPointF(x, y + step_y)]))


class VideoView(QFrame):
    """Shows the newest labelled frame of each :class:`SessionView` that it is given.

    ``pinned``: the track id of a clicked object, ``None`` for a click outside all objects.
    ``play_toggled``: Space was pressed. ``full_screen_toggled``: a double click. It is a frame because a plain widget
    has no role that a screen reader knows.
    """

    pinned = pyqtSignal(object)
    play_toggled = pyqtSignal()
    full_screen_toggled = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 90)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(texts.VIDEO_VIEW)
        self.setAccessibleDescription(texts.VIDEO_VIEW_DESCRIPTION)
        self._chooser = PictureChooser()
        self._painter = PicturePainter(self)
        self._painter.finished.connect(self._take)
        self._meter = PaintMeter()
        self._source: str | None = None
        self._choice: PictureChoice | None = None
        self._picture: Picture | None = None
        self._ordered: PaintOrder | None = None
        self._busy = False
        self._orientation = Orientation()
        self._centre_crop = False
        self._frozen = False
        self._dimmed = False
        self._figures_shown = True
        self._pinned_track: int | None = None
        self._covered: tuple[QRect, ...] = ()

    def show_view(self, view: SessionView) -> None:
        """Take the session's view; repaints only if something is new. Call it at the display's rate."""
        if view.source != self._source:
            self._source = view.source
            self._forget()
        self._set(centre_crop=view.labeling.regions is RegionMode.CENTER)
        if not self._frozen:
            choice = self._chooser.choose(view)
            if choice is not None:
                self._choice = choice
        self._order()

    @property
    def has_picture(self) -> bool:
        """Whether a picture is shown."""
        return self._picture is not None

    @property
    def figures(self) -> PaintFigures:
        """The figures of painting."""
        return self._meter.figures

    @property
    def orientation(self) -> Orientation:
        """How the picture is rotated and mirrored."""
        return self._orientation

    def set_orientation(self, orientation: Orientation) -> None:
        """Rotate and mirror the picture; labels stay readable."""
        self._orientation = orientation
        self._order()

    def set_smooth(self, smooth: bool) -> None:
        """Show the newest frame with the last labels if labelling is slower than the camera."""
        self._chooser.smooth = smooth

    def set_figures_shown(self, shown: bool) -> None:
        """Show the rate in the corner."""
        self._figures_shown = shown
        self._order()

    def set_covered(self, places: Sequence[QRect]) -> None:
        """Keep captions and figures clear of these parts of the widget, which something else covers."""
        if tuple(places) != self._covered:
            self._covered = tuple(places)
            self._order()

    @property
    def shown(self) -> PictureChoice | None:
        """What is shown now."""
        return None if self._picture is None else self._picture.order.choice

    @property
    def frozen(self) -> bool:
        """Whether the picture is frozen."""
        return self._frozen

    def set_frozen(self, frozen: bool) -> None:
        """Freeze the current picture, while everything else continues."""
        self._frozen = frozen
        # One that is being painted is not shown yet, and must not appear.
        if frozen and self._picture is not None:
            self._choice = self._picture.order.choice
            self._order()

    @property
    def dimmed(self) -> bool:
        """Whether the picture is the last one of a source that has stopped."""
        return self._dimmed

    def set_dimmed(self, dimmed: bool) -> None:
        """Darken the last picture, under a card."""
        self._set(dimmed=dimmed)

    def set_pinned(self, track_id: int | None) -> None:
        """Mark the object with that track id; ``None`` marks none."""
        self._set(pinned_track=track_id)

    def close_painter(self) -> None:
        """End the painting thread; nothing can be shown after that."""
        self._painter.finished.disconnect(self._take)
        self._busy = True
        self._painter.close()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A common picture size."""
        return QSize(960, 540)

    def _set(self, **values: object) -> None:
        for name, value in values.items():
            if getattr(self, f"_{name}") != value:
                setattr(self, f"_{name}", value)
                self.update()

    def _forget(self) -> None:
        self._choice = self._picture = self._ordered = None
        self._pinned_track = None
        self._frozen = False
        self._meter.restart()
        self.update()

    def _order(self) -> None:
        """Order a picture, if it would differ from the current one and the painter is free."""
        if self._busy or self._choice is None or not self.isVisible():
            return
        size = self._picture_size()
        covered, ratio = self._covered_parts(size), self.devicePixelRatioF()
        order = PaintOrder(self._choice, size, self._orientation, self._corner_figures(), covered, ratio)
        if self._ordered is not None and _looks_alike(order, self._ordered):
            return
        self._ordered = order
        self._busy = True
        self._painter.paint(order)

    def _picture_size(self) -> tuple[int, int]:
        assert self._choice is not None
        shape = self._orientation.size(*self._choice.frame.shown_size)
        return fitted_size(*shape, self.size(), self.devicePixelRatioF())

    def _covered_parts(self, size: tuple[int, int]) -> tuple[Box, ...]:
        """What is covered of a picture of that size, in its pixels."""
        target = picture_rect(size, self.size(), self.devicePixelRatioF())
        scale = size[0] / target.width()
        parts = [QRectF(each).intersected(target) for each in self._covered]
        return tuple(box_in(part, target, scale) for part in parts if not part.isEmpty())

    def _corner_figures(self) -> Figures | None:
        if not self._figures_shown or self._choice is None or self._choice.labeled is None:
            return None
        rate = self._meter.figures.rate
        return Figures(rate, self._choice.label_age_s) if rate > 0 else None

    def _take(self, picture: Picture | None) -> None:
        self._busy = False
        if picture is not None and self._choice is not None:
            self._picture = picture
            self.update()
            self._order()

    def _target(self) -> QRectF:
        """The rectangle of the picture, in the widget's units."""
        assert self._picture is not None
        return picture_rect(self._picture.order.size, self.size(), self.devicePixelRatioF())

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Paint the picture, and mark the pinned object."""
        painter = QPainter(self)
        if self._picture is None:
            painter.fillRect(self.rect(), _STAGE)
            return
        target = self._target()
        for bar in around(QRectF(self.rect()), target):
            painter.fillRect(bar, _STAGE)
        painter.drawImage(target, self._picture.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_marks(painter, target)
        if self._dimmed:
            painter.fillRect(target, _DIM)
        frame = self._picture.order.choice.frame
        self._meter.paint(frame.index, frame.captured_s)

    def _draw_marks(self, painter: QPainter, target: QRectF) -> None:
        """Mark the part that is labelled, and ring the pinned object, behind the captions."""
        assert self._picture is not None
        pinned = [place for track_id, place in self._places() if track_id == self._pinned_track]
        if not pinned and not self._centre_crop:
            return
        scale = target.width() / self._picture.order.size[0]
        words = QPainterPath()
        for caption in self._picture.captions:
            words.addRect(placed_box(caption, target, scale))
        whole = QPainterPath()
        whole.addRect(target)
        painter.save()
        painter.setClipPath(whole.subtracted(words))
        if self._centre_crop:
            draw_reticle(painter, target, self._labelled_part(target))
        for place in pinned:
            draw_pin(painter, place)
        painter.restore()

    def _labelled_part(self, target: QRectF) -> QRectF:
        """The square of pixels in the middle that is labelled, which is not square on the screen if the pixels are
        not.
        """
        assert self._picture is not None
        frame = self._picture.order.choice.frame
        width, height = self._orientation.size(frame.width, frame.height)
        side = min(width, height)
        part = QRectF(0, 0, target.width() * side / width, target.height() * side / height)
        part.moveCenter(target.center())
        return part

    def _places(self) -> list[tuple[int, QRectF]]:
        """The track ids and rectangles of the objects in this widget."""
        if self._picture is None:
            return []
        target = self._target()
        scale = target.width() / self._picture.order.size[0]
        return [(track_id, placed_box(box, target, scale)) for track_id, box in self._picture.places]

    def track_at(self, point: QPointF) -> int | None:
        """The track id of the smallest object under a point of this widget; ``None`` if there is none."""
        # The last picture of a source that is gone is out of date.
        if self._dimmed and not self._frozen:
            return None
        hits = [(place.width() * place.height(), track) for track, place in self._places()
                if place.contains(point)]  # fmt: skip
        return min(hits)[1] if hits else None

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Pin the clicked object."""
        if event is not None and event.button() is Qt.MouseButton.LeftButton:
            self.pinned.emit(self.track_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Show by the pointer what can be clicked."""
        if event is not None:
            over = self.track_at(event.position()) is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Toggle full screen, outside the objects."""
        if event is not None and self.track_at(event.position()) is None:
            self.full_screen_toggled.emit()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Space plays and pauses."""
        if event is not None and event.key() == Qt.Key.Key_Space:
            self.play_toggled.emit()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802 - Qt's name
        """Make a picture, which was not needed while hidden."""
        super().showEvent(event)
        self._order()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Make the picture at the new size."""
        super().resizeEvent(event)
        self._order()


def _looks_alike(order: PaintOrder, other: PaintOrder) -> bool:
    """Whether both orders give the same picture, apart from the figures, which alone are not worth a repaint."""
    return (
        order.choice.shows_the_same(other.choice)
        and order.size == other.size
        and order.orientation == other.orientation
        and (order.figures is None) is (other.figures is None)
        and order.covered == other.covered
        and order.ratio == other.ratio
    )
