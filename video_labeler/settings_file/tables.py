"""Converts TOML tables to settings, and collects what is wrong in them."""

import dataclasses
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from video_labeler.errors import SettingsError
from video_labeler.settings import Settings
from video_labeler.settings_file.values import as_written, converted

_LEFT_OUT = "it is left out"
_OTHER_NAMES = {
    "hide_labels": "Write hide = [...] under [labels].",
    "only_labels": "Write only = [...] under [labels].",
}
"""Other names that people may use for a setting."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a key: ``wrong`` and ``used`` without a full stop; ``advice`` is a complete sentence."""

    path: tuple[str, ...]
    wrong: str
    used: str
    advice: str = ""


def read_tables(tables: Mapping[str, Any]) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings, with the default for each invalid value, and all problems."""
    kinds = typing.get_type_hints(Settings)
    problems: list[Problem] = []
    sections: dict[str, Any] = {}
    for name, content in tables.items():
        if name not in kinds:
            problems.append(_unknown_section(name, content, kinds))
        elif not isinstance(content, Mapping):
            problems.append(Problem((name,), f"{name!r} is a section: write it as [{name}]", _LEFT_OUT))
        else:
            sections[name] = _section(name, kinds[name], content, problems)
    return Settings(**sections), tuple(problems)


def _section(section: str, kind: Any, content: Mapping[str, Any], problems: list[Problem]) -> Any:
    hints = typing.get_type_hints(kind)
    items = {item.name: item for item in dataclasses.fields(kind)}
    accepted: dict[str, Any] = {}
    for name, value in content.items():
        if name not in hints:
            problems.append(_unknown_key(section, name, hints))
            continue
        try:
            checked = converted(items[name], hints[name], value)
            kind(**{name: checked})
        except SettingsError as error:
            instead = _instead(hints[name], value, getattr(kind(), name))
            problems.append(Problem((section, name), str(error).removesuffix("."), _used(instead)))
            checked = instead
        accepted[name] = checked
    return kind(**accepted)


def _instead(hint: Any, value: Any, default: Any) -> Any:
    """The default; of a list of labels the valid names, so that hidden labels stay hidden."""
    if typing.get_origin(hint) is not tuple:
        return default
    return tuple(item for item in (value if isinstance(value, list) else [value]) if _is_name(item))


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _used(value: Any) -> str:
    """Describes the value that is used instead."""
    if value is None:
        return "the default is used"
    if value in ("", ()):
        return "none is used"
    if isinstance(value, tuple):
        return f"{' and '.join(map(as_written, value))} {'is' if len(value) == 1 else 'are'} used"
    return f"{value:g} is used" if isinstance(value, float) else f"{as_written(value)} is used"


def _unknown_section(name: str, content: Any, kinds: Mapping[str, Any]) -> Problem:
    all_of_them = f"There are {', '.join(f'[{kind}]' for kind in kinds)}."
    if not isinstance(content, Mapping):
        return Problem(
            (name,), f"{name!r} is not a setting outside of a section", _LEFT_OUT, _home(name) or all_of_them
        )
    near = _nearest(name, kinds)
    return Problem((name,), f"{name!r} is not a section", _LEFT_OUT, f"Did you mean [{near}]?" if near else all_of_them)


def _unknown_key(section: str, name: str, known: Mapping[str, Any]) -> Problem:
    near = _nearest(name, known)
    advice = _OTHER_NAMES.get(name) or (f"Did you mean {near}?" if near else _home(name))
    advice = advice or f"There are: {', '.join(sorted(known))}."
    return Problem((section, name), f"{name!r} is not a setting of [{section}]", _LEFT_OUT, advice)


def _home(name: str) -> str:
    """The section to which a misplaced setting belongs, as a sentence."""
    if name in _OTHER_NAMES:
        return _OTHER_NAMES[name]
    kinds = typing.get_type_hints(Settings)
    homes = [section for section, kind in kinds.items() if name in {item.name for item in dataclasses.fields(kind)}]
    return f"Write it under [{homes[0]}]." if homes else ""


def _nearest(name: str, known: Mapping[str, Any]) -> str | None:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name.lower(), known, 1)), None)
