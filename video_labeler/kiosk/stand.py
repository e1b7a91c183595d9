"""The logic of a stand: the camera, the attract video, the visitor's journey between them, and the counts."""

import logging
import time
from collections.abc import Mapping
from dataclasses import replace

from video_labeler.frames import Prediction
from video_labeler.kiosk.camera_choice import CameraChoice
from video_labeler.kiosk.day_book import local_now
from video_labeler.kiosk.gallery import Gallery
from video_labeler.kiosk.journey import CameraGlance, Journey, Step
from video_labeler.kiosk.quota_keeper import QuotaKeeper
from video_labeler.kiosk.recording_keeper import RecordingKeeper
from video_labeler.kiosk.scene import Scene, StandView
from video_labeler.kiosk.tally import Tally, latency_counts
from video_labeler.pipeline.stats import Statistics
from video_labeler.recording.folder import KIOSK_FOLDER, recordings_folder
from video_labeler.session.camera_watch import CameraWatch
from video_labeler.session.session import Session
from video_labeler.session.view import ModelState, NoticeKind, SessionView
from video_labeler.settings import Settings
from video_labeler.sources.naming import DEMO
from video_labeler.system.memory import trim_memory

_log = logging.getLogger(__name__)

_CAMERA_PAUSE_S = 1.0
"""A lost camera is retried this often, so that its picture is back within two seconds."""

_FROZEN_AFTER_S = 3.0
_BLACK_AFTER_S = 2.0
"""On a stand a frozen or black picture is soon replaced by the attract video."""

_ATTRACT_INTERVAL_S = 0.1
"""While the attract video plays, the camera's picture is only checked for something new."""

_HOLDS_LONGER_S = 1.0
"""How much longer than the ring the demo clip holds an object: until it rests and has its name."""

_ATTRACT_READY_AFTER_S = 4.0
"""How long after the start the attract video is opened, unless it is needed earlier."""

_MODELS_AGAIN_AFTER_S = 30.0

_NOTICE_S = 6.0
_REPLAY_EVERY_S = 10.0


class SessionTally:
    """Computes differences of a session's figures, which restart at 0 with every source that is opened."""

    def __init__(self) -> None:
        self._last = Statistics()

    def take(self, view: SessionView) -> Tally:
        """The counts since the last call."""
        now, last = view.statistics, self._last
        if now.captured < last.captured:
            last = Statistics()
        self._last = now
        causes = {"labelling busy": now.drops.labelling - last.drops.labelling}
        before = dict(last.drops.sinks)
        for name, dropped in now.drops.sinks:
            # A recording after another starts at 0.
            causes[f"{name} busy"] = dropped - before.get(name, 0) if dropped >= before.get(name, 0) else dropped
        return Tally(
            captured=now.captured - last.captured,
            labelled=now.labelled - last.labelled,
            dropped={cause: count for cause, count in causes.items() if count},
            reconnects=max(0, now.reconnects - last.reconnects),
        )


