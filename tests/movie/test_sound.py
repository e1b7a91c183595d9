"""The sound of a file in its annotated copy: the same packets at the same times."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pytest

from tests.clips import moving_square, times_of, write_clip
from tests.movie.sounds import add_sound, sound_of, sound_times
from tests.recording.test_video_recorder import said_about
from video_labeler.errors import SourceFormatError
from video_labeler.frames import LabeledFrame, StageTimes
from video_labeler.movie import sound
from video_labeler.movie.recording_options import RecordingOptions, Segment
from video_labeler.recording.video_recorder import VideoRecorder, check_recording
from video_labeler.sources.excerpt import Excerpt
from video_labeler.sources.video_file import VideoFile


def copy(
    clip: Path, target: Path, start_s: float = 0.0, end_s: float | None = None, **choices: object
) -> VideoRecorder:
    """Record a file frame by frame, as the command does."""
    options = RecordingOptions(**choices)  # type: ignore[arg-type]
    recorder = VideoRecorder(target, options, check_recording(target, options, sound_at=clip, start_s=start_s))
    with Excerpt(VideoFile(clip), start_s, end_s) as source:
        recorder.open(source.open())
        while not source.ended:
            frame = source.read()
            if frame is not None:
                recorder.write(LabeledFrame(frame, (), StageTimes(0.0)))
    recorder.close(completed=True)
    return recorder


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clips") / "silent.mp4", moving_square(100, 64, 48), rate=25)


@pytest.mark.parametrize(
    ("kind", "codecs", "suffix", "subtitles"),
    [
        (".mp4", ["aac"], ".mp4", True),
        (".mp4", ["aac"], ".mp4", False),
        (".mp4", ["aac", "libmp3lame"], ".mkv", True),
        (".mkv", ["libopus", "flac", "ac3"], ".mp4", True),
        (".mkv", ["libopus", "flac", "ac3"], ".mkv", False),
        (".mov", ["alac"], ".mp4", False),
        (".avi", ["libmp3lame"], ".mp4", True),
        (".avi", ["libmp3lame"], ".mkv", False),
    ],
)
def test_every_packet_is_carried_through(
    silent: Path, tmp_path: Path, suffix: str, kind: str, codecs: list[str], subtitles: bool
) -> None:
    clip = add_sound(silent, tmp_path / f"clip{kind}", *codecs)
    target = tmp_path / f"out{suffix}"
    assert copy(clip, target, subtitles=subtitles).losses is None
    first = times_of(clip)[0]
    for stream in range(len(codecs)):
        assert sound_of(target, stream) == sound_of(clip, stream)
        expected = [time_s - first for time_s in sound_times(clip, stream)]
        assert sound_times(target, stream) == pytest.approx(expected, abs=0.0011)
    assert times_of(target) == pytest.approx([time_s - first for time_s in times_of(clip)], abs=0.0011)
    assert said_about(target) == ""


def test_sound_that_starts_late_stays_late(silent: Path, tmp_path: Path) -> None:
    clip = add_sound(silent, tmp_path / "clip.mkv", seconds=2, offset_s=1.5)
    copy(clip, tmp_path / "out.mp4")
    assert sound_times(tmp_path / "out.mp4")[0] == pytest.approx(1.5, abs=0.03)
    assert sound_of(tmp_path / "out.mp4") == sound_of(clip)


def test_sound_that_outlasts_the_pictures_is_kept_whole(silent: Path, tmp_path: Path) -> None:
    clip = add_sound(silent, tmp_path / "clip.mp4", seconds=6)
    copy(clip, tmp_path / "out.mp4")
    assert sound_of(tmp_path / "out.mp4") == sound_of(clip)


def test_a_part_has_the_sound_of_that_part(silent: Path, tmp_path: Path) -> None:
    clip = add_sound(silent, tmp_path / "clip.mp4")
    copy(clip, tmp_path / "out.mp4", start_s=1.0, end_s=3.0)
    times = sound_times(tmp_path / "out.mp4")
    assert times[0] == pytest.approx(0, abs=0.025)
    assert times[-1] == pytest.approx(2.0, abs=0.05)
    whole, part = sound_of(clip), sound_of(tmp_path / "out.mp4")
    at = whole.index(part[10]) - 10
    assert whole[at : at + len(part)] == part
    assert sound_times(clip)[at] - 1.0 == pytest.approx(times[0], abs=0.001)


def test_a_later_part_is_found_by_seeking(tmp_path: Path) -> None:
    clip = add_sound(write_clip(tmp_path / "s.mp4", moving_square(200, 64, 48), rate=20), tmp_path / "clip.mp4")
    copy(clip, tmp_path / "out.mkv", start_s=7.0)
    whole, part = sound_of(clip), sound_of(tmp_path / "out.mkv")
    assert whole[-len(part) :] == part
    assert len(part) == pytest.approx(3 * 48_000 / 1024, abs=3)


_TEXTS = """1
00:00:00,200 --> 00:00:06,500
shown for long

