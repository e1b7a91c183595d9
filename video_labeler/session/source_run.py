"""One source that is open or being opened: its pipeline and its state."""

import threading
import time
from collections.abc import Callable

from video_labeler.errors import SourceError
from video_labeler.pipeline.pipeline import Pipeline
from video_labeler.session.frame_labeling import SourceLabeler
from video_labeler.session.view import PlaybackView
from video_labeler.settings import CameraSettings
from video_labeler.sources.base import SeekableSource, Source, SourceState, SourceStatus
from video_labeler.sources.naming import NamedSource, SourceKind, named_source
from video_labeler.sources.opening import source_from_name
from video_labeler.sources.playback import BecomesPlayback, Playback
from video_labeler.sources.still_moments import DEMO_MOMENTS_S, StillMoments
from video_labeler.system.logs import logged_failure
from video_labeler.text.shown import shown

_NO_PICTURE = "{source} ended before it showed a picture."


class SourceRun:
    """A source from the moment it is requested. ``make_labeler`` is told whether its frames wait for the models.

    ``named`` is what the text names (``None``: nothing that can be opened). With ``loop`` a file begins again at its
    end; for ``hold_s`` the demo clip stands still now and then. With ``must_exist`` a camera's name that no camera has
    fails.
    """

    def __init__(
        self,
        text: str,
        camera: CameraSettings,
        make_labeler: Callable[[bool], SourceLabeler],
        *,
        loop: bool = False,
        hold_s: float = 0.0,
        must_exist: bool = False,
    ) -> None:
        self.text = text
        self.asked_s = time.monotonic()
        self.pipeline: Pipeline | None = None
        self._source: Source | None = None
        self._camera = camera
        self._loop = loop
        self._hold_s = hold_s
        self._must_exist = must_exist
        self._make_labeler = make_labeler
        self._labeler: SourceLabeler | None = None
        self._opening = SourceStatus(SourceState.CONNECTING)
        self._failure: SourceStatus | None = None
        self._stopped = False
        self._losses_told = False
        self._lock = threading.Lock()
        self.named: NamedSource | None = None
        try:
            self.named = named_source(text)
        except SourceError as error:
            self._fail(error)

    def begin(self, *, beside_another: bool = False) -> None:
        """Start to read what was named. May take a moment; never raises.

        ``beside_another``: something else plays meanwhile, and goes on where this one does not answer at once.
        """
        named = self.named
        if named is None:
            return
        self._loop = self._loop or named.kind is SourceKind.DEMO
        try:
            source = source_from_name(
                named,
                self._camera,
                must_answer=beside_another and self._must_exist,
                paced=True,
                must_exist=self._must_exist,
            )
            if self._hold_s > 0 and named.kind is SourceKind.DEMO and isinstance(source, SeekableSource):
                source = StillMoments(source, DEMO_MOMENTS_S, self._hold_s)
        except Exception as error:  # noqa: BLE001 - what fails is told, and the window lives on
            self._fail(error)
            return
        with self._lock:
            if not self._stopped:
                self._start(source)

    def _start(self, source: Source) -> None:
        playback = Playback(source, loop=self._loop) if isinstance(source, SeekableSource) else None
        labeler = self._labeler = self._make_labeler(playback is not None)
        pipeline = Pipeline(playback or source, lambda: labeler, read_ahead=1, wait_for_turn=labeler.wait_for_turn)
        pipeline.start()
        self._source, self.pipeline = playback or source, pipeline

    def stop(self, limit_s: float = 0.9) -> None:
        """End within ``limit_s`` seconds; a device that hangs is released by its own thread when possible."""
        with self._lock:
            self._stopped = True
        if self._labeler is not None:
            self._labeler.stop_waiting_for_models()
        if self.pipeline is not None:
            self.pipeline.stop(limit_s)

    @property
    def playback(self) -> Playback | None:
        """The playback of a file, or of an address that has turned out to be a recording."""
        source = self._source
        if isinstance(source, Playback):
            return source
        return source.playback if isinstance(source, BecomesPlayback) else None

    @property
    def is_camera(self) -> bool:
        """Whether it is a device, which cannot always be opened twice."""
        return self.named is not None and self.named.kind is SourceKind.CAMERA

    @property
    def has_picture(self) -> bool:
        """Whether any picture has arrived."""
        return self.pipeline is not None and self.pipeline.newest is not None

    @property
    def failure(self) -> str | None:
        """Why it failed for good, or ended without a picture, in a sentence."""
        status = self.status
        if status.state is SourceState.CLOSED and status.message:
            return status.message
        pipeline, playback = self.pipeline, self.playback
        if pipeline is None or self.has_picture:
            return None
        is_over = not pipeline.running if playback is None else playback.position.ended
        # Looked at in this order: its last moment may have brought the picture.
        if not is_over or self.has_picture:
            return None
        return pipeline.losses or _NO_PICTURE.format(source=named_source(self.text).short)

    @property
    def status(self) -> SourceStatus:
        """What the source is doing; a failed one is closed, with a sentence that says why."""
        pipeline = self.pipeline
        if self._failure is None and pipeline is not None and pipeline.error is not None:
            self._fail(pipeline.error)
        if self._failure is not None:
            return self._failure
        if pipeline is None:
            return self._opening
        status = pipeline.status
        begins = status.state is SourceState.CLOSED and pipeline.running
        return self._opening if begins else status

    @property
    def playback_view(self) -> PlaybackView | None:
        """Where the playing of a file is; ``None`` where nothing can be played, or no longer."""
        playback = self.playback
        if playback is None or self._failure is not None:
            return None
        now = playback.position
        info = self.pipeline.info if self.pipeline is not None else None
        is_still = info is not None and info.frame_count == 1
        return PlaybackView(now.time_s, now.duration_s, now.paused, now.speed, now.ended, is_still)

    def take_losses(self) -> str | None:
        """What of the source could not be read; returned once, after its end."""
        pipeline = self.pipeline
        if self._losses_told or pipeline is None or pipeline.status.state is not SourceState.ENDED:
            return None
        self._losses_told = True
        return pipeline.losses

    def _fail(self, error: Exception) -> None:
        message = logged_failure(error, f"The source {shown(self.text)} failed")
        self._failure = SourceStatus(SourceState.CLOSED, message=message)
