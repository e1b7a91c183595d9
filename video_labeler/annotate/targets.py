"""Which results an annotation writes, and what they are called."""

import os
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from itertools import groupby
from pathlib import Path

from video_labeler.errors import SourceError
from video_labeler.files.naming import LONGEST_ENDING, fitted_name
from video_labeler.sources.folder_search import holds_pictures, videos_below
from video_labeler.sources.naming import NamedSource, SourceKind, named_source


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

    def without(self, made: Collection[Path]) -> "Targets":
        """Those that are not ``made`` already."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return Targets(**{name: None if value in made else value for name, value in values.items()})


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
    """One input of many, and the name (without a suffix) that its results get below the output folder.

    ``problem`` is a sentence where it is known already that nothing can be made of it.
    """

    source: NamedSource
    stem: Path
    problem: str = ""


def plan_jobs(inputs: Sequence[str], output: Path) -> list[Job]:
    """An input for each source named, and for each video in the folders named, mirrored below ``output``.

    Each input has a name of its own for its results: where two would have the same, they keep their suffixes in it, or
    else the folders that they come from. The same file named twice is one input. What is wrong with one is its
    ``problem``, and costs itself alone.
    """
    found: dict[str, _Found] = {}
    problems: list[Job] = []
    for text in inputs:
        try:
            candidates = _inputs_of(named_source(text), output)
        except SourceError as error:
            problems.append(Job(NamedSource(text, SourceKind.ADDRESS), output / "video", str(error)))
            continue
        for item in candidates:
            if item.problem:
                problems.append(Job(item.source, output / "video", item.problem))
                continue
            known = found.get(item.identity)
            # Of a file and a link to it, the file gives the name.
            if known is None or (known.is_link and not item.is_link):
                found[item.identity] = item
    items = list(found.values())
    _tell_apart(items)
    return [Job(item.source, output / _fitted(item.name)) for item in items] + problems


class _Found:
    """An input with the parts of its name; how many of them are used is found out when all inputs are known."""

    def __init__(self, source: NamedSource, relative: Path, above: Sequence[str] = (), problem: str = "") -> None:
        self.source = source
        self.problem = problem
        path = source.path
        self.identity = source.text if path is None else os.path.realpath(path)
        self.is_link = path is not None and _whole(path) != Path(self.identity)
        self.suffix = relative.suffix[1:].lower() if source.kind is SourceKind.PATH else ""
        self.takes_suffix = False
        self.folders = 0
        self.number = 1
        self._relative = relative.with_suffix("") if self.suffix else relative
        self._above = [part for part in above if part not in ("/", "\\", "")]

    @property
    def name(self) -> Path:
        """What results are called, so far."""
        name = self._relative.name
        if self.takes_suffix:
            name = f"{name}-{self.suffix}"
        if self.number > 1:
            name = f"{name}-{self.number}"
        folders = self._above[len(self._above) - self.folders :]
        return Path(*folders, self._relative.parent, name)

    @property
    def key(self) -> str:
        """The same for names that a file system without upper case, or with letters of its own, takes for one."""
        return unicodedata.normalize("NFC", str(_fitted(self.name))).casefold()

    @property
    def has_more_folders(self) -> bool:
        """Whether the name can be told apart by one folder more."""
        return self.folders < len(self._above)


def _tell_apart(items: Sequence[_Found]) -> None:
    """Let no two have the same name."""
    while True:
        groups = defaultdict(list)
        for item in items:
            groups[item.key].append(item)
        equal = [group for group in groups.values() if len(group) > 1]
        if not equal:
            return
        for group in equal:
            _lengthen(group)


def _lengthen(group: Sequence[_Found]) -> None:
    suffixes = {item.suffix for item in group}
    if len(suffixes) == len(group) and not all(item.takes_suffix or not item.suffix for item in group):
        for item in group:
            item.takes_suffix = bool(item.suffix)
    elif any(item.has_more_folders for item in group):
        for item in group:
            item.folders += item.has_more_folders
    else:
        for item in group[1:]:
            item.number += 1


def _inputs_of(source: NamedSource, output: Path) -> list[_Found]:
    path = source.path
    if path is None or source.kind is not SourceKind.PATH:
        return [_Found(source, Path(source.stem))]
    if not os.path.lexists(path):
        return [_Found(source, Path("video"), problem=f"There is no file or folder {path}. Check its name.")]
    above = _whole(path).parts
    if not path.is_dir():
        return [_Found(source, Path(path.name), above[:-1])]
    content = videos_below(path, without=output)
    found = [_found_below(path, video, above) for video in _without_results(content.videos)]
    for closed in content.closed:
        problem = f"You may not look into the folder {closed}, or it cannot be read."
        found.append(_Found(NamedSource.of_path(closed), Path("video"), problem=problem))
    if found:
        return found
    if holds_pictures(path):
        return [_Found(NamedSource.of_path(path), Path(above[-1]), above[:-1])]
    return [_Found(source, Path("video"), problem=f"The folder {path} holds no video.")]


def _found_below(folder: Path, video: Path, above: Sequence[str]) -> _Found:
    return _Found(NamedSource.of_path(video), video.relative_to(folder), above)


def _without_results(videos: Sequence[Path]) -> Iterator[Path]:
    """Those that no batch has made."""
    from video_labeler.archive.made_from import ResultNotes

    for folder, files in groupby(videos, lambda video: video.parent):
        results = ResultNotes(folder).results()
        yield from (file for file in files if file.name not in results)


def _whole(path: Path) -> Path:
    """From the root on, with the names of links kept."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would give the names of what links lead to


def _fitted(name: Path) -> Path:
    """The name with room for all endings, also those of files in the making."""
    return name.with_name(fitted_name(name.name, LONGEST_ENDING))
