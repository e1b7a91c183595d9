"""Plays sources in turn: several dropped ones, those in a folder, or those in a list."""

from collections import deque
from collections.abc import Sequence
from functools import partial

from PyQt6.QtCore import QObject, pyqtSignal

from video_labeler.session.view import SessionView
from video_labeler.sources.source_list import SourceList, list_named, with_lists_opened
from video_labeler.system.background_task import StopSignal
from video_labeler.window import texts
from video_labeler.window.window_task import WindowTask


class PlayList(QObject):
    """``opened`` carries the next source, ``told`` how many there are, ``failed`` what is wrong with a list.

    Folders and lists are searched in a background thread.
    """

    opened = pyqtSignal(str)
    told = pyqtSignal(str)
    failed = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current: str | None = None
        self._waiting: deque[str] = deque()
        self._whole: str | None = None
        self._search = WindowTask(self)

    def begin(self, sources: Sequence[str], *, other_hosts: bool = False) -> None:
        """Play these sources; folders and lists among them are replaced by their contents."""
        self.clear()
        if not any(map(list_named, sources)):
            self._play(sources)
            return
        self._whole = sources[0] if len(sources) == 1 else None
        self._search.start(
            "list of sources",
            partial(_found_in, tuple(sources), other_hosts),
            failing="The search for videos and pictures failed",
            on_success=self._take,
            on_failure=self.failed.emit,
        )

    def clear(self) -> None:
        """Clear the list, because something else is opened."""
        self._search.cancel()
        self._current = self._whole = None
        self._waiting.clear()

    def show_view(self, view: SessionView) -> None:
        """Open the next source, once the previous one has ended or failed."""
        if not self._waiting or view.opening is not None:
            return
        is_open = view.source == self._current and not view.has_broken_off
        if not is_open or (view.playback is not None and view.playback.ended):
            self._open_next()

    def name_of(self, source: str) -> str:
        """What to remember for a source that plays: the list as a whole, or the source itself."""
        return self._whole if self._whole is not None and source == self._current else source

    def _take(self, found: SourceList) -> None:
        if found.problem:
            self.failed.emit(found.problem)
        self._play(found.sources)

    def _play(self, sources: Sequence[str]) -> None:
        self._waiting = deque(sources)
        if len(sources) > 1:
            self.told.emit(texts.ONE_AFTER_THE_OTHER.format(count=len(sources)))
        if sources:
            self._open_next()

    def _open_next(self) -> None:
        self._current = self._waiting.popleft()
        self.opened.emit(self._current)


def _found_in(sources: Sequence[str], other_hosts: bool, stop: StopSignal) -> SourceList:
    return with_lists_opened(sources, folders=True, other_hosts=other_hosts, is_cancelled=stop.is_set)
