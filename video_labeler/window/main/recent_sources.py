"""Remembers which files and addresses were open."""

import contextlib
import os
from pathlib import Path

from PyQt6.QtCore import QSettings

from video_labeler.errors import SourceError
from video_labeler.files.opening import PRIVATE, make_private, new_file, private_folder
from video_labeler.sources.naming import SourceKind, named_source

_KEPT = 8
_KEY = "recent"
_ON_DISK = {SourceKind.PATH, SourceKind.PATTERN}
_OFFERED_ANYWAY = {SourceKind.CAMERA, SourceKind.DEMO, SourceKind.TEST_PICTURE}


class RecentSources:
    """The last sources, newest first; cameras and the demo are offered anyway and are left out."""

    def __init__(self, memory: QSettings) -> None:
        self._memory = memory

    @property
    def sources(self) -> list[str]:
        """The recent sources."""
        stored = self._memory.value(_KEY)
        if isinstance(stored, str):
            return [stored]
        return [text for text in stored if isinstance(text, str)] if isinstance(stored, list) else []

    def add(self, source: str) -> None:
        """Remember a source that has shown a picture; a path is made absolute."""
        try:
            named = named_source(source)
        except SourceError:
            return
        if named.path is not None and named.kind in _ON_DISK:
            source = os.path.abspath(named.path)  # noqa: PTH100 - Path.resolve would follow links
        if named.kind not in _OFFERED_ANYWAY:
            others = [text for text in self.sources if text != source]
            self._keep_private()
            self._memory.setValue(_KEY, [source, *others][:_KEPT])
            self._memory.sync()

    def _keep_private(self) -> None:
        """Make the file private: addresses are stored with their passwords."""
        file = Path(self._memory.fileName())
        with contextlib.suppress(OSError):
            private_folder(file.parent)
            os.close(new_file(file, PRIVATE))
        make_private(file)