2
00:00:06,800 --> 00:00:08,000
short
"""


@pytest.mark.parametrize(
    ("name", "options", "is_sought"),
    [
        ("a.mp4", ("-c:s", "mov_text"), True),
        ("a.mp4", ("-c:s", "mov_text", "-movflags", "frag_keyframe+empty_moov"), False),
        ("a.mkv", ("-c:s", "subrip"), False),
        ("a.mkv", ("-sn",), True),
        ("a.ts", ("-sn", "-output_ts_offset", "100"), False),
    ],
)
def test_a_later_part_has_what_reading_from_the_beginning_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, options: tuple[str, ...], *, is_sought: bool
) -> None:
    pictures = write_clip(tmp_path / "s.mkv", moving_square(80, 64, 48), rate=10, encoding={"g": "10", "bf": "2"})
    (tmp_path / "texts.srt").write_text(_TEXTS)
    both = add_sound(pictures, tmp_path / "both.mkv", "aac", "libmp3lame")
    inputs = ("-i", str(both), "-i", str(tmp_path / "texts.srt"), "-map", "0", "-map", "1", "-c", "copy")
    clip = tmp_path / name
    subprocess.run(["ffmpeg", "-v", "error", *inputs, *options, str(clip)], check=True, timeout=60)
    read: list[int] = []
    really_demux = sound.SoundReader._demux

    def counted(*args: Any) -> Iterator[Any]:
        for packet in really_demux(*args):
            read.append(packet.size)
            yield packet

    monkeypatch.setattr(sound.SoundReader, "_demux", counted)
    losses = copy(clip, tmp_path / "sought.mkv", start_s=6.05).losses
    few = len(read)
    read.clear()
    monkeypatch.setattr(sound.SoundReader, "_seeks_exactly", lambda _: False)
    assert copy(clip, tmp_path / "read.mkv", start_s=6.05).losses == losses
    assert (few < len(read) / 2) == is_sought
    packets = []
    for path in (tmp_path / "sought.mkv", tmp_path / "read.mkv"):
        with av.open(str(path)) as container:
            packets.append([(p.stream_index, p.pts, p.duration, bytes(p)) for p in container.demux() if p.size])
    assert packets[0] == packets[1]


def test_an_early_stop_ends_the_sound_as_well(silent: Path, tmp_path: Path) -> None:
    clip = add_sound(silent, tmp_path / "clip.mp4")
    recorder = VideoRecorder(tmp_path / "out.mp4", sound=sound.SoundReader(clip, "mp4"))
    with VideoFile(clip) as source:
        recorder.open(source.open())
        for _ in range(25):
            frame = source.read()
            assert frame is not None
            recorder.write(LabeledFrame(frame, (), StageTimes(0.0)))
    recorder.close(completed=True)
    assert sound_times(tmp_path / "out.mp4")[-1] == pytest.approx(1.0, abs=0.03)


def test_segments_share_the_sound_without_a_gap(silent: Path, tmp_path: Path) -> None:
    clip = add_sound(silent, tmp_path / "clip.mp4")
    recorder = copy(clip, tmp_path / "out.mp4", segment=Segment(seconds=1.0))
    assert len(recorder.files) == 4
    assert [packet for path in recorder.files for packet in sound_of(path)] == sound_of(clip)
    for path in recorder.files:
        assert times_of(path)[0] == 0
        assert abs(sound_times(path)[0]) < 0.03


def test_damaged_sound_is_skipped_and_told(silent: Path, tmp_path: Path) -> None:
    clip = add_sound(silent, tmp_path / "clip.ts")
    data = bytearray(clip.read_bytes())
    for place in range(len(data) // 3, len(data) // 2, 940):
        data[place : place + 40] = bytes(40)
    clip.write_bytes(data)
    recorder = copy(clip, tmp_path / "out.mp4")
    assert len(sound_of(tmp_path / "out.mp4")) > 100
    done = subprocess.run(
        ["ffprobe", "-v", "error", str(recorder.files[0])], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


def test_a_file_that_cannot_be_read_is_reported_as_such(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"not a video at all")
    with pytest.raises(SourceFormatError, match="cannot be read"):
        check_recording(tmp_path / "out.mp4", RecordingOptions(), sound_at=clip)


@pytest.mark.parametrize("error", [av.error.InvalidDataError(1, "no"), OSError(5, "no"), ValueError("no")])
def test_whatever_fails_in_a_file_is_a_promised_error(
    silent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(sound, "main_video_stream", fail)
    with pytest.raises(SourceFormatError, match=r"silent\.mp4 cannot be read"):
        check_recording(tmp_path / "out.mp4", RecordingOptions(), sound_at=silent)


def test_a_file_without_sound_gives_a_silent_copy(silent: Path, tmp_path: Path) -> None:
    copy(silent, tmp_path / "out.mp4")
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert not container.streams.audio


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_the_sound_of_a_transport_stream_fits(silent: Path, tmp_path: Path, suffix: str) -> None:
    clip = add_sound(silent, tmp_path / "clip.ts")
    recorder = copy(clip, tmp_path / f"out{suffix}", segment=Segment(seconds=2))
    assert len(recorder.files) == 2
    assert [said_about(path) for path in recorder.files] == ["", ""]
    assert sum(len(sound_of(path)) for path in recorder.files) == len(sound_of(clip))


def test_pixel_aspect_comes_with_the_file(silent: Path, tmp_path: Path) -> None:
    clip = tmp_path / "wide.mp4"
    command = ["ffmpeg", "-v", "error", "-i", str(silent), "-c", "copy", "-aspect", "16:9", str(clip)]
    subprocess.run(command, check=True, timeout=60)
    copy(clip, tmp_path / "out.mp4")
    with av.open(str(clip)) as before, av.open(str(tmp_path / "out.mp4")) as after:
        aspects = [container.streams.video[0].sample_aspect_ratio for container in (before, after)]
    assert aspects[0] == aspects[1] != 1
