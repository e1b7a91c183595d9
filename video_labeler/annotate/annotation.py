"""One source in, its annotated video and labels out, without a window."""

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from video_labeler.annotate.targets import Targets
from video_labeler.archive.label_index import IndexedFile, LabelIndex
from video_labeler.errors import (
    OutputError,
    SettingsError,
    SourceFormatError,
    SourceUnavailableError,
    VideoLabelerError,
)
from video_labeler.exports.summary import SeenLabel, SeenSummary
from video_labeler.files.partial_file import check_target, newest_partial
from video_labeler.labeling.label_mask import check_label_names
from video_labeler.labeling.loading import load_models
from video_labeler.labeling.object_labeler import Models, TrackingLabeler
from video_labeler.movie.recording_options import RecordingOptions, SoundSource
from video_labeler.pipeline.pipeline import Pipeline, Sink
from video_labeler.settings import Settings
from video_labeler.sources.base import Delivery, Source, SourceState, SourceStatus
from video_labeler.sources.excerpt import Excerpt
from video_labeler.sources.naming import NamedSource, SourceKind, named_source
from video_labeler.sources.opening import source_from_text
from video_labeler.sources.regular_file import check_regular_file

if TYPE_CHECKING:
    from video_labeler.recording.video_recorder import VideoRecorder

_REPORT_EVERY_S = 0.1

GIVE_UP_S = 20.0
"""Long enough for most cameras to come back."""

_ABSENT = (SourceState.CONNECTING, SourceState.STALLED, SourceState.RECONNECTING)


@dataclass(frozen=True, slots=True)
class AnnotateRequest:
    """What is to be done: a source, which part of it (seconds), and where the results go.

    ``recording`` says how the video is made; its sound and metadata are filled in from the source. ``index`` keeps the
    search index beside the results up to date. ``video_made_before`` is what a report links to where no video is made.
    A live source that has sent nothing for ``give_up_s`` seconds has ended (0: never).
    """

    source: NamedSource | str
    targets: Targets
    start_s: float = 0.0
    end_s: float | None = None
    recording: RecordingOptions = field(default_factory=RecordingOptions)
    overwrite: bool = False
    index: bool = True
    video_made_before: Path | None = None
    give_up_s: float = GIVE_UP_S
    settings: Settings = field(default_factory=Settings)

    @property
    def named(self) -> NamedSource:
        """What ``source`` names."""
        return named_source(self.source) if isinstance(self.source, str) else self.source


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: frames done, frames in all (``None`` where unknown), frames a second, what the source does."""

    frames: int
    frames_in_all: int | None
    rate: float
    status: SourceStatus


@dataclass(frozen=True, slots=True)
class AnnotateResult:
    """What came of it.

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


def annotate(
    request: AnnotateRequest,
    on_progress: Callable[[Progress], None] | None = None,
    models: Models | None = None,
    on_checked: Callable[[], None] | None = None,
) -> AnnotateResult:
    """Label a source from its start to its end, and write what the request asks for.

    Decoding, labelling, and drawing with encoding each run in a thread of their own. Ctrl-C ends early and keeps what
    is done. After a failure what was written stays under a name with ``.partial`` in it. ``models``, where given,
    are used instead of those the settings name, and stay open. ``on_checked`` is called when
    nothing speaks against any result, before the first is begun.

    Raises:
        VideoLabelerError: the source cannot be read, a model cannot be used, or a result cannot be written.
    """
    request = replace(request, source=request.named)
    source = source_from_text(request.named, request.settings.camera)
    excerpt = Excerpt(source, request.start_s, request.end_s)
    request = _with_sound(request, source)
    _check(request)
    if on_checked is not None:
        on_checked()
    # Loaded first, so that a live source loses no frame meanwhile.
    used = models or load_models(request.settings.models)
    try:
        check_label_names(request.settings.labels, used.labeler.labels)
        return _annotate(request, excerpt, used, on_progress)
    finally:
        if models is None:
            used.close()


def _annotate(
    request: AnnotateRequest, source: Source, models: Models, on_progress: Callable[[Progress], None] | None
) -> AnnotateResult:
    sinks = _Sinks(request, models)
    settings = request.settings
    labeler = TrackingLabeler(models, settings.labeling, settings.labels)
    pipeline = Pipeline(source, lambda: labeler, sinks.all)
    try:
        ending = _run(pipeline, on_progress, request.give_up_s)
    except VideoLabelerError as error:
        left = sinks.left_behind()
        if left:
            error.add_note(f"What was done until then is in {' and '.join(map(str, left))}.")
        raise
    statistics = pipeline.statistics
    stopped = ending is _Ending.STOPPED
    gone = None
    if ending is _Ending.GIVEN_UP:
        gone = f"{request.named.shown} sent nothing for {request.give_up_s:g} s, so this is the end."
    if statistics.labelled == 0 and gone:
        raise SourceUnavailableError(f"{gone} Not one picture came.")
    if statistics.labelled == 0 and not stopped:
        raise SourceFormatError(f"{request.named.shown} holds no picture that can be read.")
    try:
        sinks.update_index()
    except KeyboardInterrupt:
        # Everything else is complete.
        stopped = True
    dropped = statistics.drops.labelling + sum(count for _, count in statistics.drops.sinks)
    losses = tuple(loss for loss in (gone, source.losses, *sinks.losses()) if loss)
    return AnnotateResult(
        sinks.videos(), statistics.labelled, dropped, losses, stopped, models.labeler.name, sinks.summary.seen
    )


