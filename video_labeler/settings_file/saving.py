"""Writes the settings file."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from video_labeler.errors import SettingsError
from video_labeler.settings import Settings
from video_labeler.settings_file.values import UNSET


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
            yield item.name, UNSET
