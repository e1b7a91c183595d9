"""Shows the progress of an annotation: bars on a terminal, elsewhere only what goes wrong."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from video_labeler.annotate.annotation import Progress
from video_labeler.commands.telling import tell
from video_labeler.sources.base import SourceState
from video_labeler.text.shown import shown

Show = Callable[[str, Progress], None]
"""Called with the name of the input and its progress."""


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


@contextmanager
def progress_bars(inputs: int) -> Iterator[Show]:
    """On a terminal, a bar with frames, frames per second and time left, and another for all inputs of a batch."""
    if not sys.stderr.isatty():
        notices = _Notices(tell)
        yield lambda name, now: notices.look(now)
        return
    from rich import progress as bars
    from rich.console import Console
    from rich.markup import escape

    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn("{task.fields[unit]}"),
        bars.TimeRemainingColumn(),
        bars.TextColumn("left"),
    )
    with bars.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        notices = _Notices(lambda text: bar.console.print(shown(text), markup=False))
        over_all = bar.add_task("all files", total=inputs, unit="files") if inputs > 1 else None
        current = bar.add_task("", total=None, unit="frames")
        seen: list[str] = []

        def show(name: str, now: Progress) -> None:
            notices.look(now)
            if name not in seen:
                seen.append(name)
                bar.reset(current, description=escape(shown(name)))
            bar.update(current, completed=now.frames, total=now.frames_in_all, unit=f"frames  {now.rate:.0f} fps ")
            if over_all is not None:
                share = now.frames / now.frames_in_all if now.frames_in_all else 0.0
                bar.update(over_all, completed=round(len(seen) - 1 + min(share, 1.0), 2))

        yield show
