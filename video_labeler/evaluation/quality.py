"""How accurate labelling is on a clip with known content: names, boxes, flicker, identities."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from video_labeler.errors import SourceFormatError
from video_labeler.files.reading import read_json
from video_labeler.frames import Box, LabeledFrame, LabeledObject
from video_labeler.labeling.hierarchy import LabelHierarchy

_LARGEST = 100_000_000
"""Bytes; an hour of a busy clip takes about a third of it."""

_SAME_PLACE = 0.5
"""Intersection over union from which a box matches an object, as is usual in detection benchmarks."""

_MOSTLY_VISIBLE = 0.6
"""An object that is less visible, at the edge of the picture, is not expected, and any label for it is accepted."""


@dataclass(frozen=True, slots=True)
class TrueObject:
    """An object that a frame shows: its label's name, its exact box in pixels, and the visible share of it (0..1)."""

    name: str
    box: Box
    visible: float = 1.0


@dataclass(frozen=True, slots=True)
class Truth:
    """What each frame of a clip shows."""

    frames: tuple[tuple[TrueObject, ...], ...]
    rate: float


@dataclass(frozen=True, slots=True)
class Quality:
    """The accuracy of a clip's labels; shares are 0..1 and count each object once per frame that shows it.

    ``found``: a box is on the object, ``overlap`` being the mean intersection over union there. ``named``: it is headed
    by the exact name; ``named_broadly``: by that or a broader one. ``precision``: of the headings on objects, the
    share that is exact, ``precision_broadly`` or broader. ``elsewhere``: headings a frame on none of the known objects.
    ``flicker``: changes of an object's heading a second. ``switches``: how often an object got another track.
    """

    found: float
    overlap: float
    named: float
    named_broadly: float
    precision: float
    precision_broadly: float
    elsewhere: float
    flicker: float
    switches: int


def read_truth(path: Path) -> Truth:
    """Read the ground truth of a clip.

    Raises:
        SourceFormatError: the file is missing or something else.
    """
    try:
        content = read_json(path, _LARGEST)
        frames = tuple(
            tuple(
                TrueObject(str(item["name"]), Box(*map(_number, item["box"])), _number(item.get("visible", 1.0)))
                for item in frame["objects"]
            )
            for frame in content["frames"]
        )
        return Truth(frames, _rate(content["rate"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise SourceFormatError(f"{path} does not tell what a clip shows ({type(error).__name__}: {error}).") from error


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a number is not finite")
    return number


def _rate(value: Any) -> float:
    rate = _number(value)
    if rate <= 0:
        raise ValueError("the rate must be above 0")
    return rate


@dataclass(slots=True)
class _Counts:
    shown: int = 0
    found: int = 0
    overlap: float = 0.0
    headed: int = 0
    exact: int = 0
    broad: int = 0
    elsewhere: int = 0
    frames: int = 0
    changes: int = 0
    switches: int = 0
    headings: dict[str, str] = field(default_factory=dict)
    tracks: dict[str, int] = field(default_factory=dict)


def measure(labeled_frames: Iterable[LabeledFrame], truth: Truth, hierarchy: LabelHierarchy) -> Quality:
    """Compare labelled frames, in order, with the truth about them.

    An object that appears several times under the same name counts as one, as in the demo clip. What is
    only an edge of an object neither counts for nor against.
    """
    rows: defaultdict[str, set[int]] = defaultdict(set)
    for row, name in enumerate(hierarchy.names):
        rows[name].add(row)
    broader = {
        name: {hierarchy.names[above] for row in rows[name] for above in hierarchy.ancestors(row)} for name in rows
    }
    counts = _Counts()
    for labeled, shown in zip(labeled_frames, truth.frames, strict=False):
        counts.frames += 1
        taken: set[int] = set()
        for item in sorted(shown, key=lambda item: -item.visible):
            found = _on(item.box, labeled.objects, taken)
            if found is not None:
                taken.add(found)
            if item.visible < _MOSTLY_VISIBLE:
                continue
            counts.shown += 1
            if found is not None:
                _count(counts, item, labeled.objects[found], broader.get(item.name, set()))
        counts.elsewhere += sum(bool(o.predictions) and i not in taken for i, o in enumerate(labeled.objects))
    return _summarised(counts, truth.rate)


def _on(box: Box, objects: Sequence[LabeledObject], taken: set[int]) -> int | None:
    """The index of the object whose box is most on ``box``."""
    overlaps = [(box.overlap(item.box), index) for index, item in enumerate(objects) if index not in taken]
    best = max(overlaps, default=(0.0, 0))
    return best[1] if best[0] >= _SAME_PLACE else None


def _count(counts: _Counts, item: TrueObject, found: LabeledObject, broader: set[str]) -> None:
    counts.found += 1
    counts.overlap += item.box.overlap(found.box)
    counts.switches += counts.tracks.get(item.name, found.track_id) != found.track_id
    counts.tracks[item.name] = found.track_id
    heading = found.predictions[0].label.name if found.predictions else ""
    counts.changes += counts.headings.get(item.name, heading) != heading
    counts.headings[item.name] = heading
    if heading:
        counts.headed += 1
        counts.exact += heading == item.name
        counts.broad += heading == item.name or heading in broader


def _summarised(counts: _Counts, rate: float) -> Quality:
    shown, found, headed = max(counts.shown, 1), max(counts.found, 1), max(counts.headed, 1)
    return Quality(
        found=counts.found / shown,
        overlap=counts.overlap / found,
        named=counts.exact / shown,
        named_broadly=counts.broad / shown,
        precision=counts.exact / headed,
        precision_broadly=counts.broad / headed,
        elsewhere=counts.elsewhere / max(counts.frames, 1),
        flicker=counts.changes / (found / rate),
        switches=counts.switches,
    )
