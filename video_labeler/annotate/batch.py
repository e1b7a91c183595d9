"""Annotates many inputs in one call, one after the other or side by side; failures are reported at the end."""

import os
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Protocol

from video_labeler.annotate.annotation import AnnotateOptions, AnnotateResult, Progress
from video_labeler.annotate.manifest import InputStamp, Manifest
from video_labeler.annotate.targets import Job, Targets
from video_labeler.annotate.work import Failure, MadeWith, ModelFacts, Work, annotate, check_inputs, work_on
from video_labeler.archive.made_from import ResultNotes
from video_labeler.errors import OutputError, SourceError
from video_labeler.labeling.label_mask import check_label_names
from video_labeler.labeling.loading import load_models


class Outcome(Enum):
    """What became of one input."""

    DONE = "done"
    SKIPPED = "skipped"
    """Its results were there already."""
    FAILED = "failed"
    TO_DO = "to do"
    """It would be annotated: where nothing is, only listed."""


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One input of many, with what came of it: a result, or the sentence that says why not."""

    job: Job
    targets: Targets
    outcome: Outcome
    result: AnnotateResult | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What came of the inputs, in their order; those that were not reached before it was ``stopped`` are left out.

    ``problem``: what could not be recorded of it, as a sentence.
    """

    items: tuple[BatchItem, ...]
    stopped: bool = False
    problem: str | None = None


class Watch(Protocol):
    """Is told how a batch goes on."""

    def show(self, name: str, now: Progress) -> None:
        """An input is being annotated."""

    def end(self, name: str) -> None:
        """An input is done, skipped or failed."""


STOPPED = "Stopped before it began."
_NOT_AGAIN = "It failed before, and was not tried again: add --retry-failed for that."


