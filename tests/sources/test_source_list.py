"""Folders and lists that are played through, with real files."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from video_labeler.opencv import cv2
from video_labeler.sources.source_list import list_named, may_hold_sources, sources_in, with_lists_opened

_VIDEO = b"\x1aE\xdf\xa3" + bytes(range(200))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Videos, pictures, both, folders in folders, and what is none of it."""
    for name in ("clips/2.mkv", "clips/10.mkv", "clips/deep/1.mkv", "mixed/b.mkv", "clips/old.labeled.mkv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(_VIDEO)
    for name in ("mixed/a.png", "mixed/c.png", "below/one/a.png", "below/two/b.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(tmp_path / name), np.zeros((8, 8, 3), np.uint8))
    (tmp_path / "texts" / ".hidden").mkdir(parents=True)
    (tmp_path / "texts" / "notes.txt").write_text("words")
    (tmp_path / "texts" / ".hidden" / "a.mkv").write_bytes(_VIDEO)
    return tmp_path


@pytest.mark.parametrize(
    ("folder", "names"),
    [
        ("clips", ["clips/2.mkv", "clips/10.mkv", "clips/deep/1.mkv"]),
        ("mixed", ["mixed", "mixed/b.mkv"]),
        ("below", ["below/one", "below/two"]),
        ("texts", []),
    ],
)
def test_a_folder_is_its_pictures_then_its_videos_then_what_is_below_it(
    tree: Path, folder: str, names: list[str]
) -> None:
    path = tree / folder
    assert list_named(str(path)) == path
    found = sources_in(path)
    assert found.sources == tuple(str(tree / name) for name in names)
    assert may_hold_sources(path) is bool(names)
    assert bool(found.problem) is not bool(names)


def test_a_large_folder_is_looked_through_no_further_than_wanted(tree: Path) -> None:
    assert sources_in(tree / "clips", is_cancelled=lambda: True).sources == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.m3u", "#EXTM3U\n#EXTINF:3,Two\nclips/2.mkv\n\nclips\\10.mkv\ngone.mkv\n"),
        ("a.m3u8", "\ufeffclips/2.mkv\r\nfile://{tree}/clips/10.mkv\r\ngone.mkv\r\n"),
        ("a.PLS", "[playlist]\nFile1={tree}/clips/2.mkv\nTitle1=Two\nFile2=clips/10.mkv\nFile3=gone.mkv\n"),
    ],
)
def test_a_list_names_files_from_its_own_folder_on(tree: Path, name: str, text: str) -> None:
    path = tree / name
    path.write_text(text.replace("{tree}", str(tree)))
    assert list_named(str(path)) == path
    found = sources_in(path)
    assert found.sources == (str(tree / "clips/2.mkv"), str(tree / "clips/10.mkv"))
    assert found.problem == f"1 of the 3 files that {name} names cannot be found."


def test_a_list_of_vlc_names_files_as_addresses_do(tree: Path) -> None:
    (tree / "clips/2.mkv").rename(tree / "clips/My clip, 50%.mkv")
    (tree / "a.m3u").write_text("#EXTM3U\n#EXTVLCOPT:network-caching=1000\nclips/My%20clip%2C%2050%25.mkv\n")
    assert sources_in(tree / "a.m3u").sources == (str(tree / "clips/My clip, 50%.mkv"),)


def test_a_list_reaches_no_other_computer_unless_that_is_allowed_and_no_other_list(tree: Path) -> None:
    path = tree / "a.m3u"
    path.write_text(
        "http://radio.example/live\n//server/share/a.mkv\n\\\\server\\a.mkv\n%5C%5Cserver%5Ca.mkv\na.m3u\n/dev/zero\n"
    )
    found = sources_in(path)
    assert found.sources == ()
    assert "5 of the 6 files" in found.problem
    assert "addresses on other computers" in found.problem
    assert sources_in(path, other_hosts=True).sources == ("http://radio.example/live",)


