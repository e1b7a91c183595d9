"""Which results an annotation writes, and their file names."""

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
from video_labeler.sources.source_list import BadEntry

MANIFEST_NAME = "annotate.manifest.jsonl"
"""What a batch keeps in the folder of its results about its inputs."""

_RESERVED = MANIFEST_NAME.removesuffix(".jsonl")
"""Its labels would have the name of the manifest."""


class Export(StrEnum):
    """A file format for labels as data, named as on the command line."""

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
        """The files to write."""
        values = (getattr(self, item.name) for item in fields(self))
        return tuple(value for value in values if value is not None)

    def without(self, made: Collection[Path]) -> "Targets":
        """Those that are not ``made`` already."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return Targets(**{name: None if value in made else value for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which results to write for every input: the video, exports and the report."""

    video: bool = True
    exports: frozenset[Export] = frozenset()
    report: bool = False


def targets_for(stem: Path, suffix: str, wanted: Wanted, labels: Path | None = None) -> Targets:
    """The results in one folder, all named after ``stem``; ``labels`` puts the JSON Lines elsewhere."""

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
    """One input of a batch, and the name (without a suffix) of its results below the output folder.

    ``problem``: why it cannot be annotated, as a sentence, where that is already known.
    """

    source: NamedSource
    stem: Path
    problem: str = ""


def plan_jobs(inputs: Sequence[str], output: Path, bad: Sequence[BadEntry] = ()) -> list[Job]:
    """An input for each source named, and for each video in the folders named, mirrored below ``output``.

    Each input's results get a unique name: where two would be the same, they keep their suffixes, or
    else gain the names of their folders. The same file named twice is one input. A problem with one input is its
    ``problem``, and does not affect the others.
    """
    found: dict[str, _Found] = {}
    problems = [Job(_named_nothing(entry.words), output / "video", entry.problem) for entry in bad]
    for text in inputs:
        try:
            candidates = _inputs_of(named_source(text), output)
        except SourceError as error:
            problems.append(Job(_named_nothing(text), output / "video", str(error)))
            continue
        for item in candidates:
            if item.problem:
                problems.append(Job(item.source, output / "video", item.problem))
                continue
            known = found.get(item.identity)
            # Where both a file and a link to it are named, the file gives the name.
            if known is None or (known.is_link and not item.is_link):
                found[item.identity] = item
    items = list(found.values())
    _make_unique(items)
    return [Job(item.source, output / _fitted(item.name)) for item in items] + problems


def _named_nothing(text: str) -> NamedSource:
    """The name of what is not a source, of which nothing secret is shown."""
    return NamedSource(text, SourceKind.ADDRESS)


class _Found:
    """An input with the parts of its name; how many are needed is decided once all inputs are known."""

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
        """The name of the results, as decided so far."""
        name = self._relative.name
        if self.takes_suffix:
            name = f"{name}-{self.suffix}"
        if self.number > 1:
            name = f"{name}-{self.number}"
        folders = self._above[len(self._above) - self.folders :]
        return Path(*folders, self._relative.parent, name)

    @property
    def key(self) -> str:
        """Equal for names that a file system may treat as the same: case and Unicode normalisation are ignored."""
        return unicodedata.normalize("NFC", str(_fitted(self.name))).casefold()

    @property
    def has_more_folders(self) -> bool:
        """Whether one more folder can make the name unique."""
        return self.folders < len(self._above)


def _make_unique(items: Sequence[_Found]) -> None:
    """Make all names unique."""
    for item in items:
        if item.key == _RESERVED:
            item.number += 1
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
        problem = f"The folder {closed} cannot be read, or you may not open it."
        found.append(_Found(NamedSource.of_path(closed), Path("video"), problem=problem))
    if found:
        return found
    if holds_pictures(path):
        return [_Found(NamedSource.of_path(path), Path(above[-1]), above[:-1])]
    return [_Found(source, Path("video"), problem=f"The folder {path} holds no video.")]


def _found_below(folder: Path, video: Path, above: Sequence[str]) -> _Found:
    return _Found(NamedSource.of_path(video), video.relative_to(folder), above)


def _without_results(videos: Sequence[Path]) -> Iterator[Path]:
    """The videos that are not results of a batch."""
    from video_labeler.archive.made_from import ResultNotes

    for folder, files in groupby(videos, lambda video: video.parent):
        results = ResultNotes(folder).results()
        yield from (file for file in files if file.name not in results)


def _whole(path: Path) -> Path:
    """The absolute path, with the names of links kept."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would give the names of what links lead to


def _fitted(name: Path) -> Path:
    """The name, shortened so that every ending fits, also those of partial files."""
    return name.with_name(fitted_name(name.name, LONGEST_ENDING))
