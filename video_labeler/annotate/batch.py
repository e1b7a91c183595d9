"""Annotates many inputs in one call, each in turn; failures are reported at the end."""

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from pathlib import Path

from video_labeler.annotate.annotation import AnnotateOptions, AnnotateResult, Annotation, Progress
from video_labeler.annotate.targets import Job, Targets
from video_labeler.archive.made_from import InputMark, MadeResult, ResultNotes, ResultState, mark_of
from video_labeler.errors import OutputError, VideoLabelerError
from video_labeler.labeling.label_mask import check_label_names
from video_labeler.labeling.loading import load_models
from video_labeler.labeling.object_labeler import Models
from video_labeler.system.logs import sentence_of

_log = logging.getLogger(__name__)


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


def annotate_all(
    jobs: Sequence[tuple[Job, Targets]],
    options: AnnotateOptions,
    on_progress: Callable[[Job, Progress], None] | None = None,
) -> Iterator[BatchItem]:
    """Annotate each job with models that are loaded once; ends early after Ctrl-C.

    Inputs whose results are all there, made from the same input with the same options, are skipped, unless they may be
    overwritten; of others what is missing is made. Missing folders are made. Whatever goes wrong with one input,
    the rest is done.

    Raises:
        VideoLabelerError: a model cannot be used, or knows no label of a listed name.
    """
    models = load_models(options.settings.models)
    made_with = _MadeWith(options, models)
    inputs = {os.path.realpath(job.source.path) for job, _ in jobs if job.source.path is not None}
    try:
        check_label_names(options.settings.labels, models.labeler.labels)
        for job, targets in jobs:
            report = None if on_progress is None else partial(on_progress, job)
            try:
                _check_inputs(targets, inputs)
                item = _done(job, targets, options, made_with, models, report)
            except VideoLabelerError as error:
                item = _failed(job, targets, str(error), error)
            except KeyboardInterrupt:
                yield _failed(job, targets, "Stopped before it began.", None)
                return
            except Exception as error:  # noqa: BLE001 - one bad input must not stop the others
                _log.error("Annotating %s failed", job.source.shown, exc_info=error)
                item = _failed(job, targets, sentence_of(error), error)
            yield item
            if item.result is not None and item.result.stopped:
                return
    finally:
        models.close()


def _done(
    job: Job,
    targets: Targets,
    options: AnnotateOptions,
    made_with: "_MadeWith",
    models: Models,
    report: Callable[[Progress], None] | None,
) -> BatchItem:
    if job.problem:
        return BatchItem(job, targets, Outcome.FAILED, error=job.problem)
    folder = job.stem.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot write into {folder}: {error.strerror}.") from error
    notes, mark = ResultNotes(folder), mark_of(job.source)
    recording = options.recording
    segmented = targets.video if recording.segment is not None else None
    missing = targets if recording.overwrite else _missing(targets, notes, mark, segmented, made_with)
    if not missing.paths():
        return BatchItem(job, targets, Outcome.SKIPPED)
    # Whatever has this name was left by the same input when it was interrupted, or may be replaced.
    is_left = any(notes.is_there(path, segmented=path == segmented) for path in missing.paths())
    options = replace(options, recording=replace(recording, overwrite=recording.overwrite or is_left))
    made_before = None
    if missing.video is None and targets.video is not None:
        # The existing video is in the index already, and the report links to it.
        options = replace(options, index=False)
        made_before = None if segmented else targets.video
    with closing(Annotation(job.source, missing, options, made_before)) as annotation:
        notes.begin(missing.paths(), mark, segmented=segmented)
        result = annotation.run(models, report)
    if not result.stopped:
        made = [
            MadeResult(path, result.videos, made_with.of_video)
            if path == missing.video
            else MadeResult(path, (path,), made_with.of_all)
            for path in missing.paths()
        ]
        notes.complete(made, mark, segmented)
    return BatchItem(job, targets, Outcome.DONE, result)


class _MadeWith:
    """The options that decide what a result contains, by command-line name: for all results, and for videos."""

    def __init__(self, options: AnnotateOptions, models: Models) -> None:
        settings, recording = options.settings, options.recording
        labeling, labels = settings.labeling, settings.labels
        self.of_all = {
            "--start": f"{options.start_s:g}",
            "--end": "none" if options.end_s is None else f"{options.end_s:g}",
            "--model": models.labeler.name,
            "--localizer": "none" if models.localizer is None else models.localizer.name,
            "--regions": labeling.regions.value,
            "--threshold": f"{labeling.threshold:g}",
            "--top-k": f"{labeling.top_k}",
            "--max-objects": f"{labeling.max_objects}",
            "--effort": labeling.effort.value,
            "--only": ", ".join(labels.only) or "none",
            "--hide": ", ".join(labels.hide) or "none",
        }
        self.of_video = self.of_all | {
            "--quality": recording.quality.value,
            "--burn-in": _word(recording.burn_in),
            "--sound": _word(recording.with_sound),
            "--subtitles": _word(recording.subtitles),
            "--show-rate": _word(recording.show_rate),
            "--segment": "none" if recording.segment is None else str(recording.segment),
        }


def _word(choice: bool) -> str:
    return "yes" if choice else "no"


def _missing(
    targets: Targets, notes: ResultNotes, mark: InputMark, segmented: Path | None, made_with: _MadeWith
) -> Targets:
    """The results still to be made.

    Raises:
        OutputError: a name is taken by something else, or by what was made with other options.
    """
    made = set()
    for path in targets.paths():
        state = notes.state(path, mark, segmented=path == segmented)
        wanted = made_with.of_video if path == targets.video else made_with.of_all
        others = notes.made_otherwise(path, wanted, segmented=path == segmented)
        if state is ResultState.MADE and others:
            raise OutputError(
                f"{path} exists already, and was made with other options: {', '.join(others)}. "
                "Choose another folder, or add --overwrite to replace it."
            )
        if state is ResultState.MADE:
            made.add(path)
        elif state is ResultState.TAKEN:
            maker = notes.maker(path, segmented=path == segmented)
            why = f"was made from {_which(maker, mark)}" if maker else "is not known to be made from this input"
            raise OutputError(
                f"{path} exists already, and {why}. Choose another folder, or add --overwrite to replace it."
            )
    return targets.without(made)


def _which(maker: str, mark: InputMark) -> str:
    return "what this input was before it changed" if maker == mark.place else maker


def _check_inputs(targets: Targets, inputs: set[str]) -> None:
    """Refuse a result that would replace an input of the same run."""
    for path in targets.paths():
        if os.path.realpath(path) in inputs:
            raise OutputError(f"Cannot write {path}: that is an input. Choose another folder for the results.")


def _failed(job: Job, targets: Targets, problem: str, error: BaseException | None) -> BatchItem:
    notes = getattr(error, "__notes__", [])
    return BatchItem(job, targets, Outcome.FAILED, error=" ".join((problem, *notes)))
