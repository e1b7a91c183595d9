from itertools import pairwise
from pathlib import Path

import pytest

from tests import clips
from tests.sources.clips import write_test_clip
from tests.sources.joined import joined, sound_packets, write_part
from video_labeler.movie.sound import SoundReader
from video_labeler.sources.moving_picture import MovingPicture
from video_labeler.sources.video_file import VideoFile

HOURS_S = 3 * 3600.0


def times_of(path: Path) -> list[float]:
    with VideoFile(path) as source:
        source.open()
        times = []
        while (frame := source.read()) is not None:
            times.append(frame.time_s)
        assert source.losses is None
        return times


def sound_times_of(path: Path, container_format: str = "matroska") -> list[float]:
    reader = SoundReader(path, container_format)
    with VideoFile(path) as source:
        reader.start(source.open())
    times = [packet.time_s for packet in reader.read_until(1e9)]
    assert reader.losses is None
    reader.close()
    return times


def assert_runs_on(times: list[float], count: int, step_s: float = 0.1) -> None:
    assert len(times) == count
    assert all(0.5 * step_s < after - before < step_s + 0.15 for before, after in pairwise(times))
    assert times[-1] - times[0] == pytest.approx((count - 1) * step_s, abs=0.3)


@pytest.mark.parametrize("b_frames", [0, 3])
@pytest.mark.parametrize(
    ("name", "codec"), [("a.ts", "libx264"), ("a.mpg", "mpeg2video"), ("a.mkv", "libx264"), ("a.mts", "libx264")]
)
def test_a_file_behind_itself_lasts_twice_as_long(tmp_path: Path, name: str, codec: str, b_frames: int) -> None:
    rate = 25 if codec == "mpeg2video" else 10
    part = write_part(tmp_path / name, start_s=1.4, codec=codec, rate=rate, b_frames=b_frames)
    path = joined(tmp_path / f"both{part.suffix}", part, part)

    assert_runs_on(times_of(path), 4 * rate, 1 / rate)
    assert_runs_on(sound_times_of(path), 2 * sound_packets(part), (1152 if name == "a.mpg" else 1024) / 44100)


def test_three_in_a_row(tmp_path: Path) -> None:
    part = write_part(tmp_path / "a.ts")

    assert_runs_on(times_of(joined(tmp_path / "all.ts", part, part, part)), 60)


@pytest.mark.parametrize("sound", [True, False])
@pytest.mark.parametrize("starts_s", [(HOURS_S, 0.0), (0.0, HOURS_S), (95_440.0, 0.0), (0.0, 95_440.0), (5.0, 3.0)])
def test_jumps_of_the_clock(tmp_path: Path, starts_s: tuple[float, float], *, sound: bool) -> None:
    parts = [write_part(tmp_path / f"{start_s}.ts", start_s=start_s, sound=sound) for start_s in starts_s]
    path = joined(tmp_path / "both.ts", *parts)

    times = times_of(path)

    assert times[0] == 0.0
    if starts_s == (95_440.0, 0.0):
        # The clock of 33 bits ends at 95,443.7 s, and goes on at 0: nothing tells a wrap from a new file.
        assert times[-1] == pytest.approx(5.5, abs=0.2)
    else:
        assert_runs_on(times, 40)


def test_parts_of_different_sizes_and_rates(tmp_path: Path) -> None:
    parts = [write_part(tmp_path / "a.ts"), write_part(tmp_path / "b.ts", size=(320, 240), rate=25)]

    times = times_of(joined(tmp_path / "both.ts", *parts))

    assert len(times) == 70
    assert times[-1] == pytest.approx(3.96, abs=0.1)


def test_the_clock_of_33_bits_that_wraps(tmp_path: Path) -> None:
    path = write_part(tmp_path / "a.ts", start_s=95_442.7)

    assert_runs_on(times_of(path), 20)


def test_sound_and_pictures_stay_in_step_where_the_sound_is_longer(tmp_path: Path) -> None:
    part = write_part(tmp_path / "a.ts", start_s=2.0, sound_ahead_s=0.1)
    path = joined(tmp_path / "both.ts", part, part)

    pictures, sound = times_of(path), sound_times_of(path)

    second_picture, second_sound = pictures[20], sound[len(sound) // 2]
    assert second_picture - second_sound == pytest.approx(pictures[0] - sound[0], abs=0.001)
    assert sound == sorted(sound)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
def test_pictures_that_are_far_apart_stay_so(tmp_path: Path, suffix: str) -> None:
    times_s = [0, 0.1, 20.1, 40.1, 40.2, 100.2]
    path = clips.write_clip(tmp_path / f"a{suffix}", [MovingPicture(160, 120).draw(i) for i in range(6)], times_s)

    assert times_of(path) == pytest.approx(times_s, abs=0.002)


@pytest.mark.parametrize("time_s", [0.0, 1.0, 2.5, 3.1, 3.9])
@pytest.mark.parametrize("suffix", [".ts", ".mkv"])
def test_seeking_goes_by_the_running_time(tmp_path: Path, suffix: str, time_s: float) -> None:
    part = write_part(tmp_path / f"a{suffix}", start_s=1.4)
    path = joined(tmp_path / f"both{suffix}", part, part)
    times = times_of(path)

    with VideoFile(path) as source:
        source.open()
        source.seek(time_s)
        frame = source.read()
        following = source.read()

    shown = max(shown for shown in times if shown <= time_s + 1e-6)
    assert frame is not None
    assert frame.time_s == pytest.approx(shown, abs=0.002)
    later = [shown for shown in times if shown > frame.time_s + 0.01]
    assert (following is None) == (not later)
    assert following is None or following.time_s == pytest.approx(later[0], abs=0.002)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".ts"])
def test_pictures_after_the_sound_keep_the_files_clock(tmp_path: Path, suffix: str) -> None:
    path = write_part(tmp_path / f"a{suffix}", start_s=2.0, sound_ahead_s=2.0)

    assert times_of(path)[0] == pytest.approx(2.0, abs=0.03)
    sound = sound_times_of(path)
    assert sound[0] == pytest.approx(0.0, abs=0.06)
    assert len(sound) == sound_packets(path)


def test_a_short_lead_of_the_sound_is_no_late_start(tmp_path: Path) -> None:
    path = write_part(tmp_path / "a.ts", start_s=1.4, sound_ahead_s=0.1)

    assert times_of(path)[0] == 0.0


def test_a_file_without_sound_begins_with_its_first_picture(tmp_path: Path) -> None:
    path = write_test_clip(tmp_path / "a.mkv", times_ms=[2000, 2100, 2200])

    assert times_of(path) == pytest.approx([0.0, 0.1, 0.2], abs=0.002)
