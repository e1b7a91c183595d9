"""Files of kinds that FFmpeg reads only to the end of the first recording in them."""

import itertools
from pathlib import Path

import pytest

from tests.sources.joined import RATE, joined, write_part
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
