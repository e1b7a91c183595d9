"""Cues: stretches of time with unchanged labels, for subtitles."""

from collections import Counter
from dataclasses import dataclass

from video_labeler.frames import LabeledFrame

_SHORTEST_S = 0.2
"""A text shown for less time cannot be read; two frames at 10 fps."""

_ROUNDING_S = 1e-6

_TIMES = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True, slots=True)
class Cue:
    """A text and its time span in seconds; ``end_s`` is after ``start_s`` and exclusive."""

    start_s: float
    end_s: float
    text: str


@dataclass(slots=True)
class _Stretch:
    """The time from ``start_s`` on with one text (empty: no labels); ``continues``: a cue of the same text precedes."""

    start_s: float
    text: str
    continues: bool = False


class CueBuilder:
    """Turns labelled frames into cues that are in order and never overlap.

    A stretch of under 0.2 s is not a cue: between two stretches of the same text it becomes part of them, elsewhere
    part of what follows it. A stretch without labels gives no cue. With ``longest_s`` (more than 0.2) a cue that lasts
    this long is ended, and the next one goes on with the same text; so a track is never much longer behind its video.
    """

    def __init__(self, longest_s: float | None = None) -> None:
        if longest_s is not None and longest_s <= _SHORTEST_S:
            raise ValueError(f"longest_s must be more than {_SHORTEST_S}, not {longest_s}")
        self._longest_s = longest_s
        self._now: _Stretch | None = None
        # Ends where _now starts, and is held back: _now may turn out to be a flicker in the middle of it.
        self._before: _Stretch | None = None
        self._last_s = 0.0

    def add(self, labeled: LabeledFrame) -> list[Cue]:
        """The cues that ended with this frame; mostly none."""
        return self.add_text(labeled.frame.time_s, cue_text(labeled))

    def add_text(self, time_s: float, text: str) -> list[Cue]:
        """The same for a frame at ``time_s`` whose :func:`cue_text` is ``text``."""
        self._last_s = max(self._last_s, time_s)
        if self._now is None:
            self._now = _Stretch(time_s, text)
            return []
        done = [] if self._is_short(self._now, time_s) else self._release()
        if text != self._now.text:
            self._change(text, time_s)
        # A text that flickers changes with every frame, and must be cut as well.
        if self._longest_s is not None and time_s - self._now.start_s >= self._longest_s - _ROUNDING_S:
            done += self._release() + _cues(self._now, time_s)
            self._now = _Stretch(time_s, text, continues=True)
        return done

    def finish(self, end_s: float) -> list[Cue]:
        """The cues that are left, the last one ending at ``end_s`` (when the last frame ends)."""
        now, self._now = self._now, None
        if now is None:
            return []
        end_s = max(end_s, self._last_s)
        if self._before is not None and self._is_short(now, end_s):
            now, self._before = self._before, None
        return [*self._release(now), *_cues(now, end_s)]

    def _change(self, text: str, time_s: float) -> None:
        assert self._now is not None
        if not self._is_short(self._now, time_s):
            self._before, self._now = self._now, _Stretch(time_s, text)
        elif self._before is not None and self._before.text == text:
            self._now, self._before = self._before, None
        else:
            self._now.text = text

    def _release(self, following: _Stretch | None = None) -> list[Cue]:
        """The cues that were held back, now that their end is known."""
        before, self._before = self._before, None
        following = following or self._now
        return [] if before is None or following is None else _cues(before, following.start_s)

    @staticmethod
    def _is_short(stretch: _Stretch, end_s: float) -> bool:
        return not stretch.continues and end_s - stretch.start_s < _SHORTEST_S - _ROUNDING_S


def cue_text(labeled: LabeledFrame) -> str:
    """What a frame shows, in a line, such as "Bottle x3 · Mug"; empty where nothing has a label.

    In alphabetical order, so that the text changes only when what is seen changes.
    """
    labels = [item.predictions[0].label for item in labeled.objects if item.predictions]
    counts = Counter((label.name, label.row) for label in labels)
    return " · ".join(
        name if count == 1 else f"{name} {_TIMES}{count}"
        for (name, _), count in sorted(counts.items(), key=lambda item: (item[0][0].casefold(), item[0]))
    )


def _cues(stretch: _Stretch, end_s: float) -> list[Cue]:
    return [Cue(stretch.start_s, end_s, stretch.text)] if stretch.text and end_s > stretch.start_s else []
