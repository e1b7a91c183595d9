"""The states of a stand's screen."""

from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtWidgets import QWidget

from tests.screens.states import live
from tests.window.kiosk.fake_stand import celebration, dwell, kinds, stand_view
from video_labeler.frames import Frame
from video_labeler.kiosk.scene import Kind, Scene, StandView
from video_labeler.session.view import SessionView
from video_labeler.settings import KioskSettings
from video_labeler.sources.moving_picture import MovingPicture
from video_labeler.window.kiosk.card import CardView
from video_labeler.window.kiosk.exit_pad import ExitPad

BOOTH = KioskSettings(exhibitor="Musterwerke GmbH", line="Machines that see, since 1987")
_GALLERY = (Kind("Salt and pepper shakers", 12), Kind("Coffee cup", 3), *kinds(6))


def _shown() -> SessionView:
    """The live picture, captured just now."""
    view = live()
    assert view.labeled is not None
    frame = Frame(5, 1 / 6, MovingPicture(1280, 720).draw(5))
    return replace(view, newest=frame, labeled=replace(view.labeled, frame=frame))


STAGE_STATES: dict[str, Callable[[], StandView]] = {
    "attract": lambda: stand_view(Scene.ATTRACT, shown=_shown(), gallery=_GALLERY),
    "kiosk live": lambda: stand_view(shown=_shown(), dwell=dwell(), gallery=_GALLERY),
    "celebration": lambda: stand_view(shown=_shown(), celebration=celebration(age_s=1.0), gallery=_GALLERY),
    "again": lambda: stand_view(shown=_shown(), celebration=celebration(is_new=False, age_s=1.0), gallery=_GALLERY),
    "wait": lambda: stand_view(Scene.WAIT, shown=_shown(), gallery=_GALLERY),
    "trouble": lambda: stand_view(
        Scene.ATTRACT, shown=_shown(), trouble="No camera was found. Plug one in.", gallery=_GALLERY
    ),
    "replay saved": lambda: stand_view(shown=_shown(), notice="Saved what just happened.", gallery=()),
}


def pad(wrong: int = 0) -> QWidget:
    """The number pad, locked after the fifth wrong PIN."""
    ground = QWidget()
    made = ExitPad("2580", None, ground)
    made.setGeometry(0, 0, 480, 360)
    made.open()
    for _ in range(wrong):
        for digit in "1111":
            made.press(ord(digit), digit)
        made.press(0x01000004, "")
    return ground


def card() -> QWidget:
    """What is shown where the kiosk cannot run."""
    return CardView(BOOTH, "The models cannot be loaded: mobile_object_labeler_v1.tflite is damaged.")
