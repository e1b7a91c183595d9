"""How well a model labels photographs whose contents are known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from video_labeler.errors import SourceError, SourceFormatError, SourceNotFoundError
from video_labeler.files.reading import read_json
from video_labeler.interface import VideoLabeler

_LARGEST = 100_000_000
"""Bytes; a million names take about half of it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One photograph: its true label, and the predicted one (``None``: not sure).

    ``error``: why it could not be read; then it does not count.
    """

    file: str
    truth: str
    said: str | None
    confidence: float
    error: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Shares of the photographs (0..1): ``exact`` labelled right, ``said`` labelled at all; ``precision``: their
    ratio.
    """

    count: int
    exact: float
    said: float
    precision: float


def read_truth(path: Path) -> dict[str, str]:
    """Read the true labels of photographs: a JSON object of file names to label names.

    Raises:
        SourceNotFoundError: there is no such file.
        SourceFormatError: it is something else.
    """
    try:
        content = read_json(path, _LARGEST)
    except FileNotFoundError as error:
        raise SourceNotFoundError(f"There is no file {path} with the true names.") from error
    except OSError as error:
        raise SourceFormatError(f"Cannot read {path}: {error.strerror}.") from error
    except ValueError as error:
        raise SourceFormatError(f"{path} is not JSON: {error}.") from error
    if not isinstance(content, dict) or not content or not all(map(_is_name, content, content.values())):
        raise SourceFormatError(f'{path} must hold one object of file names and label names: {{"a.jpg": "Mug"}}.')
    return content


def _is_name(file: str, name: object) -> bool:
    return isinstance(name, str) and "\0" not in file


def judge(labeler: VideoLabeler, folder: Path, truth: Mapping[str, str]) -> Iterator[Verdict]:
    """Name each photograph of ``truth`` by the first label of its most prominent object.

    Raises:
        SourceFormatError: the model has no label of that name.
    """
    names = {label.name for label in labeler.labeler.labels}
    unknown = sorted(set(truth.values()) - names)
    if unknown:
        raise SourceFormatError(
            f"The model has no label {unknown[0]!r}: names must be written as the model writes them."
        )
    for file, name in truth.items():
        try:
            objects = labeler.label_picture(folder / file).objects
        except SourceError as error:
            yield Verdict(file, name, None, 0.0, str(error))
            continue
        first = objects[0].predictions[0] if objects and objects[0].predictions else None
        if first is None:
            yield Verdict(file, name, None, 0.0)
        else:
            yield Verdict(file, name, first.label.name, first.confidence)


def summarised(verdicts: list[Verdict]) -> Evaluation:
    """Summarise all photographs that could be read.

    Raises:
        SourceFormatError: none could.
    """
    unread = [verdict for verdict in verdicts if verdict.error]
    verdicts = [verdict for verdict in verdicts if not verdict.error]
    count = len(verdicts)
    if not count:
        raise SourceFormatError(f"None of the photographs can be read. The first: {unread[0].error}")
    exact = sum(verdict.said == verdict.truth for verdict in verdicts)
    said = sum(verdict.said is not None for verdict in verdicts)
    return Evaluation(count, exact / count, said / count, exact / said if said else 0.0)
