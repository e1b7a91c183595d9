"""Many videos in one call: each annotated in turn, the failures told at the end."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from video_labeler.annotate import AnnotateRequest, AnnotateResult, Progress, annotate
from video_labeler.errors import OutputError, VideoLabelerError
from video_labeler.labeling.label_mask import check_label_names
from video_labeler.labeling.loading import load_models
from video_labeler.targets import Job, Targets


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
    template: AnnotateRequest,
    on_progress: Callable[[Job, Progress], None] | None = None,
) -> Iterator[BatchItem]:
    """Annotate each job as ``template`` says, with models that are loaded once; ends early after Ctrl-C.

    Inputs whose results are all there are skipped, unless the template says to overwrite. Missing folders are made.

    Raises:
        VideoLabelerError: a model cannot be used, or knows no label of a listed name.
    """
    models = load_models(template.settings.models)
    try:
        check_label_names(template.settings.labels, models.labeler.labels)
        for job, targets in jobs:
            if not template.overwrite and all(path.exists() for path in targets.paths()):
                yield BatchItem(job, targets, Outcome.SKIPPED)
                continue
            report = None if on_progress is None else _for_job(job, on_progress)
            try:
                job.stem.parent.mkdir(parents=True, exist_ok=True)
                result = annotate(replace(template, source=str(job.source), targets=targets), report, models)
            except VideoLabelerError as error:
                notes = getattr(error, "__notes__", [])
                yield BatchItem(job, targets, Outcome.FAILED, error=" ".join((str(error), *notes)))
            except OSError as error:
                problem = OutputError(f"Cannot write into {job.stem.parent}: {error.strerror}.")
                yield BatchItem(job, targets, Outcome.FAILED, error=str(problem))
            else:
                yield BatchItem(job, targets, Outcome.DONE, result)
                if result.stopped:
                    return
    finally:
        models.close()


def _for_job(job: Job, on_progress: Callable[[Job, Progress], None]) -> Callable[[Progress], None]:
    return lambda progress: on_progress(job, progress)
