"""One source in, its annotated video and labels out, without a window."""

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from types import FrameType

from video_labeler.annotate.results import Results, where_the_rest_is
from video_labeler.annotate.targets import Targets
from video_labeler.errors import SourceFormatError, SourceUnavailableError, VideoLabelerError
from video_labeler.exports.summary import SeenLabel
from video_labeler.labeling.interpolation import InterpolatingLabeler
from video_labeler.labeling.label_mask import check_label_names
from video_labeler.labeling.object_labeler import Models
from video_labeler.labeling.tracking_labeler import TrackingLabeler
from video_labeler.movie.recording_options import RecordingOptions
from video_labeler.pipeline.pipeline import Pipeline
from video_labeler.settings import Settings
from video_labeler.sources.base import Delivery, SourceState, SourceStatus
from video_labeler.sources.excerpt import Excerpt
from video_labeler.sources.naming import NamedSource
from video_labeler.sources.opening import source_from_name

_REPORT_EVERY_S = 0.1

GIVE_UP_S = 20.0
"""Long enough for most cameras to come back."""

_ABSENT = (SourceState.CONNECTING, SourceState.STALLED, SourceState.RECONNECTING)


@dataclass(frozen=True, slots=True)
class AnnotateOptions:
    """How a source is annotated: which part of it (seconds), how the video is made, whether the index notes it.

    What ``recording`` says of files that exist holds for all results. A live source that has sent nothing for
    ``give_up_s`` seconds has ended (0: never).
    """

    start_s: float = 0.0
    end_s: float | None = None
    recording: RecordingOptions = field(default_factory=RecordingOptions)
    index: bool = True
    give_up_s: float = GIVE_UP_S
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True, slots=True)
class Progress:
    """Frames done, frames in total (``None`` where unknown), frames per second, and the state of the source."""

    frames: int
    frames_in_all: int | None
    rate: float
    status: SourceStatus


@dataclass(frozen=True, slots=True)
class AnnotateResult:
    """The outcome of an annotation.

    ``videos`` are the files recorded (several where segments were asked for), ``seen`` the labels that headed an
    object, the one seen longest first. ``losses`` are sentences about what could not be read, carried over or noted;
    ``stopped`` tells that the user ended it early.
    """

    videos: tuple[Path, ...]
    frames: int
    dropped: int
    losses: tuple[str, ...]
    stopped: bool
    model: str
    seen: tuple[SeenLabel, ...]


class Annotation:
    """A source and the results to be made of it, resolved and checked: each of them can be made.

    ``made_before`` is the video that a report links to where none is made.

    Raises:
        VideoLabelerError: there is no such source or part of it, or a result cannot be written.
    """

    def __init__(
        self, source: NamedSource, targets: Targets, options: AnnotateOptions, made_before: Path | None = None
    ) -> None:
        self._name = source.shown
        self._settings = options.settings
        self._give_up_s = options.give_up_s
        whole = source_from_name(source, options.settings.camera)
        self._source = Excerpt(whole, options.start_s, options.end_s)
        self._results = Results(
            source, whole, targets, options.recording, options.start_s, index=options.index, made_before=made_before
        )

    def run(
        self,
        models: Models,
        on_progress: Callable[[Progress], None] | None = None,
        stop: threading.Event | None = None,
    ) -> AnnotateResult:
        """Label the source from its start to its end, and write the results.

        Decoding, labelling, and drawing with encoding each run in a thread of their own. Ctrl-C, or ``stop``, ends
        early and keeps what is done. After a failure what was written stays under a name with ``.partial`` in it.

        Raises:
            VideoLabelerError: the source cannot be read, a label is not known, or a result cannot be written.
        """
        check_label_names(self._settings.labels, models.labeler.labels)
        tracking = TrackingLabeler(models, self._settings.labeling, self._settings.labels)
        labeler = InterpolatingLabeler(tracking, lambda: pipeline.delivery is Delivery.EVERY_FRAME)
        results = self._results
        pipeline = Pipeline(self._source, lambda: labeler, results.sinks(models))
        try:
            ending = _run(pipeline, on_progress, self._give_up_s, stop or threading.Event())
        except VideoLabelerError as error:
            left = where_the_rest_is(results.left_behind())
            if left:
                error.add_note(left)
            raise
        statistics = pipeline.statistics
        stopped = ending is _Ending.STOPPED
        gone = None
        if ending is _Ending.GIVEN_UP:
            gone = f"{self._name} sent nothing for {self._give_up_s:g} s, so this is the end."
        if statistics.labelled == 0 and gone:
            raise SourceUnavailableError(f"{gone} No picture arrived.")
        if statistics.labelled == 0 and not stopped:
            raise SourceFormatError(f"{self._name} holds no picture that can be read.")
        try:
            results.update_index()
        except KeyboardInterrupt:
            # Everything else is complete.
            stopped = True
        dropped = statistics.drops.labelling + sum(count for _, count in statistics.drops.sinks)
        losses = tuple(loss for loss in (gone, self._source.losses, *results.losses()) if loss)
        return AnnotateResult(
            results.videos(), statistics.labelled, dropped, losses, stopped, models.labeler.name, results.summary.seen
        )

    def close(self) -> None:
        """Let go what the check opened."""
        self._results.close()


