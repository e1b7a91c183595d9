"""What counts as a video in a folder."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image as Pillow

from video_labeler.sources.folder_search import VIDEO_SUFFIXES, holds_videos, may_be_video, videos_below

VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(100)


def put(path: Path, content: bytes = VIDEO) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_what_is_hidden_or_of_another_program_is_left_out(tmp_path: Path) -> None:
    wanted = {put(tmp_path / "a.mp4"), put(tmp_path / "deep er" / "b.MKV"), put(tmp_path / "labeled" / "c.webm")}
    for name in (
        "._a.mp4", ".hidden/a.mp4", ".Trash-1000/files/a.mp4", "@eaDir/a.mp4", "$RECYCLE.BIN/a.mp4",
        "System Volume Information/a.mp4", "lost+found/a.mp4", "__MACOSX/a.mp4", "a.labeled.mp4", "a.labeled-001.mp4",
        "a.partial.mp4", "a.partial-2.mp4", "a.txt", "out/a.mp4",
    ):  # fmt: skip
        put(tmp_path / name)
    put(tmp_path / "index.ts", b"export const a: number = 1;\n")
    put(tmp_path / "de_DE.ts", '<?xml version="1.0"?>\n<TS>ü</TS>'.encode())
    put(tmp_path / "utf16.ts", "const a = 1;".encode("utf-16"))
    put(tmp_path / "empty.mp4", b"")
    put(tmp_path / "error.mp4", b"<html>404 not found</html>")
    put(tmp_path / "appledouble.mp4", b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X" + bytes(100))
    content = videos_below(tmp_path, without=tmp_path / "out")
    assert set(content.videos) == wanted
    assert content.closed == ()


def test_a_pipe_is_no_video_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.mp4")
    assert not holds_videos(tmp_path)
    (tmp_path / "b.mp4").symlink_to("nowhere.mp4")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert holds_videos(tmp_path), "what cannot be read is to be told"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into every folder")
def test_a_closed_folder_is_reported(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    assert videos_below(tmp_path).closed == (closed,)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="the ffmpeg command is not installed")
@pytest.mark.parametrize(
    "name",
    ["a.mp4", "a.mkv", "a.avi", "a.mpg", "a.ts", "a.m2ts", "a.flv", "a.ogv", "a.webm", "a.mjpeg", "a.y4m", "a.h264",
     "a.wmv", "a.mxf", "a.gif", "a.3g2", "a.rm", "a.nut", "a.m2v", "a.vob"],
)  # fmt: skip
def test_every_kind_of_video_is_one(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    size = "352x288"
    make = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"color=0x505050:s={size}:r=25:d=0.2", str(path)]
    subprocess.run(make, check=True, timeout=60)
    assert path.suffix in VIDEO_SUFFIXES
    assert may_be_video(path)


@pytest.mark.parametrize("letter", ["é", "→", "🎥"])
def test_text_is_text_also_where_what_is_looked_at_ends_within_a_letter(letter: str, tmp_path: Path) -> None:
    for before in range(len(letter.encode())):
        (tmp_path / "a.ts").write_text("x" * before + letter * 4096, encoding="utf-8")
        assert not may_be_video(tmp_path / "a.ts")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "BMP"])
def test_a_picture_under_the_name_of_a_video_is_not_one(form: str, tmp_path: Path) -> None:
    Pillow.new("RGB", (8, 8)).save(tmp_path / "a.mp4", form)
    assert not holds_videos(tmp_path)
