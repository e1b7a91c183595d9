"""The program without its window: a source, the models, recordings."""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from video_labeler.frames import LabeledFrame
from video_labeler.labeling.label_mask import allows_nothing, name_problem, unknown_names
from video_labeler.session.fetching import ModelFetch
from video_labeler.session.frame_labeling import CurrentSettings, SourceLabeler
from video_labeler.session.model_bank import ModelBank
from video_labeler.session.notices import NoticeBox
from video_labeler.session.recordings import Recordings
from video_labeler.session.replays import Replays
from video_labeler.session.saving import Saving
from video_labeler.session.snapshots import Snapshots
from video_labeler.session.source_run import SourceRun
from video_labeler.session.source_switch import SourceSwitch
from video_labeler.session.view import Notice, NoticeKind, SessionView
from video_labeler.settings import (
    CameraSettings,
    LabelingSettings,
    LabelListSettings,
    ModelSettings,
    ScoreKind,
    Settings,
)
from video_labeler.sources.playback import Playback
from video_labeler.system.logs import logged_failure
from video_labeler.system.memory import trim_memory

_TICK_S = 0.1

_CLOSE_LIMIT_S = 0.9

_CPU_SPAN_S = 0.5
"""The CPU share is measured over at least this long, or it would fluctuate."""


class CpuMeter:
    """The CPU use of this process over about the last second, as a share of one core: 2.0 is two cores."""

    def __init__(self) -> None:
        self._wall_s = time.monotonic()
        self._used_s = time.process_time()
        self.share = 0.0

    def measure(self) -> None:
        """Update :attr:`share`; to be called a few times a second by one thread."""
        wall_s = time.monotonic()
        if wall_s - self._wall_s < _CPU_SPAN_S:
            return
        used_s = time.process_time()
        self.share = (used_s - self._used_s) / (wall_s - self._wall_s)
        self._wall_s, self._used_s = wall_s, used_s