class _Ending(Enum):
    """How a run ended."""

    DONE = "done"
    STOPPED = "stopped"
    """By the user."""
    GIVEN_UP = "given up"
    """The live source has been gone for too long."""


class _Absence:
    """Detects that a live source has sent nothing for ``limit_s`` seconds; 0: never."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._captured = 0
        self._since_s = time.monotonic()

    def lasts_too_long(self, pipeline: Pipeline) -> bool:
        now_s, captured = time.monotonic(), pipeline.statistics.captured
        if pipeline.info is None or captured != self._captured or pipeline.delivery is Delivery.EVERY_FRAME:
            self._captured, self._since_s = captured, now_s
        if not 0 < self._limit_s <= now_s - self._since_s:
            return False
        # A camera with an occasional picture is not absent between pictures.
        return pipeline.status.state in _ABSENT


def _run(
    pipeline: Pipeline, on_progress: Callable[[Progress], None] | None, give_up_s: float, stop: threading.Event
) -> _Ending:
    """Run until the source ends, the user stops it, or a live source is given up."""
    absence = _Absence(give_up_s)
    ending = _Ending.DONE
    with interrupts_noted() as interrupts:
        pipeline.start()
        try:
            while ending is _Ending.DONE and not pipeline.wait(_REPORT_EVERY_S):
                if on_progress is not None:
                    on_progress(_progress(pipeline))
                if absence.lasts_too_long(pipeline):
                    ending = _Ending.GIVEN_UP
                if interrupts or stop.is_set():
                    ending = _Ending.STOPPED
        except KeyboardInterrupt:
            ending = _Ending.STOPPED
        except BaseException:
            pipeline.stop()
            raise
        if ending is not _Ending.DONE:
            pipeline.finish()
        return _Ending.STOPPED if interrupts else ending


@contextlib.contextmanager
def interrupts_noted() -> Iterator[Sequence[int]]:
    """The numbers of the signals (Ctrl-C, SIGTERM) that came in the block; only from the second on do they raise.

    An exception at any point of the main thread can leave a lock taken that the other threads wait for, and makes
    ``Thread.join`` of Python 3.11 take a running thread for an ended one.
    """
    noted: list[int] = []
    usual: dict[int, Callable[[int, FrameType | None], object]] = {}

    def note(number: int, frame: FrameType | None) -> None:
        noted.append(number)
        try:
            usual[number](number, frame)
        except KeyboardInterrupt:
            if len(noted) > 1:
                raise

    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            handler = signal.getsignal(number)
            if callable(handler):
                usual[number] = handler
                signal.signal(number, note)
    try:
        yield noted
    finally:
        for changed, handler in usual.items():
            signal.signal(changed, handler)


def _progress(pipeline: Pipeline) -> Progress:
    info, statistics = pipeline.info, pipeline.statistics
    in_all = info.frame_count if info else None
    if in_all is not None and statistics.labelled > in_all:
        # The header said less than there is.
        in_all = None
    return Progress(statistics.labelled, in_all, statistics.labelling_rate, pipeline.status)
