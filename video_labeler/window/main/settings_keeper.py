"""Holds the window's settings, and keeps their file up to date."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from video_labeler.errors import SettingsError
from video_labeler.settings import LabelingSettings, ModelSettings, Settings, with_changes
from video_labeler.settings_file import load_tolerantly, save_changes

_log = logging.getLogger(__name__)

_LOOK_MS = 1000
"""A changed file is read after it has been stable for this long: writing it may not be finished."""

_QUIET_MS = 800
"""A slider's value is saved when it has been still for this long."""


class SettingsKeeper(QObject):
    """``changed`` carries the new settings; ``failed`` a sentence if the file could not be written.

    ``copied`` carries the backup of a file with invalid content, made before it was overwritten.
    ``taken_in``: changes that somebody else made to the file have been applied; it carries their problems.
    """

    changed = pyqtSignal(object)
    failed = pyqtSignal(str)
    copied = pyqtSignal(Path)
    taken_in = pyqtSignal(list)

    def __init__(self, settings: Settings, path: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = self._saved = settings
        self._path = path
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_QUIET_MS)
        self._timer.timeout.connect(self.save)
        self._stamp: _Stamp | None = None
        self._looked: _Stamp | None = None
        self._in_file: Settings | None = None
        self._know_file()
        self._looking = QTimer(self)
        self._looking.setInterval(_LOOK_MS)
        self._looking.timeout.connect(self.look)
        self._looking.start()

    @property
    def settings(self) -> Settings:
        """The current settings."""
        return self._settings

    def set(self, settings: Settings) -> None:
        """Set the settings."""
        if settings != self._settings:
            self._settings = settings
            self._timer.start()
            self.changed.emit(settings)

    def change(self, before: Settings, after: Settings) -> None:
        """Apply the differences of ``after`` from ``before``, and keep other changes."""
        self.set(with_changes(self._settings, before, after))

    def look(self) -> None:
        """Apply changes that somebody has made to the file, once it is stable."""
        if self._path is None:
            return
        stamp, before = _stamp(self._path), self._looked
        self._looked = stamp
        if stamp is None or stamp == self._stamp or stamp != before:
            return
        self._stamp = stamp
        try:
            in_file, problems = load_tolerantly(self._path)
        except SettingsError as error:
            self.failed.emit(str(error))
            return
        known = self._in_file
        self._in_file = in_file
        if known is None or in_file == known:
            return
        # Own unsaved changes are saved later, but not over what was just written.
        self._saved = with_changes(self._saved, known, in_file)
        self._settings = with_changes(self._settings, known, in_file)
        self.changed.emit(self._settings)
        self.taken_in.emit(list(problems))

    def set_window(self, **values: Any) -> None:
        """Change some of the window's settings."""
        self.set(replace(self._settings, window=replace(self._settings.window, **values)))

    def set_labeling(self, labeling: LabelingSettings) -> None:
        """Change the labelling settings."""
        self.set(replace(self._settings, labeling=labeling))

    def set_models(self, models: ModelSettings) -> None:
        """Change the models."""
        self.set(replace(self._settings, models=models))

    def save(self) -> None:
        """Write the changes to the file, and leave the rest of it as it is."""
        self._timer.stop()
        if self._path is None or self._settings == self._saved:
            return
        try:
            copy = save_changes(self._saved, self._settings, self._path)
            self._saved = self._settings
            self._know_file()
            if copy is not None:
                self.copied.emit(copy)
        except SettingsError as error:
            _log.warning("The settings could not be saved: %s", error)
            self.failed.emit(str(error))

    def close(self) -> None:
        """Write what is new, and look at the file no further."""
        self._looking.stop()
        self.save()

    def _know_file(self) -> None:
        """Remember the file's content, so that changes by others can be detected."""
        if self._path is None:
            return
        self._stamp = self._looked = _stamp(self._path)
        try:
            self._in_file = Settings() if self._stamp is None else load_tolerantly(self._path)[0]
        except SettingsError:
            self._in_file = None


_Stamp = tuple[int, int, int]


def _stamp(path: Path) -> _Stamp | None:
    """Identifies a version of a file; ``None`` if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
