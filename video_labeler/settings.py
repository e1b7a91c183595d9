"""All settings, typed, with their defaults and ranges."""

import dataclasses
import math
import typing
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from video_labeler.errors import SettingsError
from video_labeler.stored_pin import is_stored_pin


class RegionMode(StrEnum):
    """Which regions the labeler looks at."""

    LOCALIZED = "localized"
    CENTER = "center"


class Effort(StrEnum):
    """How often the networks are asked about a video: in every frame, or where there may be news."""

    FULL = "full"
    BALANCED = "balanced"
    LIGHT = "light"


class ScoreKind(StrEnum):
    """What a labeler's raw outputs are, which decides how they become probabilities."""

    AUTO = "auto"
    PROBABILITY = "probability"
    SIGMOID = "sigmoid"
    SOFTMAX = "softmax"


class Theme(StrEnum):
    """The colours of the window: those of the desktop, or always the same."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def _ranged(default: float | None, low: float, high: float) -> Any:
    return field(default=default, metadata={"range": (low, high)})


def _one_of(default: int, *choices: int) -> Any:
    return field(default=default, metadata={"choices": (default, *choices)})


class _Checked:
    """Validates each value against the type and the range that its field declares."""

    def __post_init__(self) -> None:
        for item in dataclasses.fields(typing.cast("Any", self)):
            value = getattr(self, item.name)
            choices = item.metadata.get("choices")
            if choices is not None and (isinstance(value, bool) or value not in choices):
                raise SettingsError(f"{item.name} must be one of {', '.join(map(str, choices))}, not {value!r}.")
            limits = item.metadata.get("range")
            if limits is None or value is None:
                continue
            low, high = limits
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise SettingsError(f"{item.name} must be a number from {low:g} to {high:g}, not {value!r}.")
            if not low <= value <= high:
                raise SettingsError(f"{item.name} must be from {low:g} to {high:g}, not {value:g}.")


@dataclass(frozen=True, slots=True)
class ModelSettings(_Checked):
    """Which models to use: names, paths or handles; ``localizer`` may be ``none``.

    ``auto`` is the full model if its file exists, otherwise the basic one; nothing is downloaded for it.
    ``downloads`` allows downloading a model that is named and missing, and offering to do so.
    """

    model: str = "auto"
    localizer: str = "auto"
    labels_file: str | None = None
    scores: ScoreKind = ScoreKind.AUTO
    threads: int = _ranged(1, 1, 64)
    downloads: bool = True


@dataclass(frozen=True, slots=True)
class LabelingSettings(_Checked):
    """Which of the models' results are shown.

    ``threshold`` is a confidence (0..1), 0.35 being the full labeler's own; ``localizer_threshold`` the score
    from which a box counts as an object (``None``: the localizer's own); ``top_k`` the number of labels an object
    carries at most. ``effort`` decides how often the models are run on a video; pictures always get all of it.
    """

    regions: RegionMode = RegionMode.LOCALIZED
    threshold: float = _ranged(0.35, 0.01, 1.0)
    localizer_threshold: float | None = _ranged(None, 0.01, 1.0)
    top_k: int = _ranged(3, 1, 631)
    max_objects: int = _ranged(5, 1, 50)
    effort: Effort = Effort.BALANCED


@dataclass(frozen=True, slots=True)
class LabelListSettings(_Checked):
    """Which labels may be shown: names as the model writes them, in any case; each includes its narrower labels.

    ``only``: if there are any, only these. ``hide``: never these, and objects that they head are not marked at all.
    """

    only: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not all(name.strip() for name in (*self.only, *self.hide)):
            raise SettingsError("The name of a label is empty: remove it, or write one such as Bottle.")


@dataclass(frozen=True, slots=True)
class CameraSettings(_Checked):
    """What is requested of a camera, which may deliver something close to it. ``None``: its default.

    ``longest_pause_s``: a network camera that is gone is retried after pauses that grow up to this, in seconds;
    a local one is looked for every half second. ``frozen_after_s``: a picture that stays identical for this long
    is reported as frozen; ``black_after_s``: one that stays black for this long is reported as black (0: neither is
    reported). ``silent_after_s``: a camera that has sent nothing for this long is reopened, a fast one sooner
    (0: never). All apply to network streams, too. ``other_hosts``: whether a stream or recording on the web may refer
    to other computers (by a redirect or in a playlist).
    """

    width: int | None = _ranged(1280, 16, 16384)
    height: int | None = _ranged(720, 16, 16384)
    rate: float | None = _ranged(30.0, 0.1, 1000.0)
    longest_pause_s: float = _ranged(5.0, 0.1, 60.0)
    frozen_after_s: float = _ranged(10.0, 0.0, 3600.0)
    black_after_s: float = _ranged(5.0, 0.0, 3600.0)
    silent_after_s: float = _ranged(15.0, 0.0, 3600.0)
    other_hosts: bool = False


@dataclass(frozen=True, slots=True)
class WindowSettings(_Checked):
    """How the window shows pictures, and where it saves files.

    ``mirror`` swaps left and right, ``rotate`` turns the picture clockwise by degrees; neither changes a recording.
    ``smooth`` shows every new frame with the last labels where labelling is slower than the source.
    ``recordings_folder`` takes videos and snapshots; ``None``: the system's folder for videos. ``replay_s`` is how
    many seconds of what was shown can be saved afterwards; 0: none.
    """

    mirror: bool = False
    rotate: int = _one_of(0, 90, 180, 270)
    smooth: bool = False
    theme: Theme = Theme.SYSTEM
    recordings_folder: str | None = None
    panel_open: bool = True
    replay_s: int = _ranged(30, 0, 300)


@dataclass(frozen=True, slots=True)
class KioskSettings(_Checked):
    """A stand: what it shows beside the picture, how a visit proceeds, what may be saved, and when it restarts.

    ``screen``: which screen, 1 being the first; 0: the main one. ``exhibitor``, ``line`` and ``logo`` (a picture
    file) fill the strip, ``invitation`` stands over the attract video, ``attract_video`` is a video file (``None``:
    the demo clip). ``idle_s``: after this long without anything new the attract video plays. ``dwell_s``: how long an
    object is held steady until its name is celebrated, for ``celebrate_s``. ``exit_pin``: digits to be typed after the
    exit keys, or their hash (empty: none). ``record`` keeps videos of the live picture, in files of ``record_minutes``
    that together stay below ``record_quota_gb``; ``keep_pictures`` keeps a picture of every object that is celebrated,
    which together stay below ``picture_quota_gb``. Both go into the recordings folder of the window's settings.
    ``memory_limit_mb``: above it the kiosk restarts.
    """

    screen: int = _ranged(0, 0, 16)
    exhibitor: str = ""
    line: str = ""
    logo: str | None = None
    invitation: str = "Hold something up to the camera"
    attract_video: str | None = None
    idle_s: float = _ranged(30.0, 3.0, 3600.0)
    dwell_s: float = _ranged(1.5, 0.3, 10.0)
    celebrate_s: float = _ranged(3.0, 0.5, 30.0)
    exit_pin: str = ""
    record: bool = False
    record_minutes: float = _ranged(10.0, 0.1, 240.0)
    record_quota_gb: float = _ranged(20.0, 0.01, 10000.0)
    keep_pictures: bool = False
    picture_quota_gb: float = _ranged(2.0, 0.01, 10000.0)
    memory_limit_mb: float = _ranged(1500.0, 200.0, 100000.0)

    def __post_init__(self) -> None:
        """Also check that the PIN can be typed on a number pad."""
        _Checked.__post_init__(self)
        if self.exit_pin and not is_stored_pin(self.exit_pin):
            raise SettingsError("exit_pin must be up to 12 digits, such as 2580, or empty.")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, section by section as in the settings file."""

    models: ModelSettings = field(default_factory=ModelSettings)
    labeling: LabelingSettings = field(default_factory=LabelingSettings)
    camera: CameraSettings = field(default_factory=CameraSettings)
    window: WindowSettings = field(default_factory=WindowSettings)
    labels: LabelListSettings = field(default_factory=LabelListSettings)
    kiosk: KioskSettings = field(default_factory=KioskSettings)


def range_of(kind: type[_Checked], name: str) -> tuple[float, float]:
    """The lowest and highest value that a setting may have."""
    low, high = _field(kind, name).metadata["range"]
    return low, high


def choices_of(kind: type[_Checked], name: str) -> tuple[int, ...]:
    """The values that a setting with a fixed choice may have, the default first."""
    choices: tuple[int, ...] = _field(kind, name).metadata["choices"]
    return choices


def _field(kind: type[_Checked], name: str) -> dataclasses.Field[Any]:
    return next(item for item in dataclasses.fields(typing.cast("Any", kind)) if item.name == name)


def with_changes(settings: Settings, before: Settings, after: Settings) -> Settings:
    """The settings with every value in which ``after`` differs from ``before``."""
    sections = {}
    for section in fields(Settings):
        old, new = getattr(before, section.name), getattr(after, section.name)
        values = {
            item.name: getattr(new, item.name)
            for item in fields(new)
            if getattr(new, item.name) != getattr(old, item.name)
        }
        if values:
            sections[section.name] = replace(getattr(settings, section.name), **values)
    return replace(settings, **sections)
