"""All settings, typed, with their defaults and ranges; loaded from and saved to TOML."""

import dataclasses
import math
import tomllib
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar

from video_labeler.errors import SettingsError

T = TypeVar("T")

_UNSET = "unset"
"""Written where a setting has a default but was given up, since TOML knows no empty value."""


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

    ``auto`` is the published model where its file is there, otherwise the built-in one; nothing is downloaded for it.
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

    ``threshold`` is a confidence (0..1), 0.35 being the published labeler's own; ``localizer_threshold`` the score
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

    ``longest_pause_s``: one that has gone is tried again after pauses that grow up to this, in seconds.
    """

    width: int | None = _ranged(1280, 16, 16384)
    height: int | None = _ranged(720, 16, 16384)
    rate: float | None = _ranged(30.0, 0.1, 1000.0)
    longest_pause_s: float = _ranged(5.0, 0.1, 60.0)


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
    exit keys (empty: none). ``record`` keeps videos of the live picture, in files of ``record_minutes`` that together
    stay below ``record_quota_gb``; ``keep_pictures`` keeps a picture of every thing that is celebrated. Both go into
    the recordings folder of the window's settings. ``memory_limit_mb``: above it the kiosk is started anew.
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
    memory_limit_mb: float = _ranged(1500.0, 200.0, 100000.0)

    def __post_init__(self) -> None:
        """Refuse what cannot be typed on a number pad, too."""
        _Checked.__post_init__(self)
        if self.exit_pin and not (self.exit_pin.isdecimal() and self.exit_pin.isascii() and len(self.exit_pin) <= 12):
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


def load_settings(path: Path) -> Settings:
    """Read a settings file (TOML); what it leaves out keeps its default.

    Raises:
        SettingsError: it cannot be read, or holds an unknown name or a value outside its range.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"Cannot read the settings file {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} is not valid TOML: {error}.") from error
    try:
        return _section(Settings, content)
    except SettingsError as error:
        raise SettingsError(f"In the settings file {path}: {error}") from error


def save_settings(settings: Settings, path: Path) -> None:
    """Write all settings to a TOML file, which is either complete or untouched.

    Raises:
        SettingsError: it cannot be written.
    """
    import tomli_w

    sections = {item.name: getattr(settings, item.name) for item in dataclasses.fields(settings)}
    content = {name: dict(_written(section)) for name, section in sections.items()}
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(tomli_w.dumps(content), encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise SettingsError(f"Cannot write the settings file {path}: {error.strerror}.") from error


def _written(section: Any) -> Iterator[tuple[str, Any]]:
    """The names and values of a section, as TOML can hold them."""
    for item in dataclasses.fields(section):
        value = getattr(section, item.name)
        if value is not None:
            yield item.name, value
        elif item.default is not None:
            yield item.name, _UNSET


def _section(kind: type[T], content: Mapping[str, Any]) -> T:
    """A dataclass from a table, section by section."""
    hints = typing.get_type_hints(kind)
    known = {item.name for item in dataclasses.fields(typing.cast("Any", kind))}
    for name in content:
        if name not in known:
            raise SettingsError(f"{name!r} is not a setting. There are: {', '.join(sorted(known))}.")
    return kind(**{name: _value(name, hints[name], value) for name, value in content.items()})


def _value(name: str, hint: Any, value: Any) -> Any:
    if dataclasses.is_dataclass(hint):
        if not isinstance(value, Mapping):
            raise SettingsError(f"{name!r} is a section: write it as [{name}].")
        return _section(typing.cast("type[Any]", hint), value)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        try:
            return hint(value)
        except ValueError:
            choices = ", ".join(hint)
            raise SettingsError(f"{name} must be one of {choices}, not {value!r}.") from None
    if typing.get_origin(hint) is tuple:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise SettingsError(f'{name} must be a list of texts, such as ["Bottle", "Mug"], not {value!r}.')
        return tuple(value)
    accepted = tuple(kind for kind in (typing.get_args(hint) or (hint,)) if isinstance(kind, type))
    if value == _UNSET and NoneType in accepted and str not in accepted:
        return None
    if float in accepted and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, accepted) or (isinstance(value, bool) and bool not in accepted):
        raise SettingsError(f"{name} must be {_named(accepted)}, not {value!r}.")
    return value


def _named(kinds: tuple[type, ...]) -> str:
    words = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
    return " or ".join(words[kind] for kind in kinds if kind in words)