class Session:
    """What a window or a kiosk shows and controls.

    Every method returns at once, for any thread; what takes longer happens in threads of the session, and shows in
    :attr:`view`. What fails is a state or a notice with a sentence, never an exception.

    ``share_models_with``: the session whose models label here, too; it loads them, and must be closed last.
    ``waits_for_cameras``: whether the camera that is named may be connected later; otherwise opening it fails.
    """

    def __init__(
        self, settings: Settings, *, share_models_with: "Session | None" = None, waits_for_cameras: bool = True
    ) -> None:
        self._settings = settings
        self._must_exist = not waits_for_cameras
        self._camera = settings.camera
        self._says_nothing = False
        self._unknown_labels: tuple[str, ...] = ()
        self._current = CurrentSettings(settings.labeling, settings.labels)
        self._notices = NoticeBox()
        self._cpu = CpuMeter()
        self._owns_models = share_models_with is None
        self._bank = (
            ModelBank(settings.models, on_change=self._models_changed, on_failure=self._notices.problem)
            if share_models_with is None
            else share_models_with.bank
        )
        self._fetch: ModelFetch | None = None
        self._saving = Saving()
        self._recordings = Recordings(self._notices, self._saving)
        self._snapshots = Snapshots(self._notices, self._saving)
        self._replays = Replays(self._notices, self._saving, self._current, settings.window.replay_s)
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._sources = SourceSwitch(self._commands.put, on_shown=self._follow, on_failure=self._notices.problem)
        self._thread = threading.Thread(target=self._work, name="session", daemon=True)

    def start(self) -> None:
        """Start loading the models and handling requests."""
        if self._owns_models:
            self._bank.use(self._settings.models)
        self._thread.start()

    def open(self, source: str, *, loop: bool = False, hold_s: float = 0.0) -> None:
        """Show another source, named as on the command line; with ``loop`` a file begins again at its end.

        ``hold_s``: the seconds for which the demo clip holds some objects still, as a visitor of a stand would.

        What plays now goes on until there is a picture of the other, and stays where that fails, or is not waited for.
        """
        run = SourceRun(source, self._camera, self._labeler, loop=loop, hold_s=hold_s, must_exist=self._must_exist)
        self._sources.open(run)

    def cancel_opening(self) -> None:
        """Wait no longer for the source that was asked for: what plays now stays."""
        self._sources.cancel()

    def close_source(self) -> None:
        """Stop showing a source."""
        self._sources.close()

    def use_models(self, models: ModelSettings) -> None:
        """Load other models in the background; if that fails, the previous ones stay in use."""
        self._bank.use(models)

    def adjust(self, labeling: LabelingSettings) -> None:
        """Use other labelling settings from the next frame on; a still picture is labelled again at once."""
        self._current.labeling = labeling
        self._look_again()

    def adjust_lists(self, lists: LabelListSettings) -> None:
        """Use other label lists from the next frame on; a notice reports names that the model does not know."""
        self._current.lists = lists
        self._models_changed()

    def problem_with_lists(self, lists: LabelListSettings) -> str:
        """A sentence about a name in these lists that the current models do not know; empty if they know all."""
        labels = self._bank.labels
        return "" if labels is None else name_problem(lists, labels)

    def use_camera(self, camera: CameraSettings) -> None:
        """Open cameras and streams with these settings from now on."""
        self._camera = camera

    def set_min_label_interval(self, interval_s: float, *, replay_too: bool = False) -> None:
        """Label frames at least ``interval_s`` seconds apart, for while nobody is watching; 0: every frame.

        With ``replay_too`` a replay keeps no more of them either, and those of a file in between are not decoded.
        """
        self._current.interval_s = interval_s
        self._current.replay_interval_s = interval_s if replay_too else 0.0
        self._commands.put(self._spare)

    def play(self) -> None:
        """Resume a file."""
        self._steer(Playback.play)

    def pause(self) -> None:
        """Pause a file."""
        self._steer(Playback.pause)

    def step(self) -> None:
        """Show a file's next frame, and pause there."""
        self._steer(Playback.step)

    def seek(self, time_s: float) -> None:
        """Seek to a time of a file, in seconds."""
        self._steer(lambda playback: playback.seek(time_s))

    def set_speed(self, speed: float) -> None:
        """Play a file 0.25 to 4 times as fast."""
        self._steer(lambda playback: playback.set_speed(speed))

    def start_recording(self, folder: Path) -> None:
        """Record what is shown, into a new file in ``folder``."""
        self._commands.put(lambda: self._recordings.begin(folder, self._sources.shown, self._bank.view.labeler))

    def stop_recording(self) -> None:
        """End the recording; a notice says where it is."""
        self._commands.put(self._recordings.end)

    def snapshot(self, folder: Path, shown: LabeledFrame | None = None) -> None:
        """Save what is ``shown`` on a screen, or else the newest picture, with its labels; a notice says where."""
        view = self.view
        self._snapshots.save(view if shown is None else replace(view, labeled=shown), folder)

    def save_replay(self, folder: Path) -> None:
        """Save the last seconds of what was shown, to a new file in ``folder``; a notice says where it is."""
        self._replays.save(folder, self._bank.view.labeler)

    def keep_replay(self, seconds: float) -> None:
        """Keep the last ``seconds`` of what is shown, for :meth:`save_replay`; 0: none."""
        self._commands.put(lambda: self._replays.set_length(seconds))

    def fetch_models(self) -> None:
        """Download the full models in the background, then use them."""
        if not self._bank.view.settings.downloads:
            self._notices.problem("Downloads are turned off in the preferences.")
            return
        with self._lock:
            if self._fetch is not None and self._fetch.view is not None:
                return
            self._fetch = ModelFetch(on_done=self._fetched, on_failure=self._notices.problem)
        self._fetch.start()

    def cancel_fetch(self) -> None:
        """Cancel the download."""
        if self._fetch is not None:
            self._fetch.cancel()

    def take_notices(self) -> list[Notice]:
        """The notices since the last call."""
        return self._notices.take()

    @property
    def bank(self) -> ModelBank:
        """The loader of its models, for another session that shares them."""
        return self._bank

    @property
    def view(self) -> SessionView:
        """Everything there is to show now."""
        run = self._sources.shown
        view = SessionView(
            source=run.text if run else None,
            status=run.status if run else self._sources.closed,
            models=self._bank.view,
            labeling=self._current.labeling,
            named=run.named if run else None,
            recording=self._recordings.view,
            saving=self._saving.view,
            cpu=self._cpu.share,
            fetch=self._fetch.view if self._fetch else None,
            replay_s=self._replays.held_s,
            opening=self._sources.opening,
            says_nothing=self._says_nothing,
            lists=self._current.lists,
            unknown_labels=self._unknown_labels,
        )
        pipeline = run.pipeline if run else None
        if run is None or pipeline is None:
            return view
        return replace(
            view,
            info=pipeline.info,
            labeled=pipeline.latest if self._bank.has_models else None,
            newest=pipeline.newest,
            statistics=pipeline.statistics,
            playback=run.playback_view,
        )

    def finish(self) -> None:
        """End the recording for good, and complete what is being saved: the view shows what is left."""
        self._recordings.close()

    def leave_files(self) -> None:
        """Make :meth:`close` wait for no file: what is not complete is found at the next start."""
        self._saving.leave()

    def close(self) -> None:
        """Stop everything, whatever hangs: gives up a device after a second, but waits for files."""
        deadline_s = time.monotonic() + _CLOSE_LIMIT_S
        self._closing.set()
        self._commands.put(lambda: None)
        self.finish()
        self.cancel_fetch()
        self._sources.end(deadline_s)
        if self._owns_models:
            self._bank.close()
        if self._thread.ident is not None:
            self._thread.join(max(0.0, deadline_s - time.monotonic()))
        self._saving.wait()

    def _work(self) -> None:
        while not self._closing.is_set():
            try:
                command = self._commands.get(timeout=_TICK_S)
            except queue.Empty:
                command = self._cpu.measure
            try:
                command()
                self._sources.let_come()
                self._spare()
                self._tell_losses()
                self._recordings.look(self._sources.shown)
            except Exception as error:  # noqa: BLE001 - told and logged; the session lives on
                self._notices.problem(logged_failure(error, "That did not work"))

    def _follow(self, run: SourceRun | None) -> None:
        self._replays.follow(run)
        trim_memory()

    def _spare(self) -> None:
        """Decode a file no more often than it is labelled; an address may only now have turned out to be a file."""
        run = self._sources.shown
        playback = run.playback if run is not None else None
        if playback is not None and playback.interval_s != self._current.replay_interval_s:
            playback.spare(self._current.replay_interval_s)

    def _labeler(self, waits: bool) -> SourceLabeler:
        return SourceLabeler(self._bank, self._current, waits=waits, on_failure=self._notices.problem)

    def _steer(self, command: Callable[[Playback], None]) -> None:
        """Steer the file that is shown, once it is open."""
        run = self._sources.shown

        def steer() -> None:
            playback = run.playback if run is not None else None
            if playback is not None:
                command(playback)

        self._commands.put(steer)

    def _models_changed(self) -> None:
        self._look_again()
        self._commands.put(trim_memory)
        self._commands.put(self._check_lists)

    def _check_lists(self) -> None:
        labels = self._bank.labels
        self._says_nothing = labels is not None and allows_nothing(self._current.lists, labels)
        self._unknown_labels = () if labels is None else unknown_names(self._current.lists, labels)
        problem = self._bank.problem_with(self._current.lists)
        if problem:
            self._notices.problem(problem)

    def _look_again(self) -> None:
        self._steer(Playback.show_again)

    def _tell_losses(self) -> None:
        run = self._sources.shown
        losses = run.take_losses() if run is not None else None
        if losses:
            self._notices.problem(losses)

    def _fetched(self) -> None:
        self._notices.add(NoticeKind.INFORMATION, "The full model is ready.")
        settings = self._bank.view.settings
        self.use_models(replace(settings, model="auto", localizer="auto", labels_file=None, scores=ScoreKind.AUTO))
