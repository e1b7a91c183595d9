"""An excerpt that was sought holds exactly what decoding from the beginning gives."""

import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.sources.joined import joined
from video_labeler.frames import Frame
from video_labeler.sources.excerpt import Excerpt
from video_labeler.sources.picture_reader import PictureReader
from video_labeler.sources.video_file import VideoFile

PARTS_S = ((0.5, 0.7), (2.0, 2.2), (2.013, 2.1), (1.97, 2.1))
"""Within the first group of pictures, at a key frame, just after and before it."""

_PICTURES = "testsrc2=s=96x64:r=25:d=4"
_H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-bf", "2")


class Counted(VideoFile):
    """Counts the pictures that are decoded."""

    decoded = 0

    def _time_of(self, *picture: Any) -> float:
        self.decoded += 1
        return super()._time_of(*picture)


def ffmpeg(target: Path, *options: str, source: Path | str = _PICTURES) -> Path:
    inputs = ["-i", str(source)] if isinstance(source, Path) else ["-f", "lavfi", "-i", source]
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *inputs, *options, str(target)]
    subprocess.run(command, check=True, timeout=60)
    return target


@pytest.fixture(scope="module")
def h264(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures that are stored in another order than they are shown; the edit list of an MP4 sets their beginning."""
    return ffmpeg(tmp_path_factory.mktemp("exact") / "h264.mp4", *_H264)


def remuxed(name: str, *options: str) -> Callable[[Path, Path], Path]:
    return lambda folder, h264: ffmpeg(folder / name, "-c", "copy", *options, source=h264)


def encoded(name: str, *options: str, pictures: str = _PICTURES) -> Callable[[Path, Path], Path]:
    return lambda folder, _: ffmpeg(folder / name, *options, source=pictures)


def cut(name: str, *options: str) -> Callable[[Path, Path], Path]:
    def write(folder: Path, h264: Path) -> Path:
        whole = ffmpeg(folder / name, "-c", "copy", *options, source=h264)
        whole.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
        return whole

    return write


def twice(name: str) -> Callable[[Path, Path], Path]:
    def write(folder: Path, h264: Path) -> Path:
        part = ffmpeg(folder / name, "-c", "copy", "-t", "1.5", source=h264)
        return joined(folder / f"joined{part.suffix}", part, part, part)

    return write


def progressive_then_interlaced(folder: Path, _: Path) -> Path:
    options = ("-c:v", "mpeg2video", "-bf", "2", "-g", "15", "-t", "2")
    first = ffmpeg(folder / "1.ts", *options)
    second = ffmpeg(folder / "2.ts", *options, "-flags", "+ilme+ildct", "-output_ts_offset", "2")
    return ffmpeg(folder / "both.mkv", "-c", "copy", source=joined(folder / "both.ts", first, second))


def edited(*edits: tuple[float, float]) -> Callable[[Path, Path], Path]:
    """An MP4 whose edit list plays these parts (start and length in seconds) one after the other."""

    def write(folder: Path, h264: Path) -> Path:
        film = bytearray(h264.read_bytes())
        moov = film.index(b"moov") - 4
        boxes = [moov] + [film.index(kind, moov) - 4 for kind in (b"trak", b"edts", b"elst")]
        ticks_s = struct.unpack_from(">I", film, film.index(b"mdhd", moov) + 16)[0]
        film_ticks_s = struct.unpack_from(">I", film, film.index(b"mvhd", moov) + 16)[0]
        *outer, old = boxes
        size, delay = struct.unpack_from(">I", film, old)[0], struct.unpack_from(">i", film, old + 20)[0]
        entries = [(round(length * film_ticks_s), delay + round(start * ticks_s)) for start, length in edits]
        body = b"".join(struct.pack(">IiHH", *entry, 1, 0) for entry in entries)
        new = struct.pack(">I4sII", 16 + len(body), b"elst", 0, len(entries)) + body
        for box in outer:
            struct.pack_into(">I", film, box, struct.unpack_from(">I", film, box)[0] + len(new) - size)
        film[old : old + size] = new
        (folder / "edited.mp4").write_bytes(film)
        return folder / "edited.mp4"

    return write


_OPEN_GROUPS = (*_H264, "-x264-params", "open-gop=1:bframes=3:scenecut=0")
KINDS: dict[str, Callable[[Path, Path], Path]] = {
    "mp4": lambda _, h264: h264,
    "mp4 in fragments": remuxed("a.mp4", "-movflags", "frag_keyframe+empty_moov"),
    "mp4 from its middle": lambda folder, h264: ffmpeg(folder / "a.mp4", "-c", "copy", source=h264),
    "mp4 with cuts": edited((0.3, 1.2), (2.3, 1.7)),
    "mp4 with cuts at key frames": edited((0.0, 1.0), (2.0, 2.0)),
    "mp4 that goes back": edited((2.0, 2.0), (0.0, 2.0)),
    "mp4 cut short": cut("a.mp4", "-movflags", "faststart"),
    "fragments cut short": cut("a.mp4", "-movflags", "frag_keyframe+empty_moov"),
    "mkv": remuxed("a.mkv"),
    "mkv that starts late": remuxed("a.mkv", "-output_ts_offset", "100"),
    "mkv cut short": cut("a.mkv"),
    "mkv without a length": remuxed("a.mkv", "-live", "1"),
    "mkv twice": twice("a.mkv"),
    "ts": remuxed("a.ts", "-output_ts_offset", "100"),
    "ts three times": twice("a.ts"),
    "mp4 three times": twice("part.mp4"),
    "flv": remuxed("a.flv"),
    "no container": remuxed("a.h264"),
    "open groups": encoded("a.mp4", *_OPEN_GROUPS),
    "open groups in ts": encoded("a.ts", *_OPEN_GROUPS),
    "refreshed bit by bit": encoded("a.mp4", *_H264, "-bf", "0", "-x264-params", "intra-refresh=1"),
    "uneven times": encoded("a.mp4", "-vf", "select='not(mod(n,7))+not(mod(n,5))'", "-fps_mode", "vfr", *_H264),
    "interlaced": encoded("a.mpg", "-c:v", "mpeg2video", "-bf", "2", "-g", "15", "-flags", "+ilme+ildct"),
    "progressive, then interlaced": progressive_then_interlaced,
    "vp9": encoded("a.webm", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "25"),
    "vp8": encoded("a.webm", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-g", "25"),
    "mpeg-4 in avi": encoded("a.avi", "-c:v", "mpeg4", "-bf", "2", "-g", "25"),
    "h.264 in avi": encoded("a.avi", *_H264),
    "pictures of their own": encoded("a.avi", "-c:v", "mjpeg"),
    "animation": encoded("a.gif"),
    "only differences": encoded("a.mov", "-c:v", "qtrle", "-g", "25"),
    "wmv": encoded("a.wmv", "-c:v", "wmv2", "-g", "25"),
}


def frames_of(source: VideoFile, start_s: float = 0.0, end_s: float | None = None) -> tuple[list[Frame], str | None]:
    frames: list[Frame] = []
    with Excerpt(source, start_s, end_s) as excerpt:
        excerpt.open()
        while not excerpt.ended:
            frame = excerpt.read()
            if frame is not None:
                frames.append(frame)
        return frames, excerpt.losses


def assert_same(path: Path, whole: list[Frame], start_s: float, end_s: float) -> None:
    """That an excerpt is what it is of the whole file."""
    expected = [frame for frame in whole if start_s <= frame.time_s < end_s]
    frames, _ = frames_of(VideoFile(path), start_s, end_s)
    assert [(frame.index, start_s + frame.time_s) for frame in frames] == [
        (index, pytest.approx(frame.time_s, abs=1e-9)) for index, frame in enumerate(expected)
    ]
    assert all(np.array_equal(a.image, b.image) for a, b in zip(frames, expected, strict=True))
    shown_s = [frame.duration_s and min(frame.duration_s, end_s - frame.time_s) for frame in expected]
    assert [frame.duration_s for frame in frames] == shown_s


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_frames_as_decoding_from_the_beginning(tmp_path: Path, h264: Path, kind: str) -> None:
    path = KINDS[kind](tmp_path, h264)
    whole, losses = frames_of(VideoFile(path))
    for start_s, end_s in PARTS_S:
        assert_same(path, whole, start_s, end_s)
    if "cuts" not in kind:
        late_s = whole[-1].time_s - 0.3
        assert_same(path, whole, late_s, 99.0)
        assert frames_of(VideoFile(path), late_s)[1] == losses


@pytest.mark.parametrize("kind", ["mp4", "mp4 in fragments", "mkv", "ts", "flv", "open groups", "vp9", "wmv"])
def test_little_is_decoded_before_it(tmp_path: Path, h264: Path, kind: str) -> None:
    source = Counted(KINDS[kind](tmp_path, h264))
    with Excerpt(source, 3.1) as excerpt:
        excerpt.open()
        assert source.decoded < 40


def test_a_false_mark_of_a_key_frame_is_not_trusted(tmp_path: Path, h264: Path) -> None:
    """As some recorders mark all of them."""
    path = tmp_path / "marked.mkv"
    with av.open(str(h264)) as film, av.open(str(path), "w") as copy:
        stream = copy.add_stream_from_template(film.streams.video[0])
        for packet in film.demux(video=0):
            if packet.dts is not None:
                packet.stream, packet.is_keyframe = stream, True
                copy.mux(packet)
    whole, _ = frames_of(VideoFile(path))
    for start_s in (1.5, 2.3):
        assert_same(path, whole, start_s, start_s + 0.2)


def test_damage_before_the_start_is_not_told_and_damage_behind_it_is(tmp_path: Path, h264: Path) -> None:
    path = ffmpeg(tmp_path / "a.mkv", "-c", "copy", source=h264)
    film = bytearray(path.read_bytes())
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
    for packet in (packets[15], packets[80]):
        film[packet.pos + 8 : packet.pos + packet.size] = bytes([255]) * (packet.size - 8)
    path.write_bytes(film)
    told = [frames_of(VideoFile(path), start_s)[1] is not None for start_s in (0.5, 2.0, 3.5)]
    assert told == [True, True, False]


def test_a_file_is_searched_for_seams_only_once(tmp_path: Path, h264: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    really_open = PictureReader._open
    monkeypatch.setattr(PictureReader, "_open", lambda self: opened.append(self.path) or really_open(self))
    source = VideoFile(ffmpeg(tmp_path / "a.mkv", "-c", "copy", source=h264))
    with Excerpt(source, 3.1) as excerpt:
        excerpt.open()
        source.seek(1.0)
        source.seek(2.0)
    assert len(opened) == 2
