import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.fakes import grey_frame, labeled
from video_labeler.errors import OutputError
from video_labeler.files.naming import free_path
from video_labeler.opencv import cv2
from video_labeler.overlay.drawing import draw_overlay
from video_labeler.recording.snapshot import SnapshotFormat, SnapshotNote, save_snapshot

NOW = datetime(2026, 11, 22, 14, 3, 12, tzinfo=UTC)


def test_a_snapshot_is_the_picture_with_its_overlay_and_its_labels(tmp_path: Path) -> None:
    frame = labeled(grey_frame(7), "Bottle", "Container")
    path = save_snapshot(frame, tmp_path / "new" / "folder", SnapshotNote("Desk Cam", "some model"), now=NOW)
    assert path == tmp_path / "new" / "folder" / "Picture 2026-11-22 14.03.12.png"
    assert np.array_equal(cv2.imread(str(path)), draw_overlay(frame.frame.image, frame))
    said = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert said["picture"] == path.name
    assert said["taken"] == "2026-11-22T14:03:12+00:00"
    assert (said["source"], said["model"], said["frame"]) == ("Desk Cam", "some model", 7)
    assert (said["width"], said["height"]) == (320, 240)
    assert [label["name"] for label in said["objects"][0]["labels"]] == ["Bottle", "Container"]


def test_a_picture_whose_pixels_are_not_square_is_saved_as_it_is_shown(tmp_path: Path) -> None:
    plain = labeled(grey_frame(7), "Bottle")
    wide = replace(plain, frame=replace(plain.frame, pixel_aspect=1.5))
    path = save_snapshot(wide, tmp_path, now=NOW)
    assert cv2.imread(str(path)).shape == (240, 480, 3)
    said = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert (said["width"], said["height"]) == (480, 240)
    before = plain.objects[0].box
    expected = (before.x_min * 1.5, before.y_min, before.x_max * 1.5, before.y_max)
    assert said["objects"][0]["box"] == pytest.approx(expected, abs=0.1)


def test_jpeg_is_smaller_and_nearly_the_same(tmp_path: Path) -> None:
    frame = labeled(grey_frame(7), "Bottle")
    path = save_snapshot(frame, tmp_path, picture_format=SnapshotFormat.JPEG, now=NOW)
    assert path.suffix == ".jpg"
    difference = cv2.imread(str(path)).astype(int) - draw_overlay(frame.frame.image, frame)
    assert np.abs(difference).mean() < 3


def test_nothing_is_ever_overwritten_neither_picture_nor_labels(tmp_path: Path) -> None:
    frame = labeled(grey_frame(), "Bottle")
    (tmp_path / "Picture 2026-11-22 14.03.12.png").write_bytes(b"mine")
    (tmp_path / "Picture 2026-11-22 14.03.12 (2).json").write_bytes(b"mine")
    path = save_snapshot(frame, tmp_path, now=NOW)
    assert path.name == "Picture 2026-11-22 14.03.12 (3).png"
    assert (tmp_path / "Picture 2026-11-22 14.03.12.png").read_bytes() == b"mine"
    assert (tmp_path / "Picture 2026-11-22 14.03.12 (2).json").read_bytes() == b"mine"
    assert len(list(tmp_path.iterdir())) == 4, "no half of a snapshot lies about"


def test_a_folder_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="Cannot write a snapshot"):
        save_snapshot(labeled(grey_frame(), "Bottle"), tmp_path / "file" / "folder", now=NOW)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_leaves_no_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def full(path: Path, mode: str = "r", **options: object) -> object:
        if path.suffix == ".png":
            path.touch()
            return real(Path("/dev/full"), "wb", buffering=0)
        return real(path, mode, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OutputError, match="Cannot write a snapshot"):
        save_snapshot(labeled(grey_frame(), "Bottle"), tmp_path, now=NOW)
    assert not list(tmp_path.glob("*.json"))


def test_free_names_mind_what_is_promised_and_broken_links(tmp_path: Path) -> None:
    first = free_path(tmp_path, "Video", ".mp4", NOW)
    second = free_path(tmp_path, "Video", ".mp4", NOW, [first])
    assert (first.name, second.name) == ("Video 2026-11-22 14.03.12.mp4", "Video 2026-11-22 14.03.12 (2).mp4")
    if os.name == "posix":
        first.symlink_to(tmp_path / "gone")
        assert free_path(tmp_path, "Video", ".mp4", NOW) == second
