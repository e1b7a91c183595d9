"""Writes changed settings to the settings file, and leaves everything else in it as it is."""

import dataclasses
import logging
import os
import tomllib
from collections.abc import Iterator, Mapping, MutableMapping
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from video_labeler.errors import SettingsError
from video_labeler.files.durability import keep_copy, write_atomically
from video_labeler.files.opening import private_folder
from video_labeler.settings import Settings
from video_labeler.settings_file.file_text import FileText, readable
from video_labeler.settings_file.loading import default_settings_path, not_understood, read_content
from video_labeler.settings_file.values import UNSET

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_log = logging.getLogger(__name__)

_Changes = Mapping[tuple[str, str], Any]
"""New values by section and key; ``None``: the key is removed."""


def save_settings(settings: Settings, path: Path) -> None:
    """Write all settings to a TOML file, completely or not at all.

    Raises:
        SettingsError: it cannot be written.
    """
    _save(dict(_values(settings)), path)


def save_changes(before: Settings, after: Settings, path: Path) -> Path | None:
    """Write the settings in which ``after`` differs from ``before`` to a TOML file, completely or not at all.

    Comments, the order, unknown settings and changes made by hand in the meantime are kept. Where the file
    contains anything invalid, a copy is kept beside it, and its path returned if it is new.

    Raises:
        SettingsError: the file cannot be written, or exists and cannot be read.
    """
    old = dict(_values(before))
    return _save({key: value for key, value in _values(after) if value != old[key]}, path)


def _save(changes: _Changes, path: Path) -> Path | None:
    content = read_content(path) if os.path.lexists(path) and not _is_broken_link(path) else None
    file = FileText() if content is None else FileText.from_bytes(content)
    read = readable(file.text)
    lost = not_understood(file.text)
    try:
        text = _changed(read.text, read.tables, changes)
        # A file name that is not UTF-8 would make the settings file unreadable.
        text.encode()
        copy = keep_copy(path, partial(_holds, lost)) if lost else None
        private_folder(Path(os.path.realpath(path)).parent)
        # The interface's thread saves, and must not block on a busy disk.
        write_atomically(path, file.to_bytes(text), wait=False, private=path == default_settings_path())
    except UnicodeEncodeError as error:
        raise SettingsError(f"Cannot write the settings file {path}: a name in it is not UTF-8.") from error
    except OSError as error:
        raise SettingsError(f"Cannot write the settings file {path}: {error.strerror}.") from error
    if copy is not None:
        _log.info("The previous content of %s is kept as %s", path, copy)
    return copy


def _values(settings: Settings) -> Iterator[tuple[tuple[str, str], Any]]:
    """Every setting as a TOML value, by section and key; ``None`` means to leave it out."""
    for section in dataclasses.fields(settings):
        content = getattr(settings, section.name)
        for item in dataclasses.fields(content):
            value = getattr(content, item.name)
            if value is None and item.default is not None:
                value = UNSET
            yield (section.name, item.name), _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, StrEnum) else value


def _holds(lost: frozenset[str], copy: bytes) -> bool:
    return lost <= not_understood(FileText.from_bytes(copy).text)


def _is_broken_link(path: Path) -> bool:
    """Whether it is a link to a file that does not exist yet."""
    return path.is_symlink() and not os.path.lexists(os.path.realpath(path))


def _changed(text: str, tables: Mapping[str, Any], changes: _Changes) -> str:
    """A TOML text with other values, and everything else unchanged."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    wanted = {name: dict(table) if isinstance(table, dict) else table for name, table in tables.items()}
    _apply(wanted, changes, dict)
    try:
        document = tomlkit.parse(text)
        _apply(document, changes, tomlkit.table)
        changed = _dumped(document)
        if tomllib.loads(changed) == wanted:
            return changed
    except (TOMLKitError, ValueError, TypeError, KeyError, RecursionError):
        _log.info("The settings file cannot be changed in place", exc_info=True)
    # Handwritten in a way that cannot be edited in place: rewrite it, keeping the content.
    return tomlkit.dumps(wanted)


def _dumped(document: "TOMLDocument") -> str:
    import tomlkit

    return tomlkit.dumps(document)


def _apply(tables: MutableMapping[str, Any], changes: _Changes, new_table: Any) -> None:
    for (section, key), value in changes.items():
        table = tables.get(section)
        if not isinstance(table, MutableMapping):
            if value is None:
                continue
            tables.pop(section, None)
            tables[section] = table = new_table()
            table = tables[section]
        if value is None:
            table.pop(key, None)
        elif isinstance(value, list) and _is_array(table.get(key)):
            _fill(table[key], value)
        else:
            table[key] = value


def _is_array(value: Any) -> bool:
    from tomlkit.items import Array

    return isinstance(value, Array)


def _fill(array: Any, wanted: list[str]) -> None:
    """Make a list hold these values, so that those that stay keep their comments."""
    for index in reversed(range(len(array))):
        if array[index] not in wanted:
            del array[index]
    for index, value in enumerate(wanted):
        if index >= len(array):
            array.append(value)
        elif array[index] != value:
            array[index] = value
