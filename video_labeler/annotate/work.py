"""What is still to be made of one input of a batch, and making it."""

import logging
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from video_labeler.annotate.annotation import AnnotateOptions, AnnotateResult, Annotation, Progress
from video_labeler.annotate.results import check_different
from video_labeler.annotate.targets import Job, Targets
from video_labeler.archive.made_from import InputMark, MadeResult, ResultNotes, ResultState, mark_of
from video_labeler.errors import OutputError, VideoLabelerError
from video_labeler.labeling.object_labeler import Models
from video_labeler.sources.naming import NamedSource
from video_labeler.system.logs import sentence_of

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a batch knows of the models that it is made with: their names, and a fingerprint of their content."""

    labeler: str
    localizer: str | None
    fingerprint: str

    @classmethod
    def of(cls, models: Models) -> "ModelFacts":
        """The facts about loaded models."""
        localizer = models.localizer
        return cls(models.labeler.name, None if localizer is None else localizer.name, models.fingerprint)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something failed: a sentence, and the kind of the error."""

    sentence: str
    kind: type[VideoLabelerError]

    @classmethod
    def of(cls, error: Exception, failing: str) -> "Failure":
        """What is told of an error; an unexpected one is logged in full as ``failing``."""
        notes = getattr(error, "__notes__", [])
        if isinstance(error, VideoLabelerError):
            # Rooms have kinds of their own, which only they know.
            kind = next(kind for kind in type(error).__mro__ if kind.__module__ == VideoLabelerError.__module__)
            return cls(" ".join((str(error), *notes)), kind)
        _log.error("%s failed", failing, exc_info=error)
        return cls(" ".join((sentence_of(error), *notes)), VideoLabelerError)


@dataclass(frozen=True, slots=True)
class MadeWith:
    """The options that decide what a result contains, by command-line name: for all results, and for videos."""

    of_all: Mapping[str, str]
    of_video: Mapping[str, str]

    @classmethod
    def of(cls, options: AnnotateOptions, models: ModelFacts) -> "MadeWith":
        """The options of a batch."""
        settings, recording = options.settings, options.recording
        labeling, labels = settings.labeling, settings.labels
        of_all = {
            "--start": f"{options.start_s:g}",
            "--end": "none" if options.end_s is None else f"{options.end_s:g}",
            "--model": models.labeler,
            "--localizer": models.localizer or "none",
            "the content of the models": models.fingerprint,
            "--regions": labeling.regions.value,
            "--threshold": f"{labeling.threshold:g}",
            "--top-k": f"{labeling.top_k}",
            "--max-objects": f"{labeling.max_objects}",
            "--effort": labeling.effort.value,
            "--only": ", ".join(labels.only) or "none",
            "--hide": ", ".join(labels.hide) or "none",
        }
        of_video = of_all | {
            "--quality": recording.quality.value,
            "--burn-in": _word(recording.burn_in),
            "--sound": _word(recording.with_sound),
            "--subtitles": _word(recording.subtitles),
            "--show-rate": _word(recording.show_rate),
            "--segment": "none" if recording.segment is None else str(recording.segment),
        }
        return cls(of_all, of_video)


@dataclass(frozen=True, slots=True)
class Work:
    """The results that are still to be made of an input; ``made_before`` is the video of it that exists already.

    ``segmented`` is the result that is written as several files, if any.
    """

    source: NamedSource
    targets: Targets
    options: AnnotateOptions
    mark: InputMark
    made_with: MadeWith
    segmented: Path | None
    made_before: Path | None = None


def work_on(
    job: Job, targets: Targets, options: AnnotateOptions, made_with: MadeWith, notes: ResultNotes, *, unchanged: bool
) -> Work | None:
    """What is still to be made of an input, as the notes of its folder tell; ``None`` where all of it is there.

    An input that is known to be ``unchanged`` since it was done is not read.

    Raises:
        SettingsError: no result is wanted.
        OutputError: a name is taken by something else, or by what was made with other options.
    """
    check_different(targets.paths())
    recording = options.recording
    segmented = targets.video if recording.segment is not None else None
    first = targets.paths()[0]
    known = notes.known_mark(job.source, first, segmented=first == segmented) if unchanged else None
    mark = known or mark_of(job.source)
    missing = targets if recording.overwrite else _missing(targets, notes, mark, segmented, made_with)
    if not missing.paths():
        return None
    # Whatever has this name was left by the same input when it was interrupted, or may be replaced.
    is_left = any(notes.is_there(path, segmented=path == segmented) for path in missing.paths())
    options = replace(options, recording=replace(recording, overwrite=recording.overwrite or is_left))
    made_before = None
    if missing.video is None and targets.video is not None:
        # The existing video is in the index already, and the report links to it.
        options = replace(options, index=False)
        made_before = None if segmented else targets.video
    return Work(job.source, missing, options, mark, made_with, segmented, made_before)


def annotate(
    work: Work,
    models: Models,
    on_progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    on_begin: Callable[[], object] = lambda: None,
) -> AnnotateResult:
    """Make what is to be made, in folders that are made where they are missing, and note it beside the results.

    ``on_begin`` is called when all is checked, before the first result is begun.

    Raises:
        VideoLabelerError: the source cannot be read, or a result cannot be written.
    """
    folder = work.targets.paths()[0].parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot write into {folder}: {error.strerror}.") from error
    notes = ResultNotes(folder)
    with closing(Annotation(work.source, work.targets, work.options, work.made_before)) as annotation:
        notes.begin(work.targets.paths(), work.mark, segmented=work.segmented)
        on_begin()
        result = annotation.run(models, on_progress, stop)
    if not result.stopped:
        made = [
            MadeResult(path, result.videos, work.made_with.of_video)
            if path == work.targets.video
            else MadeResult(path, (path,), work.made_with.of_all)
            for path in work.targets.paths()
        ]
        notes.complete(made, work.mark, work.segmented)
    return result


def check_inputs(targets: Targets, inputs: set[str]) -> None:
    """Refuse a result that would replace an input of the same run; ``inputs`` are their real paths.

    Raises:
        OutputError: it would.
    """
    for path in targets.paths():
        if os.path.realpath(path) in inputs:
            raise OutputError(f"Cannot write {path}: that is an input. Choose another folder for the results.")


def _word(choice: bool) -> str:
    return "yes" if choice else "no"


def _missing(
    targets: Targets, notes: ResultNotes, mark: InputMark, segmented: Path | None, made_with: MadeWith
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
