"""What a stand keeps stays within its quotas, whatever is kept."""

from pathlib import Path

import pytest

from tests.session.waiting import until
from video_labeler.kiosk.quota_keeper import QuotaKeeper
from video_labeler.session.view import RecordingView
from video_labeler.settings import KioskSettings

KEPT = {"record": "Video {}.mp4", "keep_pictures": "Picture {}.png"}


def four_of(folder: Path, pattern: str) -> list[Path]:
    files = [folder / pattern.format(f"2026-11-2{day} 10.00.00") for day in range(4)]
    for path in files:
        path.write_bytes(b"x" * 4_000_000)
    return files


@pytest.mark.parametrize("kept", KEPT)
def test_the_oldest_make_room_where_it_is_kept(tmp_path: Path, kept: str) -> None:
    files = {name: four_of(tmp_path, pattern) for name, pattern in KEPT.items()}
    quotas = KioskSettings(record_quota_gb=0.01, picture_quota_gb=0.01, **{kept: True})
    keeper = QuotaKeeper(quotas, tmp_path, clock=lambda: 100.0)
    keeper.look(RecordingView(Path("Video.mp4"), 1.0, 1_000_000, 10**10))
    until(lambda: not files[kept][1].exists())
    there = {name: [path.exists() for path in paths] for name, paths in files.items()}
    assert there == {name: [name != kept, name != kept, True, True] for name in KEPT}


def test_replays_count_and_cannot_push_out_the_recordings(tmp_path: Path) -> None:
    videos, replays = four_of(tmp_path, KEPT["record"]), four_of(tmp_path, "Replay {}.mp4")
    notes = tmp_path / "Replay of my own.mp4"
    notes.touch()
    keeper = QuotaKeeper(KioskSettings(record=True, record_quota_gb=0.05), tmp_path, replays=True)
    keeper.look(None)
    until(lambda: not replays[2].exists())
    assert [path.exists() for path in replays] == [False, False, False, True]
    assert all(path.exists() for path in [*videos, notes])
    # Without permission to record the visitors' replays are kept within bounds all the same.
    replays = four_of(tmp_path, "Replay {}.mp4")
    QuotaKeeper(KioskSettings(record_quota_gb=0.05), tmp_path, replays=True).look(None)
    until(lambda: not replays[2].exists())
    assert all(path.exists() for path in videos)
    # All fits, but for the one replay that may stay.
    replays[3].write_bytes(b"x" * 1_000_000)
    QuotaKeeper(KioskSettings(record=True, record_quota_gb=0.0165), tmp_path, replays=True).look(None)
    until(lambda: not videos[0].exists())
    assert videos[1].exists()


def test_it_looks_again_and_again_but_not_all_the_time(tmp_path: Path) -> None:
    now_s = 0.0
    keeper = QuotaKeeper(KioskSettings(keep_pictures=True, picture_quota_gb=0.01), tmp_path, clock=lambda: now_s)
    for _ in range(3):
        files = four_of(tmp_path, KEPT["keep_pictures"])
        keeper.look(None)
        until(lambda files=files: not files[1].exists())
        files[1].write_bytes(b"x" * 4_000_000)
        now_s += 5.0
        keeper.look(None)
        assert files[1].exists()
        now_s += 6.0


def test_where_nothing_is_kept_nothing_is_touched(tmp_path: Path) -> None:
    files = [path for pattern in KEPT.values() for path in four_of(tmp_path, pattern)]
    keeper = QuotaKeeper(KioskSettings(record_quota_gb=0.01, picture_quota_gb=0.01), tmp_path)
    keeper.look(None)
    assert keeper._checking is None
    assert all(path.exists() for path in files)
