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
    """Where the labeler looks."""

    LOCALIZED = "localized"
    CENTER = "center"


class ScoreKind(StrEnum):
    """What a labeler's raw outputs are, and so what turns them into probabilities."""

    AUTO = "auto"
    PROBABILITY = "probability"
    SIGMOID = "sigmoid"
    SOFTMAX = "softmax"


class Theme(StrEnum):
    """How the window looks: as the desktop says, or always the same."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def _ranged(default: float | None, low: float, high: float) -> Any:
    return field(default=default, metadata={"range": (low, high)})


def _one_of(default: int, *choices: int) -> Any:
    return field(default=default, metadata={"choices": (default, *choices)})


class _Checked:
    """Refuses values of the wrong type or outside the range that the field declares."""

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
    """Which models speak: names, paths or handles; ``localizer`` may be ``none``.

    ``auto`` is the full model where its file is there, otherwise the basic one; nothing is downloaded for it.
    ``downloads`` allows to download a model that is named and not there, and to offer it.
    """

    model: str = "auto"
    localizer: str = "auto"
    labels_file: str | None = None
    scores: ScoreKind = ScoreKind.AUTO
    threads: int = _ranged(1, 1, 64)
    downloads: bool = True


@dataclass(frozen=True, slots=True)
class LabelingSettings(_Checked):
    """What is shown of what the models say.

    ``threshold`` is a confidence (0..1), 0.35 being the full labeler's own; ``localizer_threshold`` the score
    from which a box counts as an object (``None``: the localizer's own); ``top_k`` the number of labels an object
    carries at the most.
    """

    regions: RegionMode = RegionMode.LOCALIZED
    threshold: float = _ranged(0.35, 0.01, 1.0)
    localizer_threshold: float | None = _ranged(None, 0.01, 1.0)
    top_k: int = _ranged(3, 1, 631)
    max_objects: int = _ranged(5, 1, 50)


@dataclass(frozen=True, slots=True)
class LabelListSettings(_Checked):
    """Which labels may be said: names as the model writes them, in any case; each stands for its narrower labels too.

    ``only``: nothing but these, where there are any. ``hide``: never these, and what they head is not marked at all.
    """

    only: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not all(name.strip() for name in (*self.only, *self.hide)):
            raise SettingsError("The name of a label is empty: leave it out, or write one such as Bottle.")


@dataclass(frozen=True, slots=True)
class CameraSettings(_Checked):
    """What is asked of a camera; it may deliver something near. ``None``: its own default.

    ``longest_pause_s``: a network camera that has gone is tried again after pauses that grow up to this, in seconds;
    one of this computer is looked for every half second. ``frozen_after_s``: the same picture for so long, byte for
    byte, is said to stand still; ``black_after_s``: nothing but black for so long is said to be black (0: neither is
    said). ``silent_after_s``: a camera that has sent nothing for so long is opened again, one that was quick sooner
    (0: never). All hold for network streams, too. ``other_hosts``: what a stream or recording on the web names on other
    computers (where it was moved to, the parts of a playlist) is asked there.
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
    """How the window shows things, and where it puts what it saves.

    ``mirror`` swaps left and right, ``rotate`` turns the picture clockwise by degrees; neither changes a recording.
    ``smooth`` shows every new frame with the last labels where labelling is slower than the source.
    ``recordings_folder`` takes videos and snapshots; ``None``: the system's folder for videos. ``replay_s`` is how
    many seconds of what was shown can be saved afterwards; 0: none are kept.
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
    """A stand: what it shows beside the picture, how a visit goes, what may be kept, and when it is started anew.

    ``screen``: which screen, 1 being the first; 0: the main one. ``exhibitor``, ``line`` and ``logo`` (a picture
    file) fill the strip, ``invitation`` stands over the attract video, ``attract_video`` is a video file (``None``:
    the demo clip). ``idle_s``: without anything new for so long the attract video plays. ``dwell_s``: how long an
    object is held steady until its name is celebrated, for ``celebrate_s``. ``exit_pin``: digits to be typed after the
    exit keys, or their hash (empty: none). ``record`` keeps videos of the live picture, in files of ``record_minutes``
    that together stay below ``record_quota_gb``; ``keep_pictures`` keeps a picture of every thing that is celebrated,
    which together stay below ``picture_quota_gb``. Both go into the recordings folder of the window's settings.
    ``memory_limit_mb``: above it the kiosk is started anew.
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
        """Refuse what cannot be typed on a number pad, too."""
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
    """The values that a setting with a short list of them may have, the default first."""
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