def _with_sound(request: AnnotateRequest, source: Source) -> AnnotateRequest:
    """The request with the sound of its source, where that is a file, or turns out to be one at an address."""
    from video_labeler.sources.video_file import VideoFile

    if request.targets.video is None:
        return request
    if request.named.kind is SourceKind.ADDRESS:
        sound = SoundSource(request.named.text, request.start_s)
        return replace(request, recording=replace(request.recording, sound=sound))
    if not isinstance(source, VideoFile):
        return request
    # Reading sound from a pipe would wait for ever.
    check_regular_file(source.path, "a video")
    return replace(request, recording=replace(request.recording, sound=SoundSource(source.path, request.start_s)))


def _check(request: AnnotateRequest) -> None:
    """Refuse impossible results before any long work starts."""
    targets, input_file = request.targets, request.named.path
    paths = targets.paths()
    if not paths:
        raise SettingsError("Nothing is to be written: ask for the video, or for an export of the labels.")
    for index, path in enumerate(paths):
        if any(path.resolve() == other.resolve() for other in paths[:index]):
            raise OutputError(f"Two results cannot both be {path}. Choose two names.")
    if targets.video is not None:
        from video_labeler.recording.video_recorder import check_recording

        check_recording(targets.video, replace(request.recording, overwrite=request.overwrite), input_file)
    for path in paths:
        if path != targets.video:
            check_target(path, overwrite=request.overwrite, source=input_file)


class _Sinks:
    """The sinks of one request."""

    def __init__(self, request: AnnotateRequest, models: Models) -> None:
        self._targets = request.targets
        self._overwrite = request.overwrite
        self._source = request.named
        self._recorder: VideoRecorder | None = None
        self._index: LabelIndex | None = None
        self.summary = SeenSummary()
        self.all: list[Sink] = [self.summary]
        model = models.labeler.name
        if request.targets.video is not None:
            self._add_recorder(request, request.targets.video, model)
        self._add_exports(models)
        if request.targets.report is not None:
            from video_labeler.exports.report import ReportFile

            # Segments are several videos, and the page can jump in one only.
            video = None if request.recording.segment else request.targets.video or request.video_made_before
            self.all.append(ReportFile(request.targets.report, video, model, overwrite=request.overwrite))
        if request.index:
            self._index = LabelIndex(request.targets.paths()[0].parent, request.named.shown, model)
            self.all.append(self._index)

    def _add_recorder(self, request: AnnotateRequest, video: Path, model: str) -> None:
        from video_labeler.recording.video_recorder import VideoRecorder

        options = replace(request.recording, overwrite=request.overwrite, metadata={"model": model}, keep_times=True)
        self._recorder = VideoRecorder(video, options)
        self.all.append(self._recorder)

    def _add_exports(self, models: Models) -> None:
        from video_labeler.exports.coco_file import CocoFile
        from video_labeler.exports.csv_file import CsvFile
        from video_labeler.exports.label_file import LabelFile
        from video_labeler.exports.subtitle_file import SubtitleFile

        targets, overwrite = self._targets, self._overwrite
        if targets.jsonl is not None:
            self.all.append(LabelFile(targets.jsonl, models.labeler.name, overwrite=overwrite))
        if targets.csv is not None:
            self.all.append(CsvFile(targets.csv, overwrite=overwrite))
        for path in (targets.vtt, targets.srt):
            if path is not None:
                self.all.append(SubtitleFile(path, overwrite=overwrite))
        if targets.coco is not None:
            self.all.append(CocoFile(targets.coco, models.hierarchy, overwrite=overwrite))

    def update_index(self) -> None:
        """Note in the index what the results show; without a video, what the source shows."""
        if self._index is not None:
            shown = [IndexedFile(file.path, file.start_s) for file in self._recorder.parts] if self._recorder else []
            self._index.update(shown or [IndexedFile(self._shows())])

    def _shows(self) -> Path:
        """What can be looked at where no video is made: the source, or what is known of one that has gone by."""
        source = self._source
        is_there = source.kind is SourceKind.PATH and source.path is not None
        return source.path if is_there and source.path is not None else self._targets.paths()[0]

    def videos(self) -> tuple[Path, ...]:
        return tuple(self._recorder.files) if self._recorder is not None else ()

    def losses(self) -> list[str | None]:
        return [
            self._recorder.losses if self._recorder is not None else None,
            self._index.problem if self._index is not None else None,
        ]

    def left_behind(self) -> list[Path]:
        """What a failure left under partial names."""
        left = [self._recorder.partial if self._recorder is not None else None]
        left += [newest_partial(path) for path in self._targets.paths() if path != self._targets.video]
        return [path for path in left if path is not None]


class _Ending(Enum):
    """How a run ended."""

    DONE = "done"
    STOPPED = "stopped"
    """By the user."""
    GIVEN_UP = "given up"
    """The live source has been gone for too long."""


class _Absence:
    """Tells that a live source has sent nothing for ``limit_s`` seconds; 0: never."""

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
        # A camera with a picture now and then is not gone between them.
        return pipeline.status.state in _ABSENT


def _run(pipeline: Pipeline, on_progress: Callable[[Progress], None] | None, give_up_s: float) -> _Ending:
    """Run to the end, however that comes."""
    absence = _Absence(give_up_s)
    ending = _Ending.DONE
    with _interrupts_noted() as interrupts:
        pipeline.start()
        try:
            while ending is _Ending.DONE and not pipeline.wait(_REPORT_EVERY_S):
                if on_progress is not None:
                    on_progress(_progress(pipeline))
                if absence.lasts_too_long(pipeline):
                    ending = _Ending.GIVEN_UP
                if interrupts:
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
def _interrupts_noted() -> Iterator[Sequence[int]]:
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
