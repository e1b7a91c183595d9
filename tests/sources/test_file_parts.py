"""Files of kinds that FFmpeg reads only to the end of the first recording in them."""

import itertools
from pathlib import Path

import pytest

from tests.sources.joined import RATE, joined, write_part
from video_labeler import limits
from video_labeler.sources import file_parts
from video_labeler.sources.containers import open_file
from video_labeler.sources.video_file import VideoFile


@pytest.mark.parametrize("suffix", [".flv", ".mp4", ".mov", ".wmv"])
def test_all_recordings_in_a_file_are_read_one_after_the_other(tmp_path: Path, suffix: str) -> None:
    codec = "wmv2" if suffix == ".wmv" else "libx264"
    part = write_part(tmp_path / f"part{suffix}", codec=codec, start_s=0.1 if suffix == ".flv" else 0.0)
    path = joined(tmp_path / f"it's %d of three{suffix}", part, part, part)
    with VideoFile(path) as source:
        source.open()
        frames = []
        while (frame := source.read()) is not None:
            frames.append(frame)
        losses = source.losses
        source.seek(3.0)
        sought = source.read()

    assert len(frames) == 6 * RATE
    assert losses is None
    steps = [after.time_s - before.time_s for before, after in itertools.pairwise(frames)]
    assert max(abs(step - 1 / RATE) for step in steps) < 0.1
    assert sought is not None
    assert sought.time_s == pytest.approx(3.0, abs=0.11)


def test_the_sound_of_all_parts_is_there(tmp_path: Path) -> None:
    part = write_part(tmp_path / "part.flv", start_s=0.1)
    path = joined(tmp_path / "a.flv", part, part)
    with open_file(str(part)) as container:
        count = sum(packet.size > 0 for packet in container.demux(audio=0))
    with open_file(str(path)) as container:
        assert sum(packet.size > 0 for packet in container.demux(audio=0)) == 2 * count


def test_a_size_that_changes_between_the_parts_changes_the_pictures(tmp_path: Path) -> None:
    parts = [write_part(tmp_path / f"{size[0]}.mp4", size=size, sound=False) for size in ((160, 120), (96, 64))]
    with VideoFile(joined(tmp_path / "a.mp4", *parts)) as source:
        source.open()
        sizes = []
        while (frame := source.read()) is not None:
            sizes.append((frame.width, frame.height))
    assert sizes == [(160, 120)] * 20 + [(96, 64)] * 20


@pytest.mark.parametrize("suffix", [".flv", ".mp4", ".wmv"])
def test_a_file_may_be_cut_short_while_its_parts_are_found(tmp_path: Path, suffix: str) -> None:
    part = write_part(tmp_path / f"part{suffix}", codec="wmv2" if suffix == ".wmv" else "libx264", sound=False)
    path = joined(tmp_path / f"a{suffix}", part, part, part)
    find = {".flv": file_parts._flv_parts, ".mp4": file_parts._mp4_parts, ".wmv": file_parts._asf_parts}[suffix]
    with path.open("r+b") as file:
        parts = find(file_parts._Content(file))
        assert next(parts) == part.stat().st_size
        # Where the file were mapped into memory, this would end the program.
        file.truncate(100)
        assert list(parts) == []


def test_parts_that_are_not_found_in_time_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = write_part(tmp_path / "part.flv", sound=False)
    path = joined(tmp_path / "a.flv", part, part)
    assert file_parts.part_addresses(path, "flv")
    path.touch()
    monkeypatch.setattr(limits, "OPENING_S", -1.0)
    file_parts._starts.cache_clear()
    assert not file_parts.part_addresses(path, "flv")
    file_parts._starts.cache_clear()
