"""Holds the settings that the window changes, and keeps their file up to date."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from video_labeler.errors import SettingsError
from video_labeler.settings import LabelingSettings, ModelSettings, Settings
from video_labeler.settings_file import save_changes

_log = logging.getLogger(__name__)

_QUIET_MS = 800
"""A slider that moves is saved when it rests."""


class SettingsKeeper(QObject):
    """``changed`` carries the new settings; ``failed`` a sentence where the file could not be written.

    ``copied`` carries the copy of a file that held what could not be understood, made before it was written.
    """

    changed = pyqtSignal(object)
    failed = pyqtSignal(str)
    copied = pyqtSignal(Path)

    def __init__(self, settings: Settings, path: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = self._saved = settings
        self._path = path
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_QUIET_MS)
        self._timer.timeout.connect(self.save)

    @property
    def settings(self) -> Settings:
        """The settings of this moment."""
        return self._settings

    def set(self, settings: Settings) -> None:
        """Take these settings."""
        if settings != self._settings:
            self._settings = settings
            self._timer.start()
            self.changed.emit(settings)

    def set_window(self, **values: Any) -> None:
        """Change some of the window's own settings."""
        self.set(replace(self._settings, window=replace(self._settings.window, **values)))

    def set_labeling(self, labeling: LabelingSettings) -> None:
        """Change what is shown of what the models say."""
        self.set(replace(self._settings, labeling=labeling))

    def set_models(self, models: ModelSettings) -> None:
        """Change which models speak."""
        self.set(replace(self._settings, models=models))

    def save(self) -> None:
        """Write what is new into the file, and leave the rest of it alone."""
        self._timer.stop()
        if self._path is None or self._settings == self._saved:
            return
        try:
            copy = save_changes(self._saved, self._settings, self._path)
            self._saved = self._settings
            if copy is not None:
                self.copied.emit(copy)
        except SettingsError as error:
            _log.warning("The settings could not be saved: %s", error)
            self.failed.emit(str(error))
