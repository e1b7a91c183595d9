"""Which results an annotation writes, and what they are called."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path

from video_labeler.errors import SourceNotFoundError

VIDEO_SUFFIXES = frozenset(
    {
        ".3gp", ".asf", ".avi", ".flv", ".gif", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts",
        ".mxf", ".ogv", ".ts", ".vob", ".webm", ".wmv",
    }
)  # fmt: skip
"""What counts as a video when a folder is searched."""


class Export(StrEnum):
    """A form of the labels as data, named as on the command line."""

    JSONL = "jsonl"
    CSV = "csv"
    VTT = "vtt"
    SRT = "srt"
    COCO = "coco"


@dataclass(frozen=True, slots=True)
class Targets:
    """The files that one annotation writes; ``None`` for those that are not wanted."""

    video: Path | None = None
    jsonl: Path | None = None
    csv: Path | None = None
    vtt: Path | None = None
    srt: Path | None = None
    coco: Path | None = None
    report: Path | None = None

    def paths(self) -> tuple[Path, ...]:
        """Those that are wanted."""
        values = (getattr(self, item.name) for item in fields(self))
        return tuple(value for value in values if value is not None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written for every input: the video or not, which exports, the report or not."""

    video: bool = True
    exports: frozenset[Export] = frozenset()
    report: bool = False


def targets_for(stem: Path, suffix: str, wanted: Wanted, labels: Path | None = None) -> Targets:
    """The results beside each other, all named after ``stem``; ``labels`` puts the JSON Lines somewhere else."""

    def beside(ending: str, *, is_wanted: bool) -> Path | None:
        return stem.with_name(stem.name + ending) if is_wanted else None

    exports = wanted.exports
    return Targets(
        video=beside(suffix, is_wanted=wanted.video),
        jsonl=labels or beside(".jsonl", is_wanted=Export.JSONL in exports),
        csv=beside(".csv", is_wanted=Export.CSV in exports),
        vtt=beside(".vtt", is_wanted=Export.VTT in exports),
        srt=beside(".srt", is_wanted=Export.SRT in exports),
        coco=beside(".coco.json", is_wanted=Export.COCO in exports),
        report=beside(".report.html", is_wanted=wanted.report),
    )


@dataclass(frozen=True, slots=True)
class Job:
    """One input of many, and the name (without a suffix) that its results get below the output folder."""

    source: Path
    stem: Path


def plan_jobs(inputs: Sequence[Path], output: Path) -> list[Job]:
    """An input for each file, and for each video in the folders named, mirrored below ``output``.

    Two inputs that would get the same name keep their suffixes in it.

    Raises:
        SourceNotFoundError: an input is not there, or a folder holds no video.
    """
    found = [(source, relative) for path in inputs for source, relative in _videos_of(path, output)]
    unique = dict(found)
    names = Counter(relative.with_suffix("") for relative in unique.values())
    return [Job(source, output / _stem(relative, names)) for source, relative in unique.items()]


def holds_videos(folder: Path) -> bool:
    """Whether a folder is one of videos rather than of pictures."""
    return any(_is_video(path) for path in folder.rglob("*"))


def _stem(relative: Path, names: Counter[Path]) -> Path:
    stem = relative.with_suffix("")
    return stem if names[stem] == 1 else stem.with_name(f"{stem.name}-{relative.suffix[1:].lower()}")


def _videos_of(path: Path, output: Path) -> Iterable[tuple[Path, Path]]:
    if not path.exists():
        raise SourceNotFoundError(f"There is no file or folder {path}. Check its name.")
    if not path.is_dir():
        return [(path, Path(path.name))]
    results = output.resolve()
    videos = sorted(file for file in path.rglob("*") if _is_video(file) and results not in file.resolve().parents)
    if not videos:
        raise SourceNotFoundError(f"The folder {path} holds no video.")
    return [(video, video.relative_to(path)) for video in videos]


def _is_video(path: Path) -> bool:
    return path.suffix.lower() in VIDEO_SUFFIXES and ".partial" not in path.suffixes and path.is_file()
