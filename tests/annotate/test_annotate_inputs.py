"""Every kind of video that people have becomes an ordinary annotated one."""

import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

import av
import pytest

from tests.annotate.test_annotate import OVERWRITE, annotate, request
from tests.clips import times_of
from video_labeler.annotate.annotation import AnnotateOptions
from video_labeler.annotate.targets import Targets
from video_labeler.archive.index_file import INDEX_NAME, reading
from video_labeler.errors import OutputError
from video_labeler.sources import containers
from video_labeler.sources.naming import named_source

pytestmark = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="the ffmpeg command is not installed")

PICTURE = ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=10:duration=1"]
OTHER = ["-f", "lavfi", "-i", "testsrc=size=160x120:rate=10:duration=1"]
TONE = ["-f", "lavfi", "-i", "sine=frequency=440:duration=1"]
TONE2 = ["-f", "lavfi", "-i", "sine=frequency=880:duration=1"]

KINDS: dict[str, tuple[list[str], int]] = {
    "10-bit.mp4": ([*PICTURE, "-pix_fmt", "yuv420p10le", "-c:v", "libx264"], 10),
    "grey.mp4": ([*PICTURE, "-vf", "format=gray", "-c:v", "libx264"], 10),
    "444.mkv": ([*PICTURE, "-pix_fmt", "yuv444p", "-c:v", "libx264"], 10),
    "full range.mp4": ([*PICTURE, "-pix_fmt", "yuvj420p", "-c:v", "libx264", "-color_range", "pc"], 10),
    "alpha.mov": ([*PICTURE, "-vf", "format=rgba,colorchannelmixer=aa=0.5", "-c:v", "qtrle"], 10),
    "interlaced.mpg": ([*PICTURE, "-r", "25", "-flags", "+ilme+ildct", "-top", "1", "-c:v", "mpeg2video"], 25),
    "one frame.mp4": ([*PICTURE, "-frames:v", "1", "-c:v", "libx264"], 1),
    "no duration.h264": ([*PICTURE, "-c:v", "libx264", "-bf", "0", "-f", "h264"], 10),
    "odd.mkv": ([*PICTURE, "-vf", "scale=321:241", "-pix_fmt", "yuv444p", "-c:v", "libx264"], 10),
    "motion.avi": ([*PICTURE, "-c:v", "mjpeg"], 10),
    "web.webm": ([*PICTURE, "-c:v", "libvpx", "-deadline", "realtime"], 10),
    "picture.gif": ([*PICTURE], 10),
    "two videos.mkv": ([*PICTURE, *OTHER, "-map", "0", "-map", "1", "-c:v", "libx264"], 10),
    "two sounds.mkv": (
        [*PICTURE, *TONE, *TONE2, "-map", "0", "-map", "1", "-map", "2", "-c:v", "libx264", "-c:a", "aac"], 10,
    ),
    "sound starts later.mkv": (
        [*PICTURE, "-itsoffset", "0.4", *TONE, "-map", "0", "-map", "1", "-c:v", "libx264", "-c:a", "aac"], 10,
    ),
    "wide pixels.mp4": ([*PICTURE, "-vf", "setsar=16/11", "-c:v", "libx264"], 10),
}  # fmt: skip

LEFT_OUT = {"two videos.mkv": ("Left out: 1 further video track.",)}


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_annotated_whole_and_players_have_nothing_to_complain_about(kind: str, tmp_path: Path) -> None:
    options, count = KINDS[kind]
    source, target = tmp_path / kind, tmp_path / "out.mp4"
    subprocess.run(["ffmpeg", "-v", "error", *options, str(source)], check=True, timeout=60)
    result = annotate(*request(source, target))
    assert (result.frames, result.losses) == (count, LEFT_OUT.get(kind, ()))
    times = times_of(target)
    assert len(times) == count
    assert times == sorted(set(times))
    said = subprocess.run(["ffprobe", "-v", "warning", str(target)], capture_output=True, text=True, check=True)
    assert said.stderr == ""
    with av.open(str(source)) as before, av.open(str(target)) as after:
        assert len(after.streams.audio) == len(before.streams.audio)
        assert (after.streams.video[0].sample_aspect_ratio or 1) in (before.streams.video[0].sample_aspect_ratio, 1)


