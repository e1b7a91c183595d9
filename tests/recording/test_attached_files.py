"""Fonts and covers of a source come along into Matroska, also over a crash."""

import subprocess
from pathlib import Path

import av
import pytest

from tests.clips import moving_square, write_clip
from tests.fakes import grey_frame, labeled
from tests.movie.test_sound import copy
from video_labeler.archive.recover import recover
from video_labeler.movie.sound import SoundReader
from video_labeler.recording.video_recorder import VideoRecorder
from video_labeler.sources.base import SourceInfo

FONT = bytes(range(256)) * 8


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("film")
    write_clip(folder / "silent.mp4", moving_square(10, 64, 48), rate=10)
    (folder / "font.ttf").write_bytes(FONT)
    (folder / "texts.srt").write_text("1\n00:00:00,200 --> 00:00:00,800\nHello\n")
    command = ["ffmpeg", "-v", "error", "-y", "-i", "silent.mp4", "-frames:v", "1", "cover.png"]
    subprocess.run(command, cwd=folder, check=True)
    command = ["ffmpeg", "-v", "error", "-i", "silent.mp4", "-i", "texts.srt", "-c:v", "copy", "-c:s", "ass"]
    command += ["-attach", "font.ttf", "-metadata:s:t:0", "mimetype=font/ttf"]
    command += ["-attach", "cover.png", "-metadata:s:t:1", "mimetype=image/png", "film.mkv"]
    subprocess.run(command, cwd=folder, check=True)
    return folder / "film.mkv"


def attached(path: Path) -> dict[str, int]:
    with av.open(str(path)) as container:
        files = {stream.name or "": len(stream.data) for stream in container.streams.attachments}
        covers = container.streams.video[1:]
        return files | {stream.codec_context.name: packet.size for stream in covers
                        for packet in container.demux(stream) if packet.size}  # fmt: skip


def test_fonts_and_covers_are_in_a_matroska(film: Path, tmp_path: Path) -> None:
    recorder = copy(film, tmp_path / "out.mkv")
    assert recorder.losses is None
    assert attached(tmp_path / "out.mkv") == attached(film)
    assert attached(film)["font.ttf"] == len(FONT)


def test_an_mp4_cannot_hold_them_which_is_reported(film: Path, tmp_path: Path) -> None:
    recorder = copy(film, tmp_path / "out.mp4")
    assert recorder.losses == "Left out: 1 cover picture, 1 attached file."


def test_they_are_recovered(film: Path, tmp_path: Path) -> None:
    recorder = VideoRecorder(tmp_path / "out.mkv", sound=SoundReader(film, "matroska"))
    recorder.open(SourceInfo("film", 64, 48, rate=10.0))
    for index in range(30):
        recorder.write(labeled(grey_frame(index, index / 10), "Mug"))
    assert recorder.partial is not None
    content = recorder.partial.read_bytes()
    recorder.close(completed=False)
    (tmp_path / recorder.partial.name).write_bytes(content)
    _, saved = recover(recorder.partial)
    assert saved is not None
    assert attached(saved) == attached(film)
