"""Shows the progress of an annotation: bars on a terminal, elsewhere only what goes wrong."""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from video_labeler.annotate.annotation import Progress
from video_labeler.commands.telling import tell
from video_labeler.sources.base import SourceState
from video_labeler.text.shown import shown

if TYPE_CHECKING:
    from rich import progress as rich_progress

_LONGEST_NAME = 36
"""Letters; beside its figures that fits a terminal of 80 columns with a short bar."""


class Bars(Protocol):
    """Shows how inputs are being annotated, each by its name; also several at a time."""

    def show(self, name: str, now: Progress) -> None:
        """Show the progress of an input."""

    def end(self, name: str) -> None:
        """An input is over, also one that was never shown."""


class _Notices:
    """Reports when a source stalls, goes black or comes back, once for each change."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._state = SourceState.RUNNING

    def look(self, now: Progress) -> None:
        state = now.status.state
        if state is self._state or state in (SourceState.CLOSED, SourceState.ENDED, SourceState.CONNECTING):
            return
        self._say(now.status.message or "The pictures are back.")
        self._state = state


class _Lines:
    """Where there is no terminal: only what goes wrong, in lines."""

    def __init__(self) -> None:
        self._notices: defaultdict[str, _Notices] = defaultdict(lambda: _Notices(tell))

    def show(self, name: str, now: Progress) -> None:
        self._notices[name].look(now)

    def end(self, name: str) -> None:
        self._notices.pop(name, None)


class _OnTerminal:
    """A bar for each input that is being annotated, and one for all inputs of a batch."""

    def __init__(self, bar: "rich_progress.Progress", inputs: int) -> None:
        self._bar = bar
        self._all = bar.add_task("all files", total=inputs, unit="files") if inputs > 1 else None
        self._tasks: dict[str, rich_progress.TaskID] = {}
        self._notices: defaultdict[str, _Notices] = defaultdict(lambda: _Notices(self._say))
        self._shares: dict[str, float] = {}
        self._ended = 0

    def show(self, name: str, now: Progress) -> None:
        from rich.markup import escape

        self._notices[name].look(now)
        if name not in self._tasks:
            self._tasks[name] = self._bar.add_task(escape(_fitted(shown(name))), total=None, unit="frames")
        self._bar.update(
            self._tasks[name], completed=now.frames, total=now.frames_in_all, unit=f"frames  {now.rate:.0f} fps "
        )
        self._shares[name] = min(now.frames / now.frames_in_all, 1.0) if now.frames_in_all else 0.0
        self._update_all()

    def end(self, name: str) -> None:
        self._ended += 1
        self._notices.pop(name, None)
        self._shares.pop(name, None)
        if name in self._tasks:
            self._bar.remove_task(self._tasks.pop(name))
        self._update_all()

    def _update_all(self) -> None:
        if self._all is not None:
            self._bar.update(self._all, completed=round(self._ended + sum(self._shares.values()), 2))

    def _say(self, text: str) -> None:
        self._bar.console.print(shown(text), markup=False)


def _fitted(name: str) -> str:
    """The end of a long name, which tells files of a folder apart."""
    return name if len(name) <= _LONGEST_NAME else f"…{name[1 - _LONGEST_NAME :]}"


@contextmanager
def progress_bars(inputs: int) -> Iterator[Bars]:
    """On a terminal, a bar with frames, frames per second and time left, and another for all inputs of a batch."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich import progress as bars
    from rich.console import Console

    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn("{task.fields[unit]}"),
        bars.TimeRemainingColumn(),
        bars.TextColumn("left"),
    )
    with bars.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _OnTerminal(bar, inputs)
