"""Sound of every kind that cameras and old computers write: copied where the container holds it, else made AAC."""

import subprocess
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from tests.clips import moving_square, write_clip
from tests.movie.sounds import sound_of
from tests.movie.test_sound import copy
from tests.recording.test_video_recorder import said_about
from video_labeler.archive.recover import recover
from video_labeler.files.partial_file import partial_path
from video_labeler.movie import source_tracks
from video_labeler.movie.movie_file import container_format
from video_labeler.movie.recording_options import Segment
from video_labeler.movie.sound import SoundReader
from video_labeler.recording.video_recorder import VideoRecorder
from video_labeler.sources.excerpt import Excerpt
from video_labeler.sources.video_file import VideoFile

SECONDS = 2.0
BEEP_S = (0.5, 1.5)

KINDS = {
    "dashcam.avi": ["-c:a", "pcm_mulaw", "-ar", "8000", "-ac", "1"],
    "ipcam.mkv": ["-c:a", "pcm_alaw", "-ar", "8000", "-ac", "1"],
    "phone.mov": ["-c:a", "pcm_mulaw", "-ar", "8000", "-ac", "1"],
    "g726.mkv": ["-c:a", "g726", "-ar", "8000", "-ac", "1"],
    "camcorder.avi": ["-c:a", "adpcm_ima_wav"],
    "quicktime.mov": ["-c:a", "adpcm_ima_qt"],
    "microsoft.avi": ["-c:a", "adpcm_ms"],
    "flash.flv": ["-c:v", "flv", "-c:a", "adpcm_swf", "-ar", "22050"],
    "old.wmv": ["-c:v", "wmv2", "-c:a", "wmav2"],
    "s16be.mov": ["-c:a", "pcm_s16be"],
    "s24.mov": ["-c:a", "pcm_s24le", "-ar", "96000"],
    "f32.mkv": ["-c:a", "pcm_f32le", "-ac", "2"],
    "u8.avi": ["-c:a", "pcm_u8", "-ar", "11025"],
    "slow.avi": ["-c:a", "pcm_s16le", "-ar", "6000", "-ac", "1"],
    "eight.mkv": ["-c:a", "pcm_s16le", "-ac", "8"],
    "sixteen.mkv": ["-c:a", "pcm_s16le", "-ac", "16"],
    "disc.vob": ["-c:v", "mpeg2video", "-r", "25", "-c:a", "pcm_dvd", "-ac", "2"],
    "broadcast.ts": ["-c:v", "mpeg2video", "-r", "25", "-c:a", "aac", "-mpegts_flags", "latm"],
    "home.mkv": ["-c:a", "truehd", "-ac", "2"],
}
COPIED_IN_MKV = {
    *("dashcam.avi", "ipcam.mkv", "phone.mov", "g726.mkv", "camcorder.avi", "microsoft.avi", "old.wmv", "s16be.mov"),
    *("s24.mov", "f32.mkv", "u8.avi", "slow.avi", "eight.mkv", "sixteen.mkv", "home.mkv"),
}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    return write_clip(
        folder / "pictures.avi", moving_square(20, 160, 120), rate=10, codec="mjpeg", pixel_format="yuvj420p"
    )


def clip_of(pictures: Path, target: Path, *options: str) -> Path:
    """Two seconds that are silent but for a beep in the middle."""
    beep = f"aevalsrc='0.5*sin(880*PI*t)*between(t,{BEEP_S[0]},{BEEP_S[1]})':d={SECONDS}:s=48000"
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(pictures), "-f", "lavfi", "-i", beep, "-c:v", "copy"]
    subprocess.run([*command, *options, "-strict", "-2", str(target)], check=True, timeout=60)
    return target


