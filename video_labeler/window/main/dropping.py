"""Recognises what was dropped on the window or chosen in a dialog."""

import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PyQt6.QtCore import QMimeData, QUrl

from video_labeler.sources.file_content import PICTURE_SUFFIXES, FileContent, content_of
from video_labeler.sources.folder_search import VIDEO_SUFFIXES, may_be_video
from video_labeler.sources.source_list import LIST_SUFFIXES, may_hold_sources
from video_labeler.text.shown import shown
from video_labeler.window import texts
from video_labeler.window.controls.source_kinds import address_problem, shown_source

_SCHEMES = frozenset({"rtsp", "rtsps", "http", "https", "rtmp", "rtmps", "srt", "tcp", "udp"})
_MODEL_ENDINGS = (".tflite", ".tar.gz", ".tgz")

_OTHER_STARTS = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x7fELF",
    b"MZ",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"{\\rtf",
    b"\xd0\xcf\x11\xe0",
)


class DropKind(Enum):
    """What is to be done with it."""

    SOURCE = "source"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was dropped: a text that names a source or a model."""

    kind: DropKind
    text: str


@dataclass(frozen=True, slots=True)
class Dragged:
    """What is being dragged: the ``things`` that the window can use, and why it cannot use the first of the others.

    ``refusal`` is a sentence, empty if everything can be used.
    """

    things: tuple[Dropped, ...] = ()
    refusal: str = ""

    @property
    def words(self) -> str:
        """What dropping will do, or why it will do nothing."""
        models = [thing for thing in self.things if thing.kind is DropKind.MODEL]
        sources = [thing for thing in self.things if thing.kind is DropKind.SOURCE]
        if models:
            return texts.DROP_MODEL.format(name=shown(Path(models[0].text).name))
        if len(sources) > 1:
            return texts.DROP_SEVERAL.format(count=len(sources))
        return texts.DROP_SOURCE.format(name=shown_source(sources[0].text).name) if sources else self.refusal


def dragged(data: QMimeData | None) -> Dragged:
    """Classify ``data``: local files and folders, addresses of streams, models, and anything else."""
    if data is None:
        return Dragged()
    urls = data.urls()
    if not urls and data.hasText():
        return _written(data.text().strip())
    judged = [_judged(url) for url in urls]
    refusals = [each for each in judged if isinstance(each, str)]
    return Dragged(
        tuple(each for each in judged if isinstance(each, Dropped)),
        refusals[0] if refusals else "" if judged else texts.DROP_NOTHING,
    )


def _written(text: str) -> Dragged:
    """An address or a path that was dragged as text."""
    if "\n" in text or not ("://" in text or os.path.isabs(text)):  # noqa: PTH117 - a text, which need not be a path
        return Dragged((), texts.DROP_TEXT)
    problem = address_problem(text)
    return Dragged((), problem) if problem else Dragged((Dropped(DropKind.SOURCE, text),))


def _judged(url: QUrl) -> Dropped | str:
    if url.isLocalFile():
        return _local(Path(url.toLocalFile()))
    if url.scheme() in _SCHEMES:
        # As written: decoded, a password could break the address.
        return Dropped(DropKind.SOURCE, bytes(url.toEncoded().data()).decode())
    return texts.DROP_SCHEME.format(scheme=shown(url.scheme()))


def _local(path: Path) -> Dropped | str:
    name = shown(path.name or str(path))
    if not path.exists():
        return texts.DROP_GONE.format(name=name)
    if path.name.lower().endswith(_MODEL_ENDINGS) or (path / "saved_model.pb").is_file():
        return Dropped(DropKind.MODEL, str(path))
    if path.is_dir():
        return Dropped(DropKind.SOURCE, str(path)) if may_hold_sources(path) else texts.DROP_EMPTY.format(name=name)
    if path.suffix.lower() in LIST_SUFFIXES:
        return Dropped(DropKind.SOURCE, str(path))
    if _begins_as_other(path):
        return texts.DROP_UNFIT.format(name=name)
    is_known = path.suffix.lower() in VIDEO_SUFFIXES | PICTURE_SUFFIXES or content_of(path) is not FileContent.UNKNOWN
    return Dropped(DropKind.SOURCE, str(path)) if is_known or may_be_video(path) else texts.DROP_UNFIT.format(name=name)


def _begins_as_other(path: Path) -> bool:
    """Whether it is a document, an archive or a program, which may_be_video does not recognise."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(8).startswith(_OTHER_STARTS)
    except (OSError, ValueError):
        return False
