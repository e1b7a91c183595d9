"""File in, annotated file and labels out, without a window."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from video_labeler.errors import OutputError, SourceFormatError, VideoLabelerError
from video_labeler.labeling.loading import tracking_labeler
from video_labeler.pipeline import Pipeline, Sink
from video_labeler.recording.label_file import LabelFile
from video_labeler.recording.partial_file import check_target, partial_path
from video_labeler.settings import Settings
from video_labeler.sources.base import SourceStatus
from video_labeler.sources.excerpt import Excerpt
from video_labeler.sources.opening import source_from_text

_REPORT_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class AnnotateRequest:
    """What is to be done: a source as on the command line, and where the results go.

    ``video`` ends in ``.mp4`` or ``.mkv``; ``labels`` is a JSON Lines file. ``end_s`` stops at that time of the
    source, in seconds. ``show_rate`` draws frames a second and the age of the labels into the picture.
    """

    source: str
    video: Path
    labels: Path | None = None
    end_s: float | None = None
    overwrite: bool = False
    show_rate: bool = False
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: frames done, frames in all (``None`` where unknown), frames a second, what the source does."""

    frames: int
    frames_in_all: int | None
    rate: float
    status: SourceStatus


@dataclass(frozen=True, slots=True)
class AnnotateResult:
    """What came of it: ``losses`` tells what could not be read, ``stopped`` that the user ended it early."""

    frames: int
    dropped: int
    losses: str | None
    stopped: bool


def annotate(request: AnnotateRequest, on_progress: Callable[[Progress], None] | None = None) -> AnnotateResult:
    """Label a source from its start to its end, and write what the request asks for.

    Decoding, labelling, and drawing with encoding each run in a thread of their own. Ctrl-C ends early and keeps what
    is done. After a failure what was written stays under a name with ``.partial`` in it.

    Raises:
        VideoLabelerError: the source cannot be read, a model cannot be used, or a result cannot be written.
    """
    from video_labeler.recording.video_file import SUFFIXES, VideoRecording

    input_file = Path(request.source)
    check_target(request.video, overwrite=request.overwrite, source=input_file, suffixes=SUFFIXES)
    sinks: list[Sink] = [VideoRecording(request.video, show_rate=request.show_rate)]
    targets = [request.video]
    if request.labels is not None:
        check_target(request.labels, overwrite=request.overwrite, source=input_file)
        if request.labels.resolve() == request.video.resolve():
            raise OutputError(f"The video and the labels cannot both be {request.video}. Choose two names.")
        sinks.append(LabelFile(request.labels))
        targets.append(request.labels)
    settings = request.settings
    source = Excerpt(source_from_text(request.source, settings.camera), request.end_s)
    # Loaded first, so that a live source loses no frame meanwhile.
    labeler = tracking_labeler(settings.models, settings.labeling)
    pipeline = Pipeline(source, lambda: labeler, sinks)
    try:
        stopped = _run(pipeline, on_progress)
    except VideoLabelerError as error:
        left = [partial for partial in map(partial_path, targets) if partial.exists()]
        if left:
            error.add_note(f"What was done until then is in {' and '.join(map(str, left))}.")
        raise
    statistics = pipeline.statistics
    if statistics.labelled == 0 and not stopped:
        raise SourceFormatError(f"{request.source} holds no picture that can be read.")
    dropped = statistics.drops.labelling + sum(count for _, count in statistics.drops.sinks)
    return AnnotateResult(statistics.labelled, dropped, source.losses, stopped)


def _run(pipeline: Pipeline, on_progress: Callable[[Progress], None] | None) -> bool:
    """Run to the end, and say whether the user ended it early."""
    pipeline.start()
    try:
        while not pipeline.wait(_REPORT_EVERY_S):
            if on_progress is not None:
                on_progress(_progress(pipeline))
    except KeyboardInterrupt:
        pipeline.finish()
        return True
    except BaseException:
        pipeline.stop()
        raise
    return False


def _progress(pipeline: Pipeline) -> Progress:
    info, statistics = pipeline.info, pipeline.statistics
    in_all = info.frame_count if info else None
    return Progress(statistics.labelled, in_all, statistics.labelling_rate, pipeline.status)
