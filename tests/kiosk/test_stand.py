"""A whole stand without its window: a camera on loopback that fails and comes back, with the models that ship."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sources.mjpeg_server import MjpegServer, Mode
from video_labeler.assets import asset
from video_labeler.kiosk import stand
from video_labeler.kiosk.quota_keeper import QuotaKeeper
from video_labeler.kiosk.scene import LIVE_LIMIT_S, Scene, StandView
from video_labeler.kiosk.stand import Stand
from video_labeler.kiosk.tally import Tally
from video_labeler.recording.folder import KIOSK_FOLDER
from video_labeler.session.view import ModelState
from video_labeler.settings import KioskSettings, LabelingSettings, ModelSettings, Settings, WindowSettings

MODELS = ModelSettings(model="builtin", localizer="builtin")


class Watched:
    """A stand that is looked at as its window does, with everything that it showed."""

    def __init__(self, source: str, settings: Settings) -> None:
        self.stand = Stand(source, settings)
        self.views: list[StandView] = []
        self.tally = Tally()
        self.stand.start()

    def until(self, condition: Callable[[StandView], object], limit_s: float = 20.0) -> StandView:
        """Look thirty times a second until a view is as wanted."""
        deadline_s = time.monotonic() + limit_s
        while time.monotonic() < deadline_s:
            view = self.stand.look()
            now_s = time.monotonic()
            self.views.append(view)
            if view.scene is Scene.LIVE:
                assert view.shown.labeled is not None
                assert now_s - view.shown.labeled.frame.captured_s <= LIVE_LIMIT_S
            self.tally += self.stand.take_tally()
            if condition(view):
                return view
            time.sleep(1 / 30)
        raise AssertionError(f"it never came; last: {self.views[-1]}")


@pytest.fixture
def server() -> Iterator[MjpegServer]:
    with MjpegServer() as made:
        yield made


@pytest.fixture
def watched(server: MjpegServer, tmp_path: Path) -> Iterator[Watched]:
    settings = Settings(
        models=MODELS,
        window=WindowSettings(recordings_folder=str(tmp_path)),
        kiosk=KioskSettings(idle_s=3.0, dwell_s=0.3, celebrate_s=0.5, record=True),
    )
    made = Watched(server.url, settings)
    yield made
    made.stand.close()


def is_live(view: StandView) -> bool:
    return view.scene is Scene.LIVE


def attracts(view: StandView) -> bool:
    return view.scene is Scene.ATTRACT and view.shown.labeled is not None


@pytest.mark.parametrize("fault", [Mode.FREEZE, Mode.BLACK, Mode.STALL])
def test_a_camera_that_fails_gives_way_to_the_attract_video_and_comes_back(
    server: MjpegServer, watched: Watched, fault: Mode
) -> None:
    watched.until(is_live)
    server.mode = fault
    view = watched.until(lambda view: attracts(view) and view.trouble)
    assert view.shown.playback is not None, "the attract video plays"
    server.mode = Mode.OK
    assert watched.until(is_live).trouble == ""
    assert watched.tally.camera_losses == 1


def test_nothing_new_brings_the_attract_video_and_the_camera_is_looked_at_seldom(server: MjpegServer) -> None:
    settings = Settings(
        models=MODELS, labeling=LabelingSettings(localizer_threshold=1.0), kiosk=KioskSettings(idle_s=3.0)
    )
    watched = Watched(server.url, settings)
    try:
        watched.until(is_live)
        watched.until(attracts)
        assert watched.tally.scenes["live"] > 1.5, "half of what it is to wait"
        before, began_s = watched.tally, time.monotonic()
        watched.until(lambda _: time.monotonic() - began_s > 2.0)
        labelled, watched_s = watched.tally.labelled - before.labelled, time.monotonic() - began_s
    finally:
        watched.stand.close()
    assert 0 < labelled < 13 * watched_s, "ten a second at the most"
    assert watched.tally.captured - before.captured > labelled


def test_what_is_live_is_recorded_and_the_last_seconds_can_be_saved(watched: Watched, tmp_path: Path) -> None:
    watched.until(lambda view: view.shown.recording is not None and view.shown.recording.elapsed_s > 0.5)
    for _ in range(20):
        watched.stand.save_replay()
    view = watched.until(lambda view: view.notice)
    assert view.notice.startswith("Saved Replay")
    watched.stand.close()
    watched.stand.save_replay()
    assert (watched.tally + watched.stand.take_tally()).replays == 1, "counted, and not again within seconds"
    kept = sorted(path.name.split()[0] for path in (tmp_path / KIOSK_FOLDER).glob("*.mp4"))
    assert kept == ["Replay", "Video"], "one of each, however often the keys are pressed"


def test_replays_have_a_quota_wherever_they_can_be_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, bool]] = []

    class Keeper(QuotaKeeper):
        def __init__(self, settings: KioskSettings, folder: Path, **options: bool) -> None:
            super().__init__(settings, folder, **options)
            asked.append(options)

    monkeypatch.setattr(stand, "QuotaKeeper", Keeper)
    for replay_s in (0, 30):
        Stand("0", Settings(models=MODELS, window=WindowSettings(replay_s=replay_s)))
    assert asked == [{"replays": False}, {"replays": True}]


def test_a_replay_that_a_slow_disk_still_takes_is_the_only_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stand, "_REPLAY_EVERY_S", 0.0)
    waiting = Stand("0", Settings(models=MODELS))
    saved: list[Path] = []
    monkeypatch.setattr(waiting._camera, "save_replay", saved.append)
    for _ in range(3):
        waiting.save_replay()
    assert len(saved) == 1


def test_without_permission_nothing_is_stored(server: MjpegServer, tmp_path: Path) -> None:
    settings = Settings(models=MODELS, window=WindowSettings(recordings_folder=str(tmp_path / "videos")))
    watched = Watched(server.url, settings)
    try:
        began_s = time.monotonic()
        watched.until(lambda view: is_live(view) and time.monotonic() - began_s > 3.0)
    finally:
        watched.stand.close()
    assert not (tmp_path / "videos").exists()


def test_no_camera_at_all_is_reported_and_the_attract_video_plays(tmp_path: Path) -> None:
    watched = Watched("http://127.0.0.1:9/none.mjpeg", Settings(models=MODELS))
    try:
        view = watched.until(attracts)
        assert "refuses the connection" in watched.until(lambda view: view.trouble).trouble
        assert view.hero is None
    finally:
        watched.stand.close()


def test_models_that_failed_are_loaded_again_and_then_label(
    server: MjpegServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stand, "_MODELS_AGAIN_AFTER_S", 0.1)
    model = tmp_path / "mine.tflite"
    watched = Watched(server.url, Settings(models=ModelSettings(model=str(model), localizer="builtin")))
    try:
        watched.until(lambda view: view.trouble)
        shutil.copy(asset("models/labeler.tflite"), model)
        watched.until(lambda view: view.shown.models.state is ModelState.READY, 60.0)
    finally:
        watched.stand.close()