def test_a_resolution_that_changes_midway_is_kept_in_one_video(tmp_path: Path) -> None:
    parts = []
    for index, size in enumerate(("320x240", "640x480", "200x300")):
        part = tmp_path / f"{index}.ts"
        make = ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate=10:duration=1", "-c:v", "libx264", "-bf", "0"]
        subprocess.run(["ffmpeg", "-v", "error", *make, "-output_ts_offset", str(index), str(part)], check=True)
        parts.append(part.read_bytes())
    source = tmp_path / "changing.ts"
    source.write_bytes(b"".join(parts))
    result = annotate(*request(source, tmp_path / "out.mp4"))
    assert result.frames == len(times_of(tmp_path / "out.mp4")) >= 28


def test_damaged_sound_is_reported_and_the_picture_is_whole(tmp_path: Path) -> None:
    source = tmp_path / "clip.ts"
    make = [*PICTURE, *TONE, "-c:v", "libx264", "-bf", "0", "-c:a", "mp2"]
    subprocess.run(["ffmpeg", "-v", "error", *make, str(source)], check=True, timeout=60)
    with av.open(str(source)) as container:
        sound = container.streams.audio[0].id
    packets = [bytearray(source.read_bytes()[at : at + 188]) for at in range(0, source.stat().st_size, 188)]
    hurt = [packet for packet in packets if ((packet[1] & 0x1F) << 8 | packet[2]) == sound]
    for packet in hurt[3:9]:
        packet[20:180] = bytes(160)
    source.write_bytes(b"".join(packets))
    result = annotate(*request(source, tmp_path / "out.mkv"))
    assert result.frames == 10
    assert len(times_of(tmp_path / "out.mkv")) == 10


def test_sound_that_mp4_cannot_carry_is_converted_and_that_is_reported(tmp_path: Path) -> None:
    source = tmp_path / "clip.mov"
    make = [*PICTURE, *TONE, "-c:v", "libx264", "-c:a", "pcm_s16le"]
    subprocess.run(["ffmpeg", "-v", "error", *make, str(source)], check=True, timeout=60)
    (told,) = annotate(*request(source, tmp_path / "out.mp4")).losses
    assert "AAC" in told
    with av.open(str(tmp_path / "out.mp4")) as result:
        assert [stream.codec_context.name for stream in result.streams.audio] == ["aac"]
    assert annotate(*request(source, tmp_path / "out.mkv")).losses == ()


def test_an_input_is_opened_once_for_pictures_and_once_for_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "clip.mp4"
    make = [*PICTURE, *TONE, "-c:v", "libx264", "-c:a", "aac"]
    subprocess.run(["ffmpeg", "-v", "error", *make, str(source)], check=True, timeout=60)
    opened: list[object] = []
    really_open = containers.open_media

    def note(file: Any, *others: Any, **more: Any) -> Any:
        opened.append(file)
        return really_open(file, *others, **more)

    monkeypatch.setattr(containers, "open_media", note)
    assert annotate(*request(source, tmp_path / "out.mp4", start_s=0.5)).frames == 5
    assert opened == [str(source)] * 2


@pytest.mark.parametrize("form", ["file://{}", "FILE://localhost{}", "file:{}"])
def test_an_address_of_a_file_is_its_path_and_never_replaces_it(form: str, tmp_path: Path) -> None:
    source = tmp_path / "a b.mp4"
    subprocess.run(["ffmpeg", "-v", "error", *PICTURE, "-c:v", "libx264", str(source)], check=True, timeout=60)
    before = source.read_bytes()
    (tmp_path / "soft.mp4").symlink_to(source)
    (tmp_path / "hard.mp4").hardlink_to(source)
    named, options = named_source(form.format(quote(str(source)))), AnnotateOptions(recording=OVERWRITE)
    for name in ("a b.mp4", "soft.mp4", "hard.mp4"):
        for targets in (
            Targets(video=tmp_path / name),
            Targets(jsonl=tmp_path / name),
            Targets(report=tmp_path / name),
        ):
            with pytest.raises(OutputError, match="that is the input"):
                annotate(named, targets, options)
    assert source.read_bytes() == before
    result = annotate(named, Targets(csv=tmp_path / "out.csv"), options)
    assert result.frames == 10
    with reading(tmp_path / INDEX_NAME) as database:
        assert database.execute("SELECT file, source FROM recordings").fetchall() == [("a b.mp4", str(source))]
