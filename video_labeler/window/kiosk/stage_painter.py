"""Paints the stage and the bars: their parts, and the order in which they are painted."""

from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QImage, QPainter

from video_labeler.frames import LabeledFrame
from video_labeler.kiosk.scene import Kind, Scene, StandView
from video_labeler.settings import KioskSettings
from video_labeler.window.kiosk import inks, texts
from video_labeler.window.kiosk.celebration import CelebrationShow
from video_labeler.window.kiosk.covers import (
    blurred,
    invitation_place,
    note_place,
    paint_invitation,
    paint_note,
    paint_tag,
    paint_wait,
    tag_place,
)
from video_labeler.window.kiosk.easing import progress, smooth
from video_labeler.window.kiosk.exhibitor_strip import ExhibitorStrip
from video_labeler.window.kiosk.gallery_strip import GalleryStrip
from video_labeler.window.kiosk.hero_caption import HeroCaption
from video_labeler.window.kiosk.layout import Layout
from video_labeler.window.kiosk.marks import paint_marks, paint_ring, place_of, ring_place
from video_labeler.window.kiosk.picture_feed import Shot
from video_labeler.window.kiosk.round_pictures import RoundPictures
from video_labeler.window.picture.placement import around, picture_rect

_WORDS_FADE_S = 0.25
_TAG_MARGIN = 2.2

_SHOWN_S = 5.0


class Note:
    """Shows the last sentence for its time."""

    def __init__(self) -> None:
        self._said = ""
        self._text = ""
        self._since_s = 0.0

    def show(self, text: str, now_s: float) -> None:
        """Set the current sentence, which may be empty."""
        if text and text != self._said:
            self._text, self._since_s = text, now_s
        self._said = text

    def is_on(self, now_s: float) -> bool:
        """Whether a sentence is shown, or must be removed."""
        return bool(self._text) and now_s - self._since_s < _SHOWN_S + 0.1

    def text(self, now_s: float) -> str:
        """The sentence to show now."""
        return self._text if now_s - self._since_s < _SHOWN_S else ""


