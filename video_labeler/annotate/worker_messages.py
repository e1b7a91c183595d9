"""The messages between a batch and its workers.

A worker trusts the program that started it, so requests are pickled. The program does not trust a worker in the same
way, since it has read files of others: its answers are lines of JSON, and nothing in them is executed.
"""

import json
import logging
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO, Any

from video_labeler import errors
from video_labeler.annotate.annotation import AnnotateResult, Progress
from video_labeler.annotate.work import Failure, ModelFacts
from video_labeler.errors import VideoLabelerError
from video_labeler.exports.summary import SeenLabel
from video_labeler.files.reading import parsed_json
from video_labeler.settings import LabelListSettings, ModelSettings
from video_labeler.sources.base import SourceState, SourceStatus

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Start:
    """The first request: load these models, whose labels must have the names of the lists."""

    models: ModelSettings
    labels: LabelListSettings
    picture_threads: int
    log_level: int


Answer = ModelFacts | Progress | AnnotateResult | Failure
"""What a worker says: its models are loaded; how far a file is; a file is done; loading or a file failed."""


def send(stream: IO[bytes], answer: Answer) -> None:
    """Write an answer; nobody may listen any more."""
    match answer:
        case ModelFacts():
            values: dict[str, Any] = {"kind": "loaded"} | asdict(answer)
        case Progress(frames, in_all, rate, status):
            values = {"kind": "progress", "frames": frames, "in_all": in_all, "rate": rate}
            values |= {"state": status.state.value, "since_s": status.since_s, "message": status.message}
        case AnnotateResult():
            values = {"kind": "done"} | asdict(answer) | {"videos": [str(path) for path in answer.videos]}
        case Failure(sentence, kind):
            values = {"kind": "failed", "sentence": sentence, "error": kind.__name__}
    with suppress(OSError, ValueError):
        stream.write(json.dumps(values).encode() + b"\n")
        stream.flush()


def parse(line: bytes) -> Answer | None:
    """Read an answer; ``None`` where it is not one."""
    try:
        values = parsed_json(line)
        match values["kind"]:
            case "loaded":
                return ModelFacts(**_of(ModelFacts, values))
            case "progress":
                status = SourceStatus(SourceState(values["state"]), float(values["since_s"]), str(values["message"]))
                return Progress(int(values["frames"]), values["in_all"], float(values["rate"]), status)
            case "done":
                return _result(values)
            case "failed":
                return Failure(str(values["sentence"]), _kind_of_error(str(values["error"])))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        _log.debug("A worker said something that is not an answer")
    return None


def _result(values: dict[str, Any]) -> AnnotateResult:
    given = _of(AnnotateResult, values)
    given["videos"] = tuple(Path(path) for path in values["videos"])
    given["losses"] = tuple(map(str, values["losses"]))
    given["seen"] = tuple(SeenLabel(**_of(SeenLabel, label)) for label in values["seen"])
    return AnnotateResult(**given)


def _of(kind: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {item.name: values[item.name] for item in fields(kind)}


def _kind_of_error(name: str) -> type[VideoLabelerError]:
    kind = getattr(errors, name, None)
    return kind if isinstance(kind, type) and issubclass(kind, VideoLabelerError) else VideoLabelerError
