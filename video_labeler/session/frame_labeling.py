"""Labels the frames of one source with the current models."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from video_labeler.errors import VideoLabelerError
from video_labeler.frames import Frame, LabeledFrame, StageTimes
from video_labeler.labeling.object_labeler import Models
from video_labeler.labeling.tracking_labeler import TrackingLabeler
from video_labeler.session.model_bank import ModelBank
from video_labeler.settings import LabelingSettings, LabelListSettings

_log = logging.getLogger(__name__)

_POLL_S = 0.1

_FAILURES = 10
"""After this many failures in a row, the model is at fault rather than a frame."""

_IDLE_S = 0.1
"""After a rest as long as this, as in a file that plays slowly or step by step, there is time to look closely."""


@dataclass(slots=True)
class CurrentSettings:
    """The current labelling settings and label lists, shared by all labelers; replaced as a whole.

    ``interval_s``: the least seconds between labelled frames while nobody is watching; those of a file in
    between have the objects of the one before. ``replay_interval_s``: the same for what a replay keeps, and for
    frames of a file that are decoded at all.
    """

    labeling: LabelingSettings = field(default_factory=LabelingSettings)
    lists: LabelListSettings = field(default_factory=LabelListSettings)
    interval_s: float = 0.0
    replay_interval_s: float = 0.0


class SourceLabeler:
    """A frame labeler that borrows its models: after a change of models the tracks start afresh.

    A frame that cannot be labelled, because there are no models or they fail, gets no objects. With ``waits``
    frames wait for the first models, so that a file is labelled from its beginning. ``on_failure`` is called with a
    sentence once, when the models begin to fail.
    """

    def __init__(
        self,
        bank: ModelBank,
        current: CurrentSettings,
        *,
        waits: bool,
        on_failure: Callable[[str], None],
    ) -> None:
        self._bank = bank
        self._current = current
        self._waits = waits
        self._on_failure = on_failure
        self._released = threading.Event()
        self._models: Models | None = None
        self._tracking: TrackingLabeler | None = None
        self._failures = 0
        self._begun_s = float("-inf")
        self._ended_s = float("-inf")
        self._last: LabeledFrame | None = None

    def stop_waiting_for_models(self) -> None:
        """Stop waiting for models. For any thread."""
        self._released.set()

    def label(self, frame: Frame) -> Sequence[LabeledFrame]:
        """Find and name what ``frame`` shows, if there are models."""
        while self._waits and not self._bank.wait(_POLL_S) and not self._released.is_set():
            pass
        now_s = time.monotonic()
        # Frames that are handed out at intervals are all labelled.
        interval_s = 0.0 if self._current.replay_interval_s else self._current.interval_s
        if self._waits and self._last is not None and now_s - self._begun_s < interval_s:
            return (replace(self._last, frame=frame),)
        self._begun_s = now_s
        with self._bank.lent() as models:
            labeled = self._labeled(frame, models)
        self._ended_s = time.monotonic()
        self._last = labeled or LabeledFrame(frame, (), StageTimes(frame.captured_s))
        return (self._last,)

    def finish(self) -> Sequence[LabeledFrame]:
        """Nothing: no frame is held back."""
        return ()

    def close(self) -> None:
        """Forget the tracks; the models are the bank's."""
        self._models = self._tracking = self._last = None

    def wait_for_turn(self) -> None:
        """Before a live frame is taken, wait until the minimum interval has passed."""
        interval_s = 0.0 if self._waits else self._current.interval_s
        if interval_s > 0:
            self._released.wait(max(0.0, self._begun_s + interval_s - time.monotonic()))

    def _labeled(self, frame: Frame, models: Models | None) -> LabeledFrame | None:
        if models is not self._models:
            self._models = models
            self._tracking = None
            if models is not None:
                current = self._current
                self._tracking = TrackingLabeler(models, current.labeling, current.lists)
            self._failures = 0
        if self._tracking is None:
            return None
        self._tracking.settings, self._tracking.lists = self._current.labeling, self._current.lists
        if self._waits and frame.captured_s - self._ended_s > _IDLE_S:
            self._tracking.look_again()
        try:
            labeled = self._tracking.label(frame)
        except Exception as error:  # noqa: BLE001 - one bad frame must not end the picture
            # What it would have said of this frame cannot stand for the next one.
            self._tracking.look_again()
            self._failed(error)
            return None
        if self._failures >= _FAILURES:
            self._bank.report("")
        self._failures = 0
        return labeled

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        if self._failures == 1:
            _log.error("A frame could not be labelled", exc_info=error)
        if self._failures == _FAILURES:
            reason = str(error) if isinstance(error, VideoLabelerError) else f"{type(error).__name__}: {error}."
            message = f"The model keeps failing, so nothing is labelled. Choose another one. ({reason})"
            self._bank.report(message)
            self._on_failure(message)
