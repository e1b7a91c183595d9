"""What PyAV 18 and 19 do differently is the same to everybody else."""

import os
import re
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from video_labeler.sources.containers import MEDIA_OPTIONS, open_file, open_media, readable_tags, size_of
from video_labeler.sources.decoding import expected_duration_s, upright_pixel_aspect

PACKAGE = Path(__file__).parent.parent.parent / "video_labeler"


def _clip(path: Path, title: str = "a") -> Path:
    with av.open(path, "w") as container:
        container.metadata["title"] = title
        stream = container.add_stream("mpeg4", 10)
        stream.width = stream.height = 64
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))))
        container.mux(stream.encode())
    return path


def test_entries_of_any_bytes_are_read_as_text(tmp_path: Path) -> None:
    path = _clip(tmp_path / "clip.avi", "Cafe am Rhein")
    path.write_bytes(path.read_bytes().replace(b"Cafe", "Caf\u00e9".encode("latin-1")))
    with open_file(str(path)) as container:
        assert readable_tags(container.metadata)["title"] == "Caf\ufffd am Rhein"


def test_what_a_file_does_not_tell_is_unknown(tmp_path: Path) -> None:
    path = _clip(tmp_path / "clip.avi")
    with open_file(str(path)) as container:
        (stream,) = container.streams.video
        assert upright_pixel_aspect(stream) in (None, Fraction(1))
        assert expected_duration_s(container, stream) == 0.5
        assert size_of(container) == path.stat().st_size
        assert not readable_tags(stream.metadata).get("language")


def test_what_comes_through_a_pipe_has_no_size(tmp_path: Path) -> None:
    path = _clip(tmp_path / "clip.avi")
    read_end, write_end = os.pipe()
    os.write(write_end, path.read_bytes())
    os.close(write_end)
    with os.fdopen(read_end, "rb", buffering=0) as pipe, open_media(pipe, MEDIA_OPTIONS) as container:
        assert size_of(container) == 0


def test_media_are_opened_for_reading_at_one_place() -> None:
    for module in PACKAGE.rglob("*.py"):
        text = module.read_text(encoding="utf-8")
        if module.name == "containers.py":
            continue
        assert not re.search(r"metadata_errors|metadata_encoding|stream_options|container\.size\b", text), module
        for call in re.findall(r"av\.open\([^\n]*", text):
            assert '"w"' in call, f"{module}: {call}"
