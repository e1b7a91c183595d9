"""Writes the settings file."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from video_labeler.durability import write_whole
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
    content = tomli_w.dumps({name: dict(_written(section)) for name, section in sections.items()})
    try:
        # A file name that is not UTF-8 would make a file that cannot be read again.
        content.encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        # The interface's thread saves, and must not wait for a busy disk.
        write_whole(path, content, wait=False)
    except UnicodeEncodeError as error:
        raise SettingsError(f"Cannot write the settings file {path}: a name in it is not UTF-8.") from error
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