class Stand:
    """A stand without its window. Every method returns at once; all are for one thread.

    ``source``: the camera, named as on the command line; ``None``: the first one. ``kinds``: how often each
    label was celebrated today before a restart. Call :meth:`look` at the display's rate.
    """

    def __init__(self, source: str | None, settings: Settings, kinds: Mapping[str, int] | None = None) -> None:
        self._kiosk = settings.kiosk
        self._folder = recordings_folder(settings.window) / KIOSK_FOLDER
        camera = settings.camera
        settings = replace(
            settings,
            camera=replace(
                camera,
                longest_pause_s=min(_CAMERA_PAUSE_S, camera.longest_pause_s),
                frozen_after_s=min(_FROZEN_AFTER_S, camera.frozen_after_s),
                black_after_s=min(_BLACK_AFTER_S, camera.black_after_s),
            ),
            models=replace(settings.models, downloads=False),
        )
        self._camera = Session(settings)
        without_replay = replace(settings, window=replace(settings.window, replay_s=0))
        self._attract = Session(without_replay, share_models_with=self._camera)
        self._attract_started = False
        self._watch = CameraWatch() if source is None else None
        hold_s = settings.kiosk.dwell_s + _HOLDS_LONGER_S
        self._choice = CameraChoice(self._camera, source, self._watch, hold_s=hold_s)
        self._recording = RecordingKeeper(self._camera, settings.kiosk, self._folder) if settings.kiosk.record else None
        self._quotas = QuotaKeeper(settings.kiosk, self._folder, replays=settings.window.replay_s > 0)
        self._gallery = Gallery(kinds or {})
        self._journey = Journey(settings, self._gallery)
        self._counts = SessionTally()
        self._tally = Tally()
        self._scene = Scene.WAIT
        self._was_lost = False
        self._day = local_now().date()
        self._looked_s = self._started_s = time.monotonic()
        self._models_tried_s = self._started_s
        self._notice: tuple[str, float] = "", 0.0
        self._replay_s = float("-inf")
        self._saving_replay = False

    def start(self) -> None:
        """Start loading the models, and open the camera."""
        self._camera.start()
        if self._watch is not None:
            self._watch.start()
        self._choice.look(self._camera.view)

    def look(self) -> StandView:
        """Update everything, and return what to show now."""
        now_s = time.monotonic()
        camera = self._camera.view
        self._choice.look(camera)
        self._count_scene(now_s)
        self._follow_day()
        lost = self._choice.is_lost
        if lost and not self._was_lost:
            self._tally += Tally(camera_losses=1)
        self._was_lost = lost
        step = self._journey.advance(now_s, CameraGlance(camera.labeled, lost))
        self._follow(step, now_s)
        if self._recording is not None:
            self._recording.look(camera)
        self._quotas.look(camera.recording)
        self._mend_models(camera, now_s)
        self._read_notices(now_s)
        return StandView(
            scene=step.scene,
            shown=self._attract.view if step.scene is Scene.ATTRACT else camera,
            hero=step.hero,
            dwell=step.dwell,
            celebration=step.celebration,
            gallery=self._gallery.kinds,
            trouble=self._choice.trouble(camera) or camera.models.message,
            notice=self._notice[0] if now_s < self._notice[1] else "",
        )

    @property
    def is_stuck(self) -> bool:
        """Whether only a new process can help, because a device hangs in its driver."""
        return self._choice.is_stuck(self._camera.view)

    def painted(self, age_s: float) -> None:
        """Record that a live frame of that age is on the screen."""
        self._tally += Tally(shown=1, latencies=latency_counts((age_s,)))

    def replaced(self, age_s: float) -> None:
        """Record that a live frame of that age has left the screen."""
        if age_s > self._tally.oldest_live_s:
            self._tally = replace(self._tally, oldest_live_s=age_s)

    def take_tally(self) -> Tally:
        """The counts since the last call."""
        taken = self._tally + self._counts.take(self._camera.view)
        self._tally = Tally()
        return taken

    def save_replay(self) -> None:
        """Save the last seconds of the live picture; a notice says where they are.

        While one is being saved, and for a moment after, it does nothing: any visitor can press the keys, and leaning
        on them must not fill the disk.
        """
        now_s = time.monotonic()
        if self._saving_replay or now_s - self._replay_s < _REPLAY_EVERY_S:
            return
        self._saving_replay, self._replay_s = True, now_s
        self._tally += Tally(replays=1)
        self._camera.save_replay(self._folder)

    def close(self) -> None:
        """Stop everything, whatever hangs, within two seconds, except for files that a slow disk is still writing."""
        if self._attract_started:
            self._attract.close()
        self._camera.close()
        if self._watch is not None:
            self._watch.close()

    def _follow(self, step: Step, now_s: float) -> None:
        """Act on the scene, and on what has just been celebrated."""
        attracting = step.scene is Scene.ATTRACT
        if not self._attract_started and (attracting or now_s - self._started_s >= _ATTRACT_READY_AFTER_S):
            self._start_attract()
        if step.scene is not self._scene:
            _log.info("Now: %s", step.scene.value)
            self._scene = step.scene
            self._camera.set_min_label_interval(_ATTRACT_INTERVAL_S if attracting else 0.0)
            if attracting:
                self._attract.play()
                # Nobody is there to notice the moment that this takes.
                trim_memory()
            else:
                self._attract.pause()
        if step.celebrated is not None:
            self._celebrate(step.celebrated)

    def _start_attract(self) -> None:
        self._attract_started = True
        self._attract.start()
        self._attract.open(self._kiosk.attract_video or DEMO, loop=True)
        if self._scene is not Scene.ATTRACT:
            self._attract.pause()

    def _follow_day(self) -> None:
        """Clear the gallery at midnight, or when the clock has been set to another day."""
        day = local_now().date()
        if day != self._day:
            self._day = day
            self._gallery.new_day()

    def _celebrate(self, prediction: Prediction) -> None:
        self._tally += Tally(labels={prediction.label.name: 1})
        if self._kiosk.keep_pictures:
            self._camera.snapshot(self._folder)

    def _count_scene(self, now_s: float) -> None:
        seconds, self._looked_s = now_s - self._looked_s, now_s
        self._tally += Tally(scenes={self._scene.value: seconds})

    def _mend_models(self, camera: SessionView, now_s: float) -> None:
        """Reload failing models; if that fails, the stand continues without labels and retries."""
        if camera.models.state is not ModelState.FAILED or now_s - self._models_tried_s < _MODELS_AGAIN_AFTER_S:
            return
        self._models_tried_s = now_s
        _log.warning("Loading the models again: %s", camera.models.message)
        self._camera.use_models(camera.models.settings)

    def _read_notices(self, now_s: float) -> None:
        for notice in (*self._camera.take_notices(), *self._attract.take_notices()):
            _log.log(logging.WARNING if notice.is_problem else logging.INFO, "%s", notice.text)
            if notice.kind in {NoticeKind.REPLAY_SAVED, NoticeKind.REPLAY_FAILED}:
                self._saving_replay = False
                self._notice = notice.text, now_s + _NOTICE_S
