"""Plays sources in turn: several dropped ones, those in a folder, or those in a list."""

from collections.abc import Sequence
from functools import partial

from PyQt6.QtCore import QObject, pyqtSignal

from video_labeler.session.view import SessionView
from video_labeler.sources.source_list import SourceList, list_named, with_lists_opened
from video_labeler.system.background_task import StopSignal
from video_labeler.window import texts
from video_labeler.window.controls.source_kinds import ListPlace
from video_labeler.window.window_task import WindowTask


class PlayList(QObject):
    """``opened`` carries the next source, ``told`` how many there are, ``failed`` what is wrong with a list.

    Folders and lists are searched in a background thread. What cannot be opened is passed over, in the direction that
    the user took.
    """

    opened = pyqtSignal(str)
    told = pyqtSignal(str)
    failed = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sources: tuple[str, ...] = ()
        self._at = 0
        self._shown: int | None = None
        self._direction = 1
        self._unfit: set[int] = set()
        self._holds = False
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
        self._whole = self._shown = None
        self._sources = ()
        self._unfit.clear()
        self._holds = False

    def hold(self) -> None:
        """Stay with what is shown, and open no other by itself, because the user will not wait for the next one."""
        if self._shown is None:
            self.clear()
        else:
            self._at = self._shown
            self._holds = True

    def go(self, step: int) -> None:
        """Open the next source (1) or the previous one (-1), if there is one."""
        following = self._following(self._at, step)
        if following is not None:
            self._holds = False
            self._direction = step
            self._open(following)

    @property
    def place(self) -> ListPlace | None:
        """The place in the list of what is shown or being opened; ``None`` without a list."""
        return self._place(self._at)

    @property
    def shown_place(self) -> ListPlace | None:
        """The place in the list of what is shown; ``None`` where that is not of a list."""
        return None if self._shown is None else self._place(self._shown)

    def show_view(self, view: SessionView) -> None:
        """Open the next source, once the previous one has ended or failed."""
        if not self._sources:
            return
        if self._shown is not None and view.source != self._sources[self._shown]:
            self._shown = None
        if view.opening is not None:
            return
        is_open = view.source == self._sources[self._at]
        if is_open and view.newest is not None:
            self._shown = self._at
        if self._holds:
            return
        if not is_open or view.has_broken_off:
            self._pass_over(was_never_open=not is_open or view.has_failed)
        elif view.playback is not None and view.playback.ended:
            self._move(1)

    def name_of(self, source: str) -> str:
        """What to remember for a source that plays: the list as a whole, or the source itself."""
        return self._whole if self._whole is not None and source in self._sources else source

    def _pass_over(self, *, was_never_open: bool) -> None:
        if was_never_open:
            self._unfit.add(self._at)
        if self._move(self._direction):
            return
        if self._shown is not None:
            self._at = self._shown
        elif self._direction < 0:
            self._move(1)

    def _move(self, step: int) -> bool:
        following = self._following(self._at, step)
        if following is None:
            return False
        self._direction = step
        self._open(following)
        return True

    def _following(self, at: int, step: int) -> int | None:
        last = len(self._sources) if step > 0 else -1
        return next((i for i in range(at + step, last, step) if i not in self._unfit), None)

    def _place(self, at: int) -> ListPlace | None:
        count = len(self._sources)
        if count < 2:
            return None
        return ListPlace(at + 1, count, self._following(at, -1) is not None, self._following(at, 1) is not None)

    def _take(self, found: SourceList) -> None:
        if found.problem:
            self.failed.emit(found.problem)
        self._play(found.sources)

    def _play(self, sources: Sequence[str]) -> None:
        self._sources = tuple(sources)
        self._direction = 1
        if len(sources) > 1:
            self.told.emit(texts.ONE_AFTER_THE_OTHER.format(count=len(sources)))
        if sources:
            self._open(0)

    def _open(self, at: int) -> None:
        self._at = at
        self.opened.emit(self._sources[at])


def _found_in(sources: Sequence[str], other_hosts: bool, stop: StopSignal) -> SourceList:
    return with_lists_opened(sources, folders=True, other_hosts=other_hosts, is_cancelled=stop.is_set)
