"""Annotates many inputs in one call, one after the other or side by side; failures are reported at the end."""

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Protocol

from video_labeler.annotate.annotation import AnnotateOptions, AnnotateResult, Progress
from video_labeler.annotate.targets import Job, Targets
from video_labeler.annotate.work import Failure, MadeWith, ModelFacts, Work, annotate, check_inputs, work_on
from video_labeler.archive.made_from import ResultNotes
from video_labeler.labeling.label_mask import check_label_names
from video_labeler.labeling.loading import load_models


class Outcome(Enum):
    """What became of one input."""

    DONE = "done"
    SKIPPED = "skipped"
    """Its results were there already."""
    FAILED = "failed"


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
    """What came of the inputs, in their order; those that were not reached before it was ``stopped`` are left out."""

    items: tuple[BatchItem, ...]
    stopped: bool


class Watch(Protocol):
    """Is told how a batch goes on."""

    def show(self, name: str, now: Progress) -> None:
        """An input is being annotated."""

    def end(self, name: str) -> None:
        """An input is done, skipped or failed."""


STOPPED = "Stopped before it began."


class Batch:
    """What is known of the inputs of a batch, and what has become of them so far."""

    def __init__(self, jobs: Sequence[tuple[Job, Targets]], options: AnnotateOptions, watch: Watch) -> None:
        self.jobs = jobs
        self.options = options
        self.watch = watch
        self._made_with: MadeWith | None = None
        self._items: dict[int, BatchItem] = {}
        self._inputs = {os.path.realpath(job.source.path) for job, _ in jobs if job.source.path is not None}
        self._notes: dict[Path, ResultNotes] = {}

    def begin(self, models: ModelFacts) -> None:
        """Begin with these models."""
        self._made_with = MadeWith.of(self.options, models)

    def work_on(self, number: int) -> Work | None:
        """What is to be made of an input; ``None`` where nothing is, which has then been recorded."""
        assert self._made_with is not None, "it has begun"
        job, targets = self.jobs[number]
        if job.problem:
            self.fail(number, job.problem)
            return None
        folder = job.stem.parent
        notes = self._notes.setdefault(folder, ResultNotes(folder))
        try:
            check_inputs(targets, self._inputs)
            work = work_on(job, targets, self.options, self._made_with, notes)
        except Exception as error:  # noqa: BLE001 - one bad input must not stop the others
            self.fail(number, Failure.of(error, f"Annotating {job.source.shown}").sentence)
            return None
        if work is None:
            self._add(number, BatchItem(job, targets, Outcome.SKIPPED))
        return work

    def done(self, number: int, result: AnnotateResult) -> None:
        """Record that an input was annotated."""
        job, targets = self.jobs[number]
        self._add(number, BatchItem(job, targets, Outcome.DONE, result))

    def fail(self, number: int, sentence: str) -> None:
        """Record that an input failed."""
        job, targets = self.jobs[number]
        self._add(number, BatchItem(job, targets, Outcome.FAILED, error=sentence))

    def result(self, *, stopped: bool) -> BatchResult:
        """What came of all."""
        items = tuple(self._items[number] for number in sorted(self._items))
        return BatchResult(items, stopped or any(item.result is not None and item.result.stopped for item in items))

    def _add(self, number: int, item: BatchItem) -> None:
        self._items[number] = item
        self.watch.end(item.job.source.shown)


def annotate_in_turn(batch: Batch) -> BatchResult:
    """Annotate the inputs of a batch one after the other in this process; ends early after Ctrl-C.

    Whatever goes wrong with one input, the rest is done.

    Raises:
        VideoLabelerError: a model cannot be used, or knows no label of a listed name.
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
                batch.fail(number, STOPPED)
                return batch.result(stopped=True)
            except Exception as error:  # noqa: BLE001 - one bad input must not stop the others
                batch.fail(number, Failure.of(error, f"Annotating {job.source.shown}").sentence)
            else:
                batch.done(number, result)
                if result.stopped:
                    break
    return batch.result(stopped=False)