class StagePainter:
    """Holds the parts of the stage, each of which knows what it shows and how it moves."""

    def __init__(self, settings: KioskSettings) -> None:
        pictures = RoundPictures()
        self.strip = ExhibitorStrip(settings)
        self._settings = settings
        self._gallery = GalleryStrip(pictures)
        self._celebration = CelebrationShow(pictures, settings.celebrate_s)
        self._hero = HeroCaption()
        self._note = Note()
        self._view: StandView | None = None
        self._kinds: tuple[Kind, ...] = ()
        self._ring = 0.0
        self._cover: QImage | None = None
        self._covered_s: float | None = None

    def take(self, view: StandView, now_s: float) -> bool:
        """Take the stand's view, and return whether the bars have changed."""
        self._view = view
        self._hero.show(view.hero if view.scene is Scene.LIVE else None, now_s)
        self._celebration.show(view.celebration)
        self._note.show(view.notice, now_s)
        share = 0.0 if view.dwell is None else view.dwell.share
        # A new ring starts at its object; an existing one follows without jumps.
        self._ring += (share - self._ring) * (0.5 if view.dwell is not None else 1.0)
        # The celebrated object joins the gallery when it lands there.
        if self._celebration.is_on(now_s) or _look_alike(view.gallery, self._kinds):
            return False
        self._kinds = view.gallery
        return True

    def forget_cover(self) -> None:
        """Make a new cover for another size."""
        self._cover = None

    def is_moving(self, now_s: float) -> bool:
        """Whether the stage of a live picture is changing; the other scenes always are."""
        view = self._view
        ring = view is not None and view.dwell is not None
        return ring or any(part.is_on(now_s) for part in (self._celebration, self._note)) or self._hero.is_moving(now_s)

    def is_flying(self, now_s: float) -> bool:
        """Whether something is flying from the stage into the gallery."""
        return self._celebration.is_flying(now_s)

    def paint(
        self, painter: QPainter, dirty: QRectF, layout: Layout, shot: Shot | None, scene: Scene, now_s: float
    ) -> None:
        """Paint the stage in that scene, and the bars where ``dirty`` reaches them; ``shot`` is the last picture."""
        if not layout.stage.contains(dirty):
            self._paint_bars(painter, layout)
        celebrating = self._celebration.is_on(now_s)
        painter.setClipRect(layout.stage)
        if scene is Scene.WAIT or shot is None:
            self._paint_cover(painter, layout, shot, now_s, with_words=not celebrating)
        else:
            self._cover = self._covered_s = None
            self._paint_picture(painter, layout, shot, now_s, live=scene is Scene.LIVE, celebrating=celebrating)
        painter.setClipping(False)
        if celebrating and self._view is not None:
            landing = self._gallery.landing(layout, len(self._view.gallery))
            self._celebration.paint(painter, layout.stage, layout.unit, landing, now_s)
        if scene is not Scene.WAIT and shot is not None:
            text, colour = (texts.LIVE, inks.LIVE) if scene is Scene.LIVE else (texts.DEMO, inks.DEMO)
            target = _target(shot, layout, _ratio(painter))
            paint_tag(painter, _tag_corner(target, layout.unit), layout.unit, text, colour)
        self._paint_notes(painter, layout, layout.stage if shot is None else _column(shot, layout, painter), now_s)

    def _paint_bars(self, painter: QPainter, layout: Layout) -> None:
        for bar in (layout.strip, layout.gallery):
            painter.fillRect(bar, inks.BAR)
        line = max(1.0, layout.unit / 6)
        painter.fillRect(QRectF(0, layout.gallery.top(), layout.stage.width(), line), inks.EDGE)
        if layout.upright and not layout.strip.isEmpty():
            painter.fillRect(QRectF(0, layout.stage.top() - line, layout.stage.width(), line), inks.EDGE)
        self.strip.paint(painter, layout.strip, layout.unit)
        self._gallery.paint(painter, layout, self._kinds)

    def _paint_picture(
        self, painter: QPainter, layout: Layout, shot: Shot, now_s: float, *, live: bool, celebrating: bool
    ) -> None:
        target = _target(shot, layout, _ratio(painter))
        for bar in around(layout.stage, target):
            painter.fillRect(bar, inks.STAGE)
        painter.drawImage(target, shot.image)
        column = _column(shot, layout, painter)
        tag = tag_place(_tag_corner(target, layout.unit), layout.unit, texts.LIVE if live else texts.DEMO)
        taken = [tag, *self._places_of_notes(column, layout.unit, now_s)]
        if not live:
            invitation = self._settings.invitation.strip()
            if shot.labeled is not None:
                taken.append(invitation_place(column, layout.unit, invitation))
                paint_marks(painter, shot.labeled, target, layout.unit, None, taken)
            paint_invitation(painter, column, layout.unit, invitation, now_s)
        elif not celebrating:
            if shot.labeled is not None:
                taken.append(self._hero.place(column, layout.unit, now_s))
                self._paint_labels(painter, shot.labeled, target, layout.unit, taken)
            self._hero.paint(painter, column, layout.unit, now_s)

    def _paint_labels(
        self, painter: QPainter, labeled: LabeledFrame, target: QRectF, unit: float, taken: Sequence[QRectF]
    ) -> None:
        hero = None if self._view is None else self._view.hero
        dwell = None if self._view is None else self._view.dwell
        place = None if dwell is None else place_of(labeled, dwell.track_id, target)
        ring = [] if place is None else [ring_place(place, target, unit, taken)]
        paint_marks(painter, labeled, target, unit, None if hero is None else hero.track_id, [*taken, *ring])
        for each in ring:
            paint_ring(painter, each, unit, self._ring)

    def _paint_cover(
        self, painter: QPainter, layout: Layout, shot: Shot | None, now_s: float, *, with_words: bool
    ) -> None:
        painter.fillRect(layout.stage, inks.STAGE)
        if self._covered_s is None:
            self._covered_s = now_s
        if shot is not None:
            target = _target(shot, layout, _ratio(painter))
            if self._cover is None:
                self._cover = blurred(shot.image, target.size().toSize())
            painter.drawImage(target, self._cover)
        if with_words:
            opacity = smooth(progress(now_s, self._covered_s, _WORDS_FADE_S))
            paint_wait(painter, layout.stage, layout.unit, now_s, opacity)

    def _paint_notes(self, painter: QPainter, layout: Layout, column: QRectF, now_s: float) -> None:
        trouble, said = self._trouble, self._note.text(now_s)
        paint_note(painter, column, layout.unit, trouble, inks.DEMO)
        paint_note(painter, column, layout.unit, said, inks.TEXT, row=1 if trouble else 0)

    def _places_of_notes(self, column: QRectF, unit: float, now_s: float) -> list[QRectF]:
        trouble, said = self._trouble, self._note.text(now_s)
        return [note_place(column, unit, trouble), note_place(column, unit, said, row=1 if trouble else 0)]

    @property
    def _trouble(self) -> str:
        return "" if self._view is None else self._view.trouble


def _tag_corner(target: QRectF, unit: float) -> QPointF:
    """The upper left corner of the tag that says whether the picture at ``target`` is live."""
    return target.topLeft() + QPointF(_TAG_MARGIN * unit, _TAG_MARGIN * unit)


def _target(shot: Shot, layout: Layout, ratio: float) -> QRectF:
    """The rectangle of the picture."""
    stage = layout.stage
    place = picture_rect(shot.picture.order.size, stage.size().toSize(), ratio)
    return place.translated(stage.topLeft())


def _column(shot: Shot, layout: Layout, painter: QPainter) -> QRectF:
    """The part of the stage as wide as the picture: text is over it, or below it on portrait screens."""
    target = _target(shot, layout, _ratio(painter))
    return QRectF(target.left(), layout.stage.top(), target.width(), layout.stage.height())


def _ratio(painter: QPainter) -> float:
    device = painter.device()
    return device.devicePixelRatioF() if device is not None else 1.0


def _look_alike(kinds: tuple[Kind, ...], others: tuple[Kind, ...]) -> bool:
    return len(kinds) == len(others) and all(
        kind.name == other.name and kind.picture is other.picture for kind, other in zip(kinds, others, strict=True)
    )
