"""The state of a session at one moment: plain values that a window reads on a timer."""

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from video_labeler.frames import Frame, LabeledFrame
from video_labeler.pipeline.stats import Statistics
from video_labeler.settings import LabelingSettings, LabelListSettings, ModelSettings
from video_labeler.sources.base import SourceInfo, SourceState, SourceStatus
from video_labeler.sources.naming import NamedSource


class ModelState(Enum):
    """The state of the models."""

    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ModelsView:
    """The current models. ``basic``: they are the basic ones. ``full_is_here``: the full ones are on the disk, and need
    no download. ``message``: what went wrong, in one sentence.

    After a failure the previous models stay in use, if there were any.
    """

    state: ModelState
    settings: ModelSettings
    labeler: str = ""
    localizer: str = ""
    basic: bool = False
    full_is_here: bool = False
    message: str = ""

    @property
    def lack_full(self) -> bool:
        """Whether the basic models are in use, and the full ones must be downloaded first."""
        return self.basic and not self.full_is_here and self.settings.downloads


@dataclass(frozen=True, slots=True)
class PlaybackView:
    """The state of a file's playback, in seconds; ``duration_s`` is ``None`` if unknown.

    ``is_still``: it is a single picture, and there is nothing to play.
    """

    time_s: float
    duration_s: float | None
    paused: bool
    speed: float
    ended: bool = False
    is_still: bool = False


@dataclass(frozen=True, slots=True)
class RecordingView:
    """The current recording: its final name, seconds and bytes so far, bytes free on the disk, frames skipped."""

    path: Path
    elapsed_s: float
    size: int
    free: int
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class SavingView:
    """Files that are being completed: their names, and since when, on the monotonic clock."""

    names: tuple[str, ...]
    since_s: float


@dataclass(frozen=True, slots=True)
class FetchView:
    """A running download of models: bytes so far and in total, 0 if not known yet."""

    done: int
    size: int


@dataclass(frozen=True, slots=True)
class OpeningView:
    """A source that is to take the place of what plays: its text, since when (monotonic), and what holds it up."""

    source: str
    since_s: float
    message: str = ""


class NoticeKind(Enum):
    """What a notice is about, so that a window can offer the fitting action."""

    INFORMATION = "information"
    PROBLEM = "problem"
    RECORDING_SAVED = "recording saved"
    REPLAY_SAVED = "replay saved"
    REPLAY_FAILED = "replay not saved"
    SNAPSHOT_SAVED = "snapshot saved"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be shown once: a sentence, and the file it is about, if any."""

    kind: NoticeKind
    text: str
    path: Path | None = None

    @property
    def is_problem(self) -> bool:
        """Whether something went wrong."""
        return self.kind in {NoticeKind.PROBLEM, NoticeKind.REPLAY_FAILED}


_GONE = {SourceState.CLOSED, SourceState.STALLED, SourceState.RECONNECTING}


@dataclass(frozen=True, slots=True)
class SessionView:
    """Everything that a window shows.

    ``source``: the text that named the source, ``None`` where none is open; ``named``: what it names. ``status``: what
    it does, with a sentence for people. ``labeled``: the newest labelled frame, ``newest``: the newest captured frame
    (at least as new), both ``None`` until the first. ``playback``: only for files. ``saving``: while files are
    completed. ``fetch``: while models are downloaded. ``cpu``: of this process, 1.0 being one core. ``replay_s``: how
    many seconds of what was shown can be saved now. ``opening``: another source that was asked for, while the present
    one goes on. ``says_nothing``: the lists of labels allow none; ``unknown_labels``: their names that the models do
    not know.
    """

    source: str | None
    status: SourceStatus
    models: ModelsView
    labeling: LabelingSettings
    named: NamedSource | None = None
    info: SourceInfo | None = None
    labeled: LabeledFrame | None = None
    newest: Frame | None = None
    statistics: Statistics = field(default_factory=Statistics)
    playback: PlaybackView | None = None
    recording: RecordingView | None = None
    saving: SavingView | None = None
    cpu: float = 0.0
    fetch: FetchView | None = None
    replay_s: float = 0.0
    opening: OpeningView | None = None
    says_nothing: bool = False
    lists: LabelListSettings = field(default_factory=LabelListSettings)
    unknown_labels: tuple[str, ...] = ()

    @property
    def has_failed(self) -> bool:
        """Whether the source could not be opened."""
        return self.newest is None and self.has_broken_off

    @property
    def can_be_recorded(self) -> bool:
        """Whether there are pictures that make a video: a single one is saved as what it is."""
        is_still = self.playback is not None and self.playback.is_still
        return self.source is not None and self.newest is not None and not is_still

    @property
    def has_broken_off(self) -> bool:
        """Whether the source failed for good, before its first picture or after it."""
        return self.status.state is SourceState.CLOSED and bool(self.status.message)

    @property
    def is_gone(self) -> bool:
        """Whether the source gave pictures before, but gives none now."""
        return self.newest is not None and self.status.state in _GONE