def loudness(path: Path, stream: int = 0) -> npt.NDArray[np.float64]:
    """How loud each hundredth of a second is, from time 0 of the file on."""
    with av.open(str(path)) as container:
        sound = container.streams.audio[stream]
        levels = np.zeros(600)
        resampler = av.AudioResampler("flt", "mono", 8000)
        for frame in container.decode(sound):
            assert isinstance(frame, av.AudioFrame)
            for ready in resampler.resample(frame):
                samples = np.abs(ready.to_ndarray().ravel())
                first_s = frame.time or 0.0
                for at in range(0, samples.size, 80):
                    place = round((first_s + at / 8000) * 100)
                    if 0 <= place < levels.size:
                        levels[place] = max(levels[place], samples[at : at + 80].max())
    return levels


def beep_in(path: Path, stream: int = 0) -> tuple[float, float]:
    """When the beep begins and ends, in seconds."""
    levels = loudness(path, stream)
    assert levels.max() > 0.01, "nothing is heard"
    loud = np.flatnonzero(levels > levels.max() / 5)
    return loud[0] / 100, (loud[-1] + 1) / 100


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("name", KINDS)
def test_it_comes_along_at_its_time(pictures: Path, tmp_path: Path, name: str, suffix: str) -> None:
    clip = clip_of(pictures, tmp_path / name, *KINDS[name])
    target = tmp_path / f"out{suffix}"
    losses = copy(clip, target).losses
    # Every coder blurs an edge a little; WMA delays it.
    assert beep_in(target) == pytest.approx(BEEP_S, abs=0.09)
    # PCM in Matroska does not tell where its channels are.
    said = [line for line in said_about(target).splitlines() if "Guessed Channel Layout" not in line]
    assert not said
    if suffix == ".mkv" and name in COPIED_IN_MKV:
        assert losses is None
        assert sound_of(target) == sound_of(clip)
    else:
        assert losses is not None
        assert "was converted to AAC" in losses
        with av.open(str(target)) as container:
            assert container.streams.audio[0].codec_context.name == "aac"


def test_a_part_begins_and_ends_where_it_should(pictures: Path, tmp_path: Path) -> None:
    clip = clip_of(pictures, tmp_path / "clip.avi", "-c:a", "pcm_s16le")
    copy(clip, tmp_path / "out.mp4", start_s=0.4, end_s=1.2)
    first, last = beep_in(tmp_path / "out.mp4")
    assert first == pytest.approx(0.1, abs=0.03)
    assert last == pytest.approx(0.8, abs=0.06)


def test_converted_sound_goes_through_segments_without_a_gap(pictures: Path, tmp_path: Path) -> None:
    clip = clip_of(pictures, tmp_path / "clip.mkv", "-c:a", "pcm_mulaw", "-ar", "8000", "-ac", "1")
    recorder = copy(clip, tmp_path / "out.mp4", segment=Segment(seconds=1.0))
    first, second = recorder.files
    assert beep_in(first) == pytest.approx((0.5, 1.0), abs=0.13)
    assert beep_in(second) == pytest.approx((0.0, 0.5), abs=0.03)


