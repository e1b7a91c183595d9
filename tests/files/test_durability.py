"""Small files that a power cut leaves old or new, and names that it does not take back."""

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from video_labeler.files.durability import write_whole


class Syncs:
    """Every ``fsync`` as it is asked for: of a file with its content then, or of a folder with its names then."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files: list[bytes] = []
        self.folders: list[list[str]] = []
        self._folder = folder
        self._fsync = os.fsync
        monkeypatch.setattr(os, "fsync", self)

    def __call__(self, descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            self.folders.append(sorted(path.name for path in self._folder.iterdir()))
        else:
            self.files.append(next(self._folder.glob("*.partial")).read_bytes())
        self._fsync(descriptor)


def test_whoever_reads_meanwhile_has_the_old_content_whole(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("old")
    with path.open() as reader:
        write_whole(path, "new and longer")
        assert reader.read() == "old"
    assert path.read_text() == "new and longer"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows syncs no folders")
def test_the_content_is_on_the_disk_before_its_name_and_the_name_before_the_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "day.json"
    syncs = Syncs(tmp_path, monkeypatch)
    write_whole(path, b"content")
    assert syncs.files == [b"content"]
    assert syncs.folders == [["day.json"]]
    write_whole(path, b"another", wait=False)
    assert (len(syncs.files), len(syncs.folders)) == (1, 1), "the interface's thread waits for no disk"
    assert path.read_bytes() == b"another"


def test_a_disk_that_fails_keeps_the_old_content_and_leaves_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "day.json"
    path.write_bytes(b"old")

    def fail(_descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
