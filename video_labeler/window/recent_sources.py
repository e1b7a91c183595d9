"""Remembers which files and addresses were open."""

import contextlib
import os
from pathlib import Path

from PyQt6.QtCore import QSettings

from video_labeler.files.opening import PRIVATE, make_private, new_file, private_folder
from video_labeler.sources.naming import DEMO

_KEPT = 8
_KEY = "recent"


class RecentSources:
    """The last sources, newest first; cameras and the demo are offered anyway and are left out."""

    def __init__(self, memory: QSettings) -> None:
        self._memory = memory

    @property
    def sources(self) -> list[str]:
        """What was open."""
        stored = self._memory.value(_KEY)
        if isinstance(stored, str):
            return [stored]
        return [text for text in stored if isinstance(text, str)] if isinstance(stored, list) else []

    def add(self, source: str) -> None:
        """Remember a source."""
        if source != DEMO and not source.isdecimal() and not source.startswith("/dev/"):
            others = [text for text in self.sources if text != source]
            self._keep_private()
            self._memory.setValue(_KEY, [source, *others][:_KEPT])
            self._memory.sync()

    def _keep_private(self) -> None:
        """Let nobody else read the file: an address that is to be opened again is kept with its password."""
        file = Path(self._memory.fileName())
        with contextlib.suppress(OSError):
            private_folder(file.parent)
            os.close(new_file(file, PRIVATE))
        make_private(file)
