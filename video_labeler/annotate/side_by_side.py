"""Annotates the inputs of a batch in several processes, so that all cores are used and no crash ends the rest."""

import glob
import logging
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from video_labeler.annotate.annotation import AnnotateResult, Progress, interrupts_noted
from video_labeler.annotate.batch import STOPPED, Batch, BatchResult, annotate_in_turn
from video_labeler.annotate.results import where_the_rest_is
from video_labeler.annotate.work import Failure, Work
from video_labeler.annotate.worker_messages import Start
from video_labeler.annotate.worker_pool import Lost, Said, WorkerPool
from video_labeler.errors import VideoLabelerError
from video_labeler.files.partial_file import partials_of
from video_labeler.system.capacity import usable_cores

_log = logging.getLogger(__name__)

_LOOK_EVERY_S = 0.2
_STOPPED = "Stopped before it was done."
_NO_WORKERS = "No process could be started for it."


def annotate_all(batch: Batch, at_once: int | None) -> BatchResult:
    """Annotate the inputs of a batch, at most ``at_once`` at a time; ``None``: as many as there are cores.

    Raises:
        VideoLabelerError: a model cannot be used, or knows no label of a listed name.
    """
    inputs = sum(not job.problem for job, _ in batch.jobs)
    workers = min(at_once or usable_cores(), inputs)
    with closing(batch):
        return annotate_side_by_side(batch, workers) if workers > 1 else annotate_in_turn(batch)


def annotate_side_by_side(batch: Batch, workers: int) -> BatchResult:
    """Annotate the inputs of a batch in at most ``workers`` processes, which share the threads of the settings.

    The results are those of :func:`batch.annotate_in_turn`. An input whose process ends is tried once more. After
    Ctrl-C those in the making end early and are kept; the second ends all at once.

    Raises:
        VideoLabelerError: a model cannot be used, or knows no label of a listed name.
    """
    settings = batch.options.settings
    models = replace(settings.models, threads=max(1, settings.models.threads // workers))
    picture_threads = max(1, usable_cores() // workers)
    start = Start(models, settings.labels, picture_threads, logging.getLogger().getEffectiveLevel())
    with WorkerPool(start, workers) as pool:
        batch.begin(pool.open())
        run = _Run(batch, pool)
        try:
            with interrupts_noted() as interrupts:
                run.to_its_end(interrupts)
        except KeyboardInterrupt:
            pool.kill()
            run.give_up()
            return batch.result(stopped=True)
        return batch.result(stopped=bool(interrupts))


class _Run:
    """One run of a batch: the inputs that wait, and those that a worker has."""

    def __init__(self, batch: Batch, pool: WorkerPool) -> None:
        self._batch = batch
        self._pool = pool
        self._waiting = deque(range(len(batch.jobs)))
        self._given: dict[int, _Given] = {}
        self._second_try: set[int] = set()
        self._is_stopping = False

    def to_its_end(self, interrupts: Sequence[int]) -> None:
        """Go on until every input is done, or until those in the making have ended after an interrupt."""
        while self._given or (self._waiting and not self._is_stopping):
            if interrupts and not self._is_stopping:
                self._is_stopping = True
                self._pool.finish()
            # With thousands of inputs that are done already, what the workers say and Ctrl-C are heard in between.
            goes_on = not self._is_stopping and self._take_next()
            match self._pool.next_event(0.0 if goes_on else _LOOK_EVERY_S):
                case Said(number, Progress() as now):
                    self._batch.watch.show(self._batch.jobs[number][0].source.shown, now)
                case Said(number, AnnotateResult() as result):
                    self._batch.done(number, self._given.pop(number).work, result)
                case Said(number, Failure() as failure):
                    del self._given[number]
                    self._batch.fail(number, failure)
                case Lost(number, how):
                    self._lost(number, how)

    def give_up(self) -> None:
        """Record what is in the making as not done."""
        for number, given in self._given.items():
            self._batch.leave(number, given.told_after(_STOPPED if given.rest() else STOPPED))
        self._given.clear()

    def _take_next(self) -> bool:
        """Take the next input, if there is room for it: give it to a worker, or record why not; whether there was."""
        if not self._waiting or not (self._pool.is_gone or self._pool.has_room()):
            return False
        number = self._waiting.popleft()
        # Decided only now, and once more for a second try, for which there may be results of the first.
        work = self._batch.work_on(number)
        if work is not None and self._pool.is_gone:
            self._batch.leave(number, _NO_WORKERS)
        elif work is not None:
            self._given[number] = _Given(work, frozenset(_partials_of(work)))
            self._pool.give(number, work)
        return True

    def _lost(self, number: int, how: str) -> None:
        given = self._given.pop(number)
        if self._is_stopping:
            self._batch.leave(number, given.told_after(_STOPPED if given.rest() else STOPPED))
        elif number in self._second_try:
            told = f"The process that annotated it {how}, and so did the one that tried it again."
            self._batch.fail(number, Failure(given.told_after(told), VideoLabelerError))
        else:
            _log.info("A process %s, and its input is tried again", how)
            self._second_try.add(number)
            self._waiting.appendleft(number)
            for path in given.rest():
                with suppress(OSError):
                    path.unlink()


@dataclass(frozen=True, slots=True)
class _Given:
    """What a worker was given, and the partial files that were there before."""

    work: Work
    before: frozenset[Path]

    def rest(self) -> list[Path]:
        """The partial files that it has begun and not completed."""
        return sorted(path for path in _partials_of(self.work) if path not in self.before)

    def told_after(self, sentence: str) -> str:
        """The sentence, and where to find what was begun."""
        return f"{sentence} {where_the_rest_is(self.rest())}".rstrip()


def _partials_of(work: Work) -> Iterator[Path]:
    for target in work.targets.paths():
        yield from partials_of(target)
        if target == work.segmented:
            parts = f"{glob.escape(target.stem)}-[0-9]*.partial*{glob.escape(target.suffix)}"
            yield from target.parent.glob(parts)