def test_each_track_keeps_its_language_name_and_marks(pictures: Path, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mkv"
    command = ["ffmpeg", "-v", "error", "-i", str(pictures)]
    for pitch in (440, 880, 1320):
        command += ["-f", "lavfi", "-i", f"sine={pitch}:d=2"]
    command += ["-map", "0:v", "-map", "1:a", "-map", "2:a", "-map", "3:a", "-c:v", "copy"]
    command += ["-c:a:0", "aac", "-c:a:1", "pcm_alaw", "-c:a:2", "flac"]
    command += ["-metadata:s:a:0", "language=deu", "-metadata:s:a:1", "language=fra", "-metadata:s:a:2", "language=eng"]
    command += ["-metadata:s:a:2", "title=The director talks"]
    command += ["-disposition:a:0", "0", "-disposition:a:1", "default", "-disposition:a:2", "comment", str(clip)]
    subprocess.run(command, check=True, timeout=60)
    for suffix, kinds in ((".mp4", ["aac", "aac", "flac"]), (".mkv", ["aac", "pcm_alaw", "flac"])):
        target = tmp_path / f"out{suffix}"
        losses = copy(clip, target).losses
        with av.open(str(target)) as container:
            tracks = container.streams.audio
            assert [track.codec_context.codec.canonical_name for track in tracks] == kinds
            assert [track.metadata["language"] for track in tracks] == ["deu", "fra", "eng"]
            assert [bool(track.disposition & av.stream.Disposition.default) for track in tracks] == [False, True, False]
            assert "The director talks" in tracks[2].metadata.values()
            assert tracks[2].disposition & av.stream.Disposition.comment or suffix == ".mp4"
        assert (losses or "").startswith("The sound track 2 (pcm_alaw, fra) was converted" if suffix == ".mp4" else "")


def test_damaged_packets_leave_the_rest_at_its_time(pictures: Path, tmp_path: Path) -> None:
    clip = clip_of(pictures, tmp_path / "clip.mkv", "-c:a", "adpcm_ms")
    data = bytearray(clip.read_bytes())
    with av.open(str(clip)) as container:
        places = [packet.pos for packet in container.demux(audio=0) if packet.pos and packet.size]
    for place in places[len(places) // 2 : len(places) // 2 + 4]:
        data[place + 8 : place + 30] = b"\xff" * 22
    clip.write_bytes(data)
    copy(clip, tmp_path / "out.mp4")
    assert beep_in(tmp_path / "out.mp4") == pytest.approx(BEEP_S, abs=0.09)


def test_sound_that_cannot_be_decoded_fails_alone(pictures: Path, tmp_path: Path) -> None:
    clip = clip_of(pictures, tmp_path / "clip.avi", "-c:a", "pcm_mulaw")
    # An unknown kind of sound: the format's number in the header of the stream.
    data = bytearray(clip.read_bytes())
    place = data.index(b"strf", data.index(b"auds")) + 8
    data[place : place + 2] = b"\x34\x12"
    clip.write_bytes(data)
    recorder = copy(clip, tmp_path / "out.mp4")
    assert recorder.losses == "The sound cannot be decoded, and is left out."
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert not container.streams.audio
        assert sum(1 for _ in container.decode(video=0)) == 20


def test_converted_sound_may_begin_late(pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_tracks, "_LOOKED_AT_PACKETS", 4)
    late = tmp_path / "late.mkv"
    command = ["ffmpeg", "-v", "error", "-i", str(pictures), "-itsoffset", "1", "-f", "lavfi", "-i", "sine=880:d=0.5"]
    subprocess.run([*command, "-c:v", "copy", "-c:a", "pcm_mulaw", "-ar", "8000", str(late)], check=True, timeout=60)
    copy(late, tmp_path / "out.mp4")
    assert beep_in(tmp_path / "out.mp4") == pytest.approx((1.0, 1.5), abs=0.13)


def test_without_the_sound(pictures: Path, tmp_path: Path) -> None:
    clip = clip_of(pictures, tmp_path / "clip.avi", "-c:a", "pcm_mulaw")
    assert copy(clip, tmp_path / "out.mp4", with_sound=False).losses is None
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert not container.streams.audio


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_leftover_with_such_sound_can_be_recovered(pictures: Path, tmp_path: Path, suffix: str) -> None:
    clip = clip_of(pictures, tmp_path / "clip.avi", "-c:a", "pcm_mulaw", "-ar", "8000")
    recorder = VideoRecorder(tmp_path / f"out{suffix}", sound=SoundReader(clip, container_format(Path(f"a{suffix}"))))
    with Excerpt(VideoFile(clip)) as source:
        recorder.open(source.open())
        recorder.close(completed=False)
    left = partial_path(tmp_path / f"out{suffix}")
    copy(clip, tmp_path / f"whole{suffix}")
    (tmp_path / f"whole{suffix}").rename(left)
    _, saved = recover(left)
    assert saved is not None
    assert beep_in(saved) == pytest.approx(BEEP_S, abs=0.09)
