"""Targets that are refused before any work."""

import errno
import os
from pathlib import Path

import pytest

from video_labeler.errors import OutputError
from video_labeler.files.partial_file import PartialFile, check_target, newest_partial, rename_without_overwriting


def test_a_good_target_passes(tmp_path: Path) -> None:
    check_target(tmp_path / "out.mp4", overwrite=False, suffixes=(".mp4",))
    check_target(tmp_path / "OUT.MP4", overwrite=False, suffixes=(".mp4",))


def test_what_the_last_failure_left_is_the_newest(tmp_path: Path) -> None:
    target = tmp_path / "out[1].mp4"
    assert newest_partial(target) is None
    for name, at_s in (("out[1].partial.mp4", 3), ("out[1].partial-2.mp4", 5), ("out1.partial.mp4", 9)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (at_s, at_s))
    assert newest_partial(target) == tmp_path / "out[1].partial-2.mp4"


def test_each_bad_target_has_its_sentence(tmp_path: Path) -> None:
    taken = tmp_path / "taken.mp4"
    taken.write_bytes(b"mine")
    os.mkfifo(tmp_path / "pipe.mp4")
    cases = {
        tmp_path / "out.avi": "must end in",
        tmp_path / "none" / "out.mp4": "does not exist",
        taken: "exists already",
        tmp_path / "pipe.mp4": "not an ordinary file",
    }
    for target, words in cases.items():
        with pytest.raises(OutputError, match=words):
            check_target(target, overwrite=False, suffixes=(".mp4",))
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        check_target(tmp_path / "folder.mp4", overwrite=True, suffixes=(".mp4",))
    assert taken.read_bytes() == b"mine"


def test_the_input_is_never_the_target(tmp_path: Path) -> None:
    source = tmp_path / "in.mp4"
    source.write_bytes(b"mine")
    link = tmp_path / "link.mp4"
    link.symlink_to(source)
    for target in (source, link):
        with pytest.raises(OutputError, match="is the input"):
            check_target(target, overwrite=True, source=source)


def test_overwriting_must_be_asked_for(tmp_path: Path) -> None:
    taken = tmp_path / "taken.mp4"
    taken.write_bytes(b"old")
    check_target(taken, overwrite=True)
    partial = PartialFile(taken)
    partial.path.write_bytes(b"new")
    assert taken.read_bytes() == b"old"
    partial.put_in_place()
    assert taken.read_bytes() == b"new"
    assert not partial.path.exists()


@pytest.mark.parametrize("has_links", [True, False])
def test_a_rename_never_overwrites_where_there_are_no_hard_links_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    def refuse(_target: Path, _path: Path) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    if not has_links:
        monkeypatch.setattr(Path, "hardlink_to", refuse)
    new, taken, free = tmp_path / "new", tmp_path / "taken", tmp_path / "free"
    new.write_bytes(b"new")
    taken.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        rename_without_overwriting(new, taken)
    assert (new.read_bytes(), taken.read_bytes()) == (b"new", b"mine")
    taken.unlink()
    taken.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        rename_without_overwriting(new, taken)
    rename_without_overwriting(new, free)
    assert free.read_bytes() == b"new"
    assert not new.exists()