class Batch:
    """What is known of the inputs of a batch, and what has become of them so far.

    Its manifest lies in the folder ``output``. With ``retry_failed``, what failed before is tried again.
    """

    def __init__(
        self,
        jobs: Sequence[tuple[Job, Targets]],
        options: AnnotateOptions,
        output: Path,
        watch: Watch,
        *,
        retry_failed: bool = False,
    ) -> None:
        self.jobs = jobs
        self.options = options
        self.watch = watch
        self._output = output
        self._retry_failed = retry_failed or options.recording.overwrite
        self._made_with: MadeWith | None = None
        self._manifest: Manifest | None = None
        self._items: dict[int, BatchItem] = {}
        self._begun: dict[int, tuple[InputStamp, float]] = {}
        self._inputs = {os.path.realpath(job.source.path) for job, _ in jobs if job.source.path is not None}
        self._notes: dict[Path, ResultNotes] = {}

    def begin(self, models: ModelFacts, *, dry: bool = False) -> None:
        """Begin with these models; ``dry``: only to look.

        Raises:
            OutputError: the results in the folder were made with other options, or another program writes there.
        """
        made_with = self._made_with = MadeWith.of(self.options, models)
        if dry:
            self._manifest = Manifest.look(self._output)
        elif any(not job.problem for job, _ in self.jobs):
            try:
                self._output.mkdir(parents=True, exist_ok=True)
            except OSError:
                # Each input says so of its results.
                return
            self._manifest = Manifest.open(self._output)
        if self._manifest is not None:
            with_video = any(targets.video is not None for _, targets in self.jobs)
            options = made_with.of_video if with_video else made_with.of_all
            self._manifest.settle(options, overwrite=self.options.recording.overwrite)

    def work_on(self, number: int) -> Work | None:
        """What is to be made of an input; ``None`` where nothing is, which has then been recorded."""
        assert self._made_with is not None, "it has begun"
        job, targets = self.jobs[number]
        stamp = InputStamp.of(job.source, self._output)
        self._begun[number] = stamp, time.monotonic()
        if job.problem:
            self.fail(number, Failure(job.problem, SourceError))
            return None
        folder = job.stem.parent
        notes = self._notes.setdefault(folder, ResultNotes(folder))
        try:
            check_inputs(targets, self._inputs)
            unchanged = self._manifest is not None and self._manifest.has_done(stamp)
            work = work_on(job, targets, self.options, self._made_with, notes, unchanged=unchanged)
        except Exception as error:  # noqa: BLE001 - one bad input must not stop the others
            self.fail(number, Failure.of(error, f"Annotating {job.source.shown}"))
            return None
        manifest = self._manifest
        if work is None:
            if manifest is not None:
                manifest.skipped(stamp, targets.paths())
            self._add(number, BatchItem(job, targets, Outcome.SKIPPED))
            return None
        before = None if manifest is None or self._retry_failed else manifest.failed_before(stamp)
        if before is not None:
            self.leave(number, f"{before} {_NOT_AGAIN}")
            return None
        return work

    def done(self, number: int, work: Work, result: AnnotateResult) -> None:
        """Record that an input was annotated."""
        job, targets = self.jobs[number]
        if self._manifest is not None and not result.stopped:
            stamp, begun_s = self._begun.pop(number)
            others = [path for path in work.targets.paths() if path != work.targets.video]
            self._manifest.done(stamp, [*result.videos, *others], time.monotonic() - begun_s, result.frames)
        self._add(number, BatchItem(job, targets, Outcome.DONE, result))

    def fail(self, number: int, failure: Failure) -> None:
        """Record that an input failed."""
        if self._manifest is not None:
            stamp, begun_s = self._begun.pop(number)
            of_results = issubclass(failure.kind, OutputError)
            self._manifest.failed(stamp, failure.sentence, time.monotonic() - begun_s, of_results=of_results)
        self.leave(number, failure.sentence)

    def leave(self, number: int, sentence: str) -> None:
        """Record that an input was not done in this run."""
        job, targets = self.jobs[number]
        self._add(number, BatchItem(job, targets, Outcome.FAILED, error=sentence))

    def put_down(self, number: int, work: Work) -> None:
        """Record that an input would be annotated, and with which results."""
        self._items[number] = BatchItem(self.jobs[number][0], work.targets, Outcome.TO_DO)

    def result(self, *, stopped: bool = False) -> BatchResult:
        """What came of all."""
        items = tuple(self._items[number] for number in sorted(self._items))
        stopped = stopped or any(item.result is not None and item.result.stopped for item in items)
        return BatchResult(items, stopped, self._manifest.problem if self._manifest is not None else None)

    def close(self) -> None:
        """Let others write into the folder."""
        if self._manifest is not None:
            self._manifest.close()

    def _add(self, number: int, item: BatchItem) -> None:
        self._items[number] = item
        self.watch.end(item.job.source.shown)


def plan(batch: Batch) -> BatchResult:
    """What annotating a batch would do; nothing is written.

    Raises:
        VideoLabelerError: a model cannot be used, or the results in the folder were made with other options.
    """
    with closing(load_models(batch.options.settings.models)) as models:
        check_label_names(batch.options.settings.labels, models.labeler.labels)
        batch.begin(ModelFacts.of(models), dry=True)
    for number in range(len(batch.jobs)):
        work = batch.work_on(number)
        if work is not None:
            batch.put_down(number, work)
    return batch.result()


def annotate_in_turn(batch: Batch) -> BatchResult:
    """Annotate the inputs of a batch one after the other in this process; ends early after Ctrl-C.

    Whatever goes wrong with one input, the rest is done.

    Raises:
        VideoLabelerError: a model cannot be used, or knows no label of a listed name, or the results in the folder
            were made with other options.
    """
    settings = batch.options.settings
    with closing(load_models(settings.models)) as models:
        check_label_names(settings.labels, models.labeler.labels)
        batch.begin(ModelFacts.of(models))
        for number, (job, _) in enumerate(batch.jobs):
            try:
                work = batch.work_on(number)
                if work is None:
                    continue
                result = annotate(work, models, partial(batch.watch.show, job.source.shown))
            except KeyboardInterrupt:
                batch.leave(number, STOPPED)
                return batch.result(stopped=True)
            except Exception as error:  # noqa: BLE001 - one bad input must not stop the others
                batch.fail(number, Failure.of(error, f"Annotating {job.source.shown}"))
            else:
                batch.done(number, work, result)
                if result.stopped:
                    break
    return batch.result()
