"""A soak's result for people: as plain text, or as Markdown for the documentation."""

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from tests.soak.causes import Cause
from tests.soak.measuring import Life, Sample, growth
from tests.soak.outcome import PICTURE_CAUSES, Outcome, PartResult, lost, quantile, recoveries

Row = tuple[str, ...]


def written(parts: Sequence[PartResult], *, markdown: bool) -> str:
    """The whole report."""
    table = _markdown if markdown else _plain
    outcomes = [outcome for part in parts for outcome in part.outcomes]
    faults = table([("What went wrong", "times", "recovered", "median", "95 %", "worst"), *_fault_rows(outcomes)])
    figures = table([("", *(f"{part.camera} camera" for part in parts)), *_figure_rows(parts)])
    return "\n\n".join((_summary(parts), faults, figures, _verdict(parts)))


def _summary(parts: Sequence[PartResult]) -> str:
    hours = sum(part.hours for part in parts)
    faults = sum(len(part.outcomes) for part in parts)
    minutes = sum(part.real_s for part in parts) / 60
    return f"{hours:g} simulated hours in {minutes:.1f} real minutes, {faults:,} faults."


def _verdict(parts: Sequence[PartResult]) -> str:
    wrong = [f"- {part.camera} camera: {sentence}" for part in parts for sentence in lost(part)]
    return "\n".join(("Lost, and should not be:", *wrong)) if wrong else "Nothing was lost that should not be."


def _fault_rows(outcomes: Sequence[Outcome]) -> list[Row]:
    rows = [_fault_row(cause.value, [o for o in outcomes if o.cause is cause]) for cause in Cause]
    pictures = [o for o in outcomes if o.cause in PICTURE_CAUSES]
    return [row for row in (*rows, _fault_row("all of the picture", pictures)) if row[1] != "0"]


def _fault_row(name: str, outcomes: Sequence[Outcome]) -> Row:
    times = recoveries(outcomes, tuple(Cause))
    if not times:
        return name, str(len(outcomes)), "0", "", "", ""
    figures = (statistics.median(times), quantile(times, 0.95), max(times))
    return name, str(len(outcomes)), str(len(times)), *(f"{figure:.2f} s" for figure in figures)


def _figure_rows(parts: Sequence[PartResult]) -> list[Row]:
    rows: list[tuple[str, Callable[[PartResult], str]]] = [
        ("simulated hours", lambda part: f"{part.hours:g}"),
        ("real minutes", lambda part: f"{part.real_s / 60:.1f}"),
        ("visits", lambda part: str(part.visits)),
        ("frames captured, labelled, shown live", _frames),
        ("drops by cause", lambda part: _counts(part.day.tally.dropped if part.day else {})),
        ("camera lost, connected again", _losses),
        ("oldest frame shown as live", lambda part: f"{part.day.tally.oldest_live_s:.3f} s" if part.day else ""),
        ("restarts", lambda part: _counts(part.day.reasons if part.day else {})),
        ("after a kill, live picture", lambda part: _live(part.outcomes, Cause.KILL)),
        ("things celebrated", lambda part: _celebrated(part.day.tally.labels if part.day else {})),
        ("recordings played to their end", lambda part: f"{part.recordings}, {part.recorded_frames:,} pictures"),
        ("killed before the first picture was on the disk", lambda part: str(part.unfinished)),
        ("most room taken by recordings", lambda part: f"{part.recordings_bytes / 1e6:.1f} MB"),
        ("memory of the child, first and last", lambda part: _ends(part.lives, "memory_mb", " MB")),
        ("its slope", _slope),
        ("threads of the child, growth in a life", lambda part: _constant(part.lives, lambda s: s.threads)),
        ("descriptors of the child, growth in a life", lambda part: _constant(part.lives, lambda s: s.descriptors)),
        ("memory of the supervisor, first and last", lambda part: _ends(_one(part.supervisor), "memory_mb", " MB")),
        ("threads of the supervisor, growth", lambda part: _constant(_one(part.supervisor), lambda s: s.threads)),
        (
            "descriptors of the supervisor, growth",
            lambda part: _constant(_one(part.supervisor), lambda s: s.descriptors),
        ),
    ]
    return [(name, *(figure(part) for part in parts)) for name, figure in rows]


def _frames(part: PartResult) -> str:
    if part.day is None:
        return ""
    tally = part.day.tally
    return f"{tally.captured:,}, {tally.labelled:,}, {tally.shown:,}"


def _losses(part: PartResult) -> str:
    return f"{part.day.tally.camera_losses}, {part.day.tally.reconnects}" if part.day else ""


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in Counter(counts).most_common()) or "none"


def _celebrated(labels: Mapping[str, int]) -> str:
    return f"{sum(labels.values())} of {len(labels)} kinds"


def _live(outcomes: Sequence[Outcome], cause: Cause) -> str:
    times = [o.live_s for o in outcomes if o.cause is cause and o.live_s is not None]
    return f"{statistics.median(times):.2f} s, at worst {max(times):.2f} s" if times else ""


def _slope(part: PartResult) -> str:
    slope = part.slope_mb_h
    if slope is None:
        return "the lives were too short"
    return f"{slope / part.speed:+.2f} MB a simulated hour ({slope:+.1f} MB a real one)"


def _ends(lives: Iterable[Life], name: str, unit: str) -> str:
    lives = [life for life in lives if life.samples]
    if not lives:
        return ""
    first, last = getattr(lives[0].samples[0], name), getattr(lives[-1].samples[-1], name)
    greatest = max(getattr(sample, name) for life in lives for sample in life.samples)
    return f"{first:.0f}{unit}, {last:.0f}{unit} (at most {greatest:.0f}{unit})"


def _constant(lives: Iterable[Life], figure: Callable[[Sample], float]) -> str:
    lives = list(lives)
    values = [figure(sample) for life in lives for sample in life.samples]
    if not values:
        return ""
    differences = [d for life in lives if (d := growth(life.samples, figure)) is not None]
    grown = f"{max(differences):+g} at most" if differences else "the lives were too short"
    return f"{min(values):g} to {max(values):g}, {grown}"


def _one(life: Life | None) -> list[Life]:
    return [] if life is None else [life]


def _markdown(rows: Sequence[Row]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join((lines[0], "|" + "---|" * len(rows[0]), *lines[1:]))


def _plain(rows: Sequence[Row]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(word.ljust(w) for word, w in zip(row, widths, strict=True)).rstrip() for row in rows)
