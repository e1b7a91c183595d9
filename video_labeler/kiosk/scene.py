"""What a stand shows now: plain values that the kiosk's window reads on a timer."""

from dataclasses import dataclass, field
from enum import Enum

from video_labeler.frames import Prediction
from video_labeler.pixels import Image
from video_labeler.session.view import SessionView

LIVE_LIMIT_S = 0.5
"""A frame older than this is never shown as live."""

FRESH_S = LIVE_LIMIT_S - 0.2
"""The greatest age at which a frame is shown or left on the screen as live: the rest is for painting it."""


class Scene(Enum):
    """What fills the screen."""

    ATTRACT = "attract"
    """The attract video, with labels and an invitation."""
    LIVE = "live"
    """The camera's current picture."""
    WAIT = "wait"
    """No fresh frame for a moment: a calm cover instead of a picture that is not live."""


@dataclass(frozen=True, slots=True)
class Hero:
    """The most prominent object of the picture; ``broader`` names its broader labels, the nearest first."""

    track_id: int
    name: str
    confidence: float
    broader: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dwell:
    """How long an object has been held steady, as a share (0..1) of the time needed."""

    track_id: int
    share: float


@dataclass(frozen=True, slots=True)
class Celebration:
    """An object that was held long enough: its name is shown large for a moment, from ``since_s`` (monotonic) on.

    ``is_new``: the first of its kind today; ``kinds`` is how many there are now. ``picture``: the object, RGB.
    """

    prediction: Prediction
    since_s: float
    is_new: bool
    kinds: int
    picture: Image | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of object that was celebrated today, how often, and a small picture of the last one (RGB) if kept."""

    name: str
    count: int
    picture: Image | None = None


@dataclass(frozen=True, slots=True)
class StandView:
    """Everything that the kiosk's window shows.

    ``shown``: the session whose picture fills the screen (the camera's in ``LIVE``, the video's in ``ATTRACT``).
    ``gallery``: the kinds of today, the newest first. ``trouble``: a short sentence for the staff in small letters,
    such as that the camera is missing; empty where all is well. ``notice``: a sentence to be shown for a few seconds
    (a replay was saved), empty where there is none.
    """

    scene: Scene
    shown: SessionView
    hero: Hero | None = None
    dwell: Dwell | None = None
    celebration: Celebration | None = None
    gallery: tuple[Kind, ...] = field(default_factory=tuple)
    trouble: str = ""
    notice: str = ""
