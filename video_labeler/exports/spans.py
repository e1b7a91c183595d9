"""The time spans in which something was shown, followed from frame to frame."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

_GAP_S = 0.5

K = TypeVar("K", bound=Hashable)


@dataclass(slots=True)
class Span:
    """A span from ``start_s`` to ``end_s`` (seconds), and how long of it something was really shown."""

    start_s: float
    end_s: float
    shown_s: float = 0.0


class SpanTracker(Generic[K]):
    """Turns what each frame shows into spans. A frame is shown until the next one; only open spans are in memory.

    ``gap_s``: whatever is missing for no longer than this counts as shown throughout.
    """

    def __init__(self) -> None:
        self.gap_s = _GAP_S
        self._open: dict[K, Span] = {}
        self._shown: frozenset[K] = frozenset()
        self._last_s = 0.0

    def add(self, time_s: float, shown: Iterable[K]) -> list[tuple[K, Span]]:
        """Add a frame, and return the spans that have ended, each with its key."""
        self._show_until(time_s)
        self._shown = frozenset(shown)
        ended = [key for key, span in self._open.items() if time_s - span.end_s > self.gap_s]
        done = [(key, self._open.pop(key)) for key in ended]
        for key in self._shown:
            self._open.setdefault(key, Span(time_s, time_s))
        return done

    def finish(self, end_s: float) -> list[tuple[K, Span]]:
        """Return the remaining spans, given that the last frame ends at ``end_s``."""
        self._show_until(max(end_s, self._last_s))
        left, self._open = list(self._open.items()), {}
        return left

    def _show_until(self, time_s: float) -> None:
        for key in self._shown:
            span = self._open[key]
            span.shown_s += max(0.0, time_s - self._last_s)
            span.end_s = max(span.end_s, time_s)
        self._shown = frozenset()
        self._last_s = time_s
