"""The summary of a day on the stand, for people and for programs: figures only, nothing about any visitor."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from video_labeler.files.durability import write_atomically
from video_labeler.kiosk.day import Day
from video_labeler.kiosk.tally import LATENCY_STEPS_S
from video_labeler.text.percent import percent

_MOST_LABELS = 20
_MOST_RESTARTS = 10
"""The most restarts shown to people, the newest; programs get all that the day has kept."""


def write_summary(day: Day, folder: Path) -> None:
    """Write ``summary-DATE.txt`` and ``summary-DATE.json`` into a folder.

    Raises:
        OSError: they cannot be written.
    """
    write_atomically(
        folder / f"summary-{day.date}.json", json.dumps(summary(day), ensure_ascii=False, indent=1) + "\n", private=True
    )
    content = json.dumps(summary(day), ensure_ascii=False, indent=1)
    write_atomically(folder / f"summary-{day.date}.json", f"{content}\n", private=True)
    write_atomically(folder / f"summary-{day.date}.txt", summary_text(day), private=True)


def summary(day: Day) -> dict[str, Any]:
    """The figures of a day as plain values for JSON."""
    tally = day.tally
    return {
        "date": day.date,
        "first": day.first,
        "last": day.last,
        "up_share": _share(day),
        "up_s": round(day.up_s, 1),
        "down_s": round(day.down_s, 1),
        "longest_silence_s": round(day.longest_silence_s, 2),
        "most_memory_mb": day.most_memory_mb,
        "restarts": sum(day.reasons.values()),
        "restarts_by_reason": _by_count(day.reasons),
        "restarts_listed": day.to_json()["restarts"],
        "frames": {"captured": tally.captured, "labelled": tally.labelled, "shown_live": tally.shown},
        "dropped": _by_count(tally.dropped),
        "latency": {
            "median_at_most_s": quantile(tally.latencies, 0.5),
            "p95_at_most_s": quantile(tally.latencies, 0.95),
            "oldest_live_s": round(tally.oldest_live_s, 3),
        },
        "scenes_s": {name: round(seconds, 1) for name, seconds in sorted(tally.scenes.items())},
        "camera": {"losses": tally.camera_losses, "reconnects": tally.reconnects},
        "replays": tally.replays,
        "kinds": len(tally.labels),
        "celebrated": sum(tally.labels.values()),
        "labels": dict(list(_by_count(tally.labels).items())[:_MOST_LABELS]),
    }


def summary_text(day: Day) -> str:
    """The figures of a day for people: one per line."""
    rows = list(_rows(day))
    width = max(len(name) for name, _ in rows) + 2
    lines = [f"Video Labeler on the stand, {day.date}", ""]
    lines += [f"{name:<{width}}{value}" for name, value in rows]
    for title, items in (("Latest restarts", _restart_lines(day)), ("Things shown most", _label_lines(day))):
        if items:
            lines += ["", title, *(f"  {item}" for item in items)]
    return "\n".join(lines) + "\n"


def quantile(counts: tuple[int, ...], share: float) -> float | None:
    """The upper end of the range that holds that quantile of the latencies; ``None``: longer, or no latencies."""
    total = sum(counts)
    so_far = 0
    for step, count in zip(LATENCY_STEPS_S, counts, strict=False):
        so_far += count
        if total and so_far >= share * total:
            return step
    return None


def _rows(day: Day) -> Iterator[tuple[str, str]]:
    tally, share = day.tally, _share(day)
    yield "Signs of life", f"{_clock(day.first)} to {_clock(day.last)}"
    yield (
        "Up",
        f"{_length(day.up_s)}" + ("" if share is None else f" ({percent(share, 2)}), down {_length(day.down_s)}"),
    )
    yield "Restarts", _counted(sum(day.reasons.values()), day.reasons)
    yield "Most memory", f"{day.most_memory_mb:.0f} MB"
    yield "Frames", f"{tally.captured:,} captured, {tally.labelled:,} labelled, {tally.shown:,} shown live"
    yield "Dropped frames", _counted(sum(tally.dropped.values()), tally.dropped)
    yield "Age when shown", f"median {_at_most(tally.latencies, 0.5)}, 95 % {_at_most(tally.latencies, 0.95)}"
    yield "Oldest shown live", f"{tally.oldest_live_s:.2f} s"
    yield "Scenes", ", ".join(f"{name} {_length(s)}" for name, s in sorted(tally.scenes.items())) or "none"
    yield "Camera", f"lost {_times(tally.camera_losses)}, opened again {_times(tally.reconnects)}"
    yield "Replays", f"{tally.replays:,} saved"
    yield "Things", f"{sum(tally.labels.values()):,} celebrated, {len(tally.labels):,} kinds"


def _share(day: Day) -> float | None:
    total_s = day.up_s + day.down_s
    return round(day.up_s / total_s, 6) if total_s > 0 else None


def _restart_lines(day: Day) -> list[str]:
    return [
        f"{_clock(note.at)}  {note.reason}; "
        + ("not back" if note.back_after_s is None else f"back after {note.back_after_s:.1f} s")
        for note in day.restarts[-_MOST_RESTARTS:]
    ]


def _label_lines(day: Day) -> list[str]:
    return [f"{count:>5}  {name}" for name, count in list(_by_count(day.tally.labels).items())[:_MOST_LABELS]]


def _by_count(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _counted(total: int, parts: Mapping[str, int]) -> str:
    told = ", ".join(f"{name} {count:,}" for name, count in _by_count(parts).items() if count)
    return f"{total:,} ({told})" if told else f"{total:,}"


def _at_most(counts: tuple[int, ...], share: float) -> str:
    if not sum(counts):
        return "unknown"
    step = quantile(counts, share)
    return f"over {LATENCY_STEPS_S[-1]:g} s" if step is None else f"at most {step:g} s"


def _clock(iso: str | None) -> str:
    """The time of day in an ISO time."""
    return iso[11:19] if iso else "none"


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
