"""The sink that keeps the search index beside annotated videos up to date."""

import json
import logging
import os
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from video_labeler.archive.index_file import INDEX_NAME, Recording, replace_recording
from video_labeler.archive.index_guard import IndexProblemError
from video_labeler.archive.stretches import StretchBuilder, TrackStretch
from video_labeler.frames import Label, LabeledFrame, Prediction
from video_labeler.movie.frame_clock import FrameClock
from video_labeler.sources.base import SourceInfo

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """A file, and the time at which it starts (seconds since the first frame of all)."""

    path: Path
    start_s: float = 0.0


class LabelIndex:
    """A sink that collects which label is seen when, and writes it to the index in ``folder``.

    Call :meth:`update` once the files are in place. ``source`` and ``model`` are stored as they are.
    No failure here stops the annotation: :attr:`problem` describes it, and the index stays as it was.
    """

    name = "index"

    def __init__(self, folder: Path, source: str, model: str) -> None:
        self._index = folder / INDEX_NAME
        self._source = source
        self._model = model
        self._stretches = StretchBuilder()
        self._clock = FrameClock()
        # Hours of stretches are spooled to disk, so that the index is locked only briefly.
        self._spool: TextIO | None = None
        self._problem: str | None = None

    @property
    def problem(self) -> str | None:
        """Why the index could not be updated, as a sentence; ``None`` where it could."""
        return self._problem

    def open(self, info: SourceInfo) -> None:
        """Start collecting."""
        self._clock = FrameClock(info.rate)
        try:
            self._spool = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - lives until update()
            weakref.finalize(self, self._spool.close)
        except OSError as error:
            self._give_up(f"The index {self._index} was not updated: {error.strerror}.")

    def write(self, labeled: LabeledFrame) -> None:
        """Collect the stretches that ended with this frame."""
        if self._spool is not None:
            self._clock.tick(labeled.frame.time_s, labeled.frame.duration_s)
            self._keep(self._stretches.add(labeled))

    def close(self, *, completed: bool) -> None:
        """Finish collecting; after a failure there is nothing to write."""
        self._keep(self._stretches.finish(self._clock.end_s))
        if not completed:
            self._drop()

    def update(self, files: Sequence[IndexedFile]) -> None:
        """Replace what the index holds about these files; several are the parts of one, in order.

        Raises:
            KeyboardInterrupt: the user stopped it; :attr:`problem` says so, too.
        """
        if self._spool is None:
            return
        try:
            for file, until_s in zip(files, [*(later.start_s for later in files[1:]), self._clock.end_s], strict=True):
                self._spool.seek(0)
                name = _stored_path(file.path, self._index.parent)
                recording = Recording(name, self._source, self._model, until_s - file.start_s)
                replace_recording(self._index, recording, _part(_read(self._spool), file.start_s, until_s))
        except (IndexProblemError, OSError) as error:
            self._give_up(str(error))
        except KeyboardInterrupt:
            self._give_up(f"The index {self._index} was not updated, because you stopped it.")
            raise
        finally:
            self._drop()

    def _drop(self) -> None:
        if self._spool is not None:
            self._spool.close()
            self._spool = None

    def _keep(self, stretches: Iterable[TrackStretch]) -> None:
        if self._spool is None:
            return
        try:
            self._spool.writelines(_line(stretch) for stretch in stretches)
        except OSError as error:
            self._drop()
            self._give_up(f"The index {self._index} was not updated: {error.strerror}.")

    def _give_up(self, problem: str) -> None:
        self._problem = problem
        _log.info(problem)


def _stored_path(file: Path, folder: Path) -> str:
    """The path, relative to the index where it is below it, so that the whole folder can be moved."""
    absolute = Path(os.path.realpath(file.parent)) / file.name
    try:
        return absolute.relative_to(os.path.realpath(folder)).as_posix()
    except ValueError:
        return str(absolute)


def _line(stretch: TrackStretch) -> str:
    record = (
        stretch.track_id,
        _listed(Prediction(stretch.label, stretch.confidence)),
        round(stretch.start_s, 6),
        round(stretch.end_s, 6),
        [_listed(other) for other in stretch.broader],
    )
    return json.dumps(record) + "\n"


def _listed(prediction: Prediction) -> tuple[int, str, str, float]:
    label = prediction.label
    return label.row, label.id, label.name, round(prediction.confidence, 4)


def _read(spool: TextIO) -> Iterator[TrackStretch]:
    for line in spool:
        track_id, first, start_s, end_s, others = json.loads(line)
        broader = tuple(Prediction(Label(*other[:3]), other[3]) for other in others)
        yield TrackStretch(track_id, Label(*first[:3]), first[3], start_s, end_s, broader)


def _part(stretches: Iterable[TrackStretch], start_s: float, end_s: float) -> Iterator[TrackStretch]:
    """The stretches between two times, in seconds since the first of them."""
    for stretch in stretches:
        first_s, last_s = max(stretch.start_s, start_s), min(stretch.end_s, end_s)
        if last_s > first_s:
            yield replace(stretch, start_s=first_s - start_s, end_s=last_s - start_s)
