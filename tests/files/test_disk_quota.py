"""Recordings of an unattended program stay within their share of the disk."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from video_labeler.files.disk_quota import Kept, enforce_quota, kept_files


def recording(folder: Path, day: int, size: int = 1000, number: str = "") -> Path:
    path = folder / f"Video 2026-11-{day:02d} 14.03.12{number}.mp4"
    path.write_bytes(b"x" * size)
    return path


def test_the_oldest_go_first_and_only_as_many_as_must(tmp_path: Path) -> None:
    files = [
        recording(tmp_path, day, number=number) for day, number in ((3, ""), (1, ".recovered"), (2, " (2)"), (4, ""))
    ]
    gone = enforce_quota(tmp_path, Kept.RECORDINGS, 2500)
    assert [path.name[:16] for path in gone] == ["Video 2026-11-01", "Video 2026-11-02"]
    assert [path for path in files if path.exists()] == [files[0], files[3]]


def test_what_cannot_be_deleted_makes_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, gone, newest = (recording(tmp_path, day) for day in (1, 2, 3))
    unlink = Path.unlink

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        if path == kept:
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    assert enforce_quota(tmp_path, Kept.RECORDINGS, 2000) == [gone]
    assert kept.exists()
    assert newest.exists()


def test_within_the_quota_nothing_goes(tmp_path: Path) -> None:
    recording(tmp_path, 1)
    assert enforce_quota(tmp_path, Kept.RECORDINGS, 1000) == []


def test_what_is_not_its_own_is_neither_touched_nor_counted(tmp_path: Path) -> None:
    others = [
        tmp_path / name
        for name in (
            "wedding.mp4",
            "Video of the stand.mp4",
            "Replay 2026-11-01 14.03.12.mp4",
            "Picture 2026-11-01 14.03.12.png",
            "Video 2026-11-01 14.03.12.partial.mp4",
            "Video 2026-11-01 14.03.12.mp4.bak",
        )
    ]
    for path in others:
        path.write_bytes(b"x" * 5000)
    (tmp_path / "Video 2026-11-01 14.03.12.mp4").mkdir()
    own = recording(tmp_path, 2)
    assert enforce_quota(tmp_path, Kept.RECORDINGS, 1000) == []
    assert enforce_quota(tmp_path, Kept.RECORDINGS, 0) == [own]
    assert all(path.exists() for path in others)


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert kept_files(tmp_path / "none", Kept.PICTURES) == []
    assert enforce_quota(tmp_path / "none", Kept.RECORDINGS, 0) == []


def test_pictures_go_together_with_their_labels(tmp_path: Path) -> None:
    for day in (1, 2, 3):
        for suffix, size in ((".png", 800), (".json", 200)):
            (tmp_path / f"Picture 2026-11-0{day} 14.03.12{suffix}").write_bytes(b"x" * size)
    others = [tmp_path / name for name in ("Picture of us.png", "Picture 2026-11-01 14.03.12.txt")]
    for path in (*others, recording(tmp_path, 1)):
        path.write_bytes(b"x" * 5000)
    gone = enforce_quota(tmp_path, Kept.PICTURES, 1900)
    assert sorted(path.name for path in gone) == [
        f"Picture 2026-11-0{day} 14.03.12.{suffix}" for day in (1, 2) for suffix in ("json", "png")
    ]
    assert sorted(path.suffix for path in tmp_path.glob("Picture 2026-11-03*")) == [".json", ".png"]
    assert all(path.exists() for path in others)
    assert recording(tmp_path, 1).exists()


@settings(deadline=None)
@given(sizes=st.lists(st.integers(0, 5000), max_size=12), limit=st.integers(0, 20000))
def test_what_is_left_is_the_newest_that_fit(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], limit: int
) -> None:
    folder = tmp_path_factory.mktemp("quota")
    files = [recording(folder, 1 + number, size) for number, size in enumerate(sizes)]
    enforce_quota(folder, Kept.RECORDINGS, limit)
    kept = [path for path in files if path.exists()]
    assert sum(path.stat().st_size for path in kept) <= limit
    assert kept == files[len(files) - len(kept) :]
    if len(kept) < len(files):
        assert sum(sizes[len(files) - len(kept) - 1 :]) > limit
