"""Converts a TOML value to the type of its setting."""

import dataclasses
import typing
from enum import StrEnum
from types import NoneType
from typing import Any

from video_labeler.errors import SettingsError

UNSET = "unset"
"""Written where a setting with a default is unset, since TOML has no null."""

_LONGEST_SHOWN = 60
_LARGEST = 2**63 - 1
"""TOML integers have 64 bits; Python would accept larger ones, and fail later."""

_KINDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def converted(item: dataclasses.Field[Any], hint: Any, value: Any) -> Any:
    """``value`` as the type ``hint`` of the setting ``item``.

    Raises:
        SettingsError: it is of another type.
    """
    name = item.name
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _choice(name, hint, value)
    if typing.get_origin(hint) is tuple:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise SettingsError(f'{name} must be a list of texts, such as ["Bottle", "Mug"], not {as_written(value)}.')
        return tuple(value)
    accepted = tuple(kind for kind in (typing.get_args(hint) or (hint,)) if isinstance(kind, type))
    if value == UNSET and NoneType in accepted and str not in accepted:
        return None
    if not _fits(value, accepted):
        raise SettingsError(f"{name} must be {_wanted(item, accepted, value)}, not {as_written(value)}.")
    return float(value) if float in accepted else value


def _fits(value: Any, accepted: tuple[type, ...]) -> bool:
    if isinstance(value, bool):
        return bool in accepted
    if isinstance(value, int):
        return abs(value) <= _LARGEST and (int in accepted or float in accepted)
    return isinstance(value, accepted)


def _wanted(item: dataclasses.Field[Any], accepted: tuple[type, ...], value: Any) -> str:
    """The type that a setting has, with its range."""
    kinds = " or ".join(_KINDS[kind] for kind in accepted if kind in _KINDS)
    if "range" in item.metadata:
        low, high = item.metadata["range"]
        return f"{kinds} from {low:g} to {high:g}"
    if str in accepted and isinstance(value, int | float):
        return f'{kinds} in quotation marks, such as "2580"'
    return kinds


def _choice(name: str, choices: type[StrEnum], value: Any) -> StrEnum:
    try:
        return choices(value)
    except ValueError:
        raise SettingsError(f"{name} must be one of {', '.join(choices)}, not {as_written(value)}.") from None


def as_written(value: Any) -> str:
    """A value of the settings file for a message: shortened, and in TOML's notation."""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value) if isinstance(value, float | StrEnum) else _repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _repr(value: Any) -> str:
    try:
        return repr(value)
    except ValueError:  # more digits than Python is willing to write
        return "a number with thousands of digits"