def test_a_playlist_of_a_stream_is_one_video_and_an_empty_list_is_reported(tree: Path) -> None:
    (tree / "stream.m3u8").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\na0.ts\n#EXT-X-ENDLIST\n")
    assert list_named(str(tree / "stream.m3u8")) is None
    (tree / "empty.m3u").write_text("#EXTM3U\n")
    assert sources_in(tree / "empty.m3u").problem == "empty.m3u names nothing that can be played."
    assert list_named("rtsp://camera/a.m3u") is None
    assert list_named(str(tree / "clips/2.mkv")) is None


def test_a_list_of_ones_own_names_a_source_in_each_line(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tree / "here"
    here.mkdir()
    (here / "only-here.mkv").write_bytes(_VIDEO)
    (tree / " blank .mkv").write_bytes(_VIDEO)
    (tree / "5").write_bytes(_VIDEO)
    monkeypatch.chdir(here)
    lines = [
        "# what follows is a comment", "", "clips/2.mkv\r", "  clips/10.mkv  ", " blank .mkv", "only-here.mkv", "mixed",
        "5", "mixed/*.png", "http://user:secret@cam/a?pwd=b", "http://host/live.m3u8", "synthetic",
        f"file://{tree}/clips/2.mkv",
    ]  # fmt: skip
    (tree / "list.txt").write_text("\ufeff" + "\n".join(lines))
    found = with_lists_opened([f"@{tree}/list.txt"], own_lists=True)
    assert (found.bad, found.problem) == ((), "")
    assert found.sources == (
        *(str(tree / name) for name in ("clips/2.mkv", "clips/10.mkv", " blank .mkv")), "only-here.mkv",
        *(str(tree / name) for name in ("mixed", "5", "mixed/*.png")), *lines[9:12], str(tree / "clips/2.mkv"),
    )  # fmt: skip


def test_lines_that_name_nothing_are_told_with_their_numbers(tree: Path) -> None:
    (tree / "a.m3u").write_text("clips/2.mkv\n")
    (tree / "list.txt").write_text(
        "gone.mkv\n#\nclips/2.mkv\na\0b.mkv\na.m3u\n0\nrtsp://u:geheim@h:1/x\nfile://nas/b.mkv\n"
    )
    found = with_lists_opened([f"@{tree}/list.txt", f"@{tree}/gone.txt", "clip.mp4"], own_lists=True)
    assert found.sources == (str(tree / "clips/2.mkv"), "rtsp://u:geheim@h:1/x", "clip.mp4")
    told = [entry.problem.removeprefix(f"{tree}/list.txt, ") for entry in found.bad]
    assert [text.partition(":")[0] for text in told[:-1]] == ["line 1", "line 4", "line 5", "line 6", "line 8"]
    assert "gone.mkv" in told[0]
    assert told[-1] == f"There is no list {tree}/gone.txt. Check its name."


@pytest.mark.skipif(sys.platform == "win32", reason="there names are no bytes")
def test_names_in_a_list_of_ones_own_are_the_systems_bytes_or_utf_16(tree: Path) -> None:
    name = os.fsdecode(b"b\xe9.mkv")
    (tree / name).write_bytes(_VIDEO)
    (tree / "\u00fc.mkv").write_bytes(_VIDEO)
    (tree / "bytes.txt").write_bytes(b"b\xe9.mkv\n\xc3\xbc.mkv\n")
    (tree / "wide.txt").write_text("\u00fc.mkv\r\n", encoding="utf-16")
    found = with_lists_opened([f"@{tree}/bytes.txt", f"@{tree}/wide.txt"], own_lists=True)
    assert found.sources == (str(tree / name), str(tree / "\u00fc.mkv"), str(tree / "\u00fc.mkv"))


def test_a_list_of_ones_own_that_is_empty_or_cannot_be_read_is_reported(tree: Path) -> None:
    (tree / "empty.txt").write_text("# nothing\n\n")
    (tree / "@clip.mkv").write_bytes(_VIDEO)
    named = [f"@{tree}/empty.txt", f"@{tree}/clips", str(tree / "@clip.mkv")]
    found = with_lists_opened(named, own_lists=True)
    assert found.sources == (str(tree / "@clip.mkv"),)
    assert found.problem == f"The list {tree}/empty.txt names no source."
    assert [entry.words for entry in found.bad] == [f"@{tree}/clips"]
    assert with_lists_opened(["@empty.txt"]).sources == ("@empty.txt",)
