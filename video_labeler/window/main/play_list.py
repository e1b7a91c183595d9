"""Plays sources in turn: several dropped ones, those in a folder, or those in a list."""

import threading
from collections import deque
from collections.abc import Sequence

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from video_labeler.session.view import SessionView
from video_labeler.sources.source_list import SourceList, list_named, sources_in
from video_labeler.window import texts

_LOOK_MS = 40


class PlayList(QObject):
    """``opened`` carries the next source, ``told`` how many there are, ``failed`` what is wrong with a list.

    Folders and lists are searched in a background thread, whose result a timer polls.
    """

    opened = pyqtSignal(str)
    told = pyqtSignal(str)
    failed = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current: str | None = None
        self._waiting: deque[str] = deque()
        self._whole: str | None = None
        self._search: _Search | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    def begin(self, sources: Sequence[str], *, other_hosts: bool = False) -> None:
        """Play these sources; folders and lists among them are replaced by their contents."""
        self.clear()
        if not any(map(list_named, sources)):
            self._play(sources)
            return
        self._whole = sources[0] if len(sources) == 1 else None
        self._search = _Search(sources, other_hosts=other_hosts)
        self._timer.start()

    def clear(self) -> None:
        """Clear the list, because something else is opened."""
        if self._search is not None:
            self._search.cancel()
        self._search = self._current = self._whole = None
        self._timer.stop()
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

    def _look(self) -> None:
        found = None if self._search is None else self._search.result
        if found is None:
            return
        self._search = None
        self._timer.stop()
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


class _Search:
    """Searches folders and lists that may be large, or on a slow drive."""

    def __init__(self, sources: Sequence[str], *, other_hosts: bool) -> None:
        self.result: SourceList | None = None
        self._sources = tuple(sources)
        self._other_hosts = other_hosts
        self._cancelled = threading.Event()
        threading.Thread(target=self._work, name="list of sources", daemon=True).start()

    def cancel(self) -> None:
        """Stop searching."""
        self._cancelled.set()

    def _work(self) -> None:
        found: list[str] = []
        problems: list[str] = []
        for source in self._sources:
            path = list_named(source)
            if path is None:
                found.append(source)
                continue
            held = sources_in(path, other_hosts=self._other_hosts, is_cancelled=self._cancelled.is_set)
            found.extend(held.sources)
            problems.extend([held.problem] if held.problem else [])
        self.result = SourceList(tuple(found), " ".join(problems))
