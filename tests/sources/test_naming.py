"""What a person wrote becomes a source in one place."""

import os
import sys
from pathlib import Path

import pytest

from video_labeler.errors import ModelNotFoundError, SourceFormatError
from video_labeler.models.finding import path_of_model
from video_labeler.sources.naming import SourceKind, named_source
from video_labeler.text.file_address import local_path, named_path


@pytest.mark.parametrize(
    ("text", "kind", "path"),
    [
        ("0", SourceKind.CAMERA, None),
        ("Desk camera", SourceKind.CAMERA, None),
        ("/dev/video3", SourceKind.CAMERA, None),
        ("file:///dev/video3", SourceKind.CAMERA, None),
        ("demo", SourceKind.DEMO, None),
        ("synthetic:640x360@30", SourceKind.TEST_PICTURE, None),
        ("RTSP://host/x", SourceKind.ADDRESS, None),
        ("12:30.mp4", SourceKind.PATH, "12:30.mp4"),
        ("rtsp:x.mp4", SourceKind.PATH, "rtsp:x.mp4"),
        ("photos/*.jpg", SourceKind.PATTERN, "photos/*.jpg"),
        ("file:///no/a%20b%23.mp4", SourceKind.PATH, "/no/a b#.mp4"),
        ("FILE://localhost/no/a.mp4", SourceKind.PATH, "/no/a.mp4"),
        ("file:/no/a.mp4", SourceKind.PATH, "/no/a.mp4"),
        ("file:///no/a.mp4#t=10", SourceKind.PATH, "/no/a.mp4"),
        (" /no/a.mp4 ", SourceKind.PATH, "/no/a.mp4"),
    ],
)
def test_the_form_of_a_text(text: str, kind: SourceKind, path: str | None) -> None:
    named = named_source(text)
    assert (named.kind, named.path) == (kind, None if path is None else Path(path))


def test_what_is_there_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (" a.mp4", "b", "c#1 50%.mp4", "d [1].mp4"):
        Path(name).touch()
    assert named_source(" a.mp4").path == Path(" a.mp4")
    assert named_source("b").kind is SourceKind.PATH
    assert named_source("d [1].mp4").kind is SourceKind.PATH
    assert named_source(f"file://{tmp_path}/c#1 50%.mp4").path == tmp_path / "c#1 50%.mp4"
    assert named_source("file://b").path == Path("b")


@pytest.mark.skipif(sys.platform != "linux", reason="only here names are bytes")
def test_an_address_of_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xe9.mp4"))
    path.touch()
    assert named_source(path.as_uri()).path == path
    assert local_path(path.as_uri()) == path
    assert named_source(path.as_uri()).short == "b\\xe9.mp4"


@pytest.mark.skipif(sys.platform == "win32", reason="there it is a share")
def test_a_file_of_another_computer_is_refused() -> None:
    with pytest.raises(SourceFormatError, match=r"computer nas\b"):
        named_source("file://nas/a.mp4")


@pytest.mark.parametrize("text", ["file:///tmp/a%00b.mp4", "/tmp/a\0b.mp4"])
def test_what_no_file_can_be_called_is_one_sentence(text: str) -> None:
    for read in (local_path, named_path, path_of_model):
        with pytest.raises((SourceFormatError, ModelNotFoundError), match="holds a NUL") as caught:
            read(text)
        assert str(caught.value).isprintable()


def test_names_of_results_are_safe_and_hold_no_secret() -> None:
    named = named_source("http://admin:geheim@10.0.0.1:80/v.cgi?pwd=geheim&channel=2")
    assert named.shown == "http://10.0.0.1:80/v.cgi?pwd=***&channel=2"
    assert named.stem == "http---10.0.0.1-80-v.cgi-pwd--channel-2"
    assert named_source("/a/12:30 é.tar.mp4").stem == "12-30 é.tar"
    assert named_source("photos/*.jpg").stem == "photos--.jpg"
    assert named_source("...").stem
