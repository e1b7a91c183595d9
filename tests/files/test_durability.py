"""Small files that a power cut leaves old or new, and names that it does not take back."""

import errno
import io
import os
import stat
import sys
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from video_labeler.files import durability, durable_file
from video_labeler.files.durability import keep_copy, write_atomically
from video_labeler.files.durable_file import DurableFile


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
        write_atomically(path, "new and longer")
        assert reader.read() == "old"
    assert path.read_text() == "new and longer"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows syncs no folders")
def test_the_content_is_on_the_disk_before_its_name_and_the_name_before_the_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "day.json"
    syncs = Syncs(tmp_path, monkeypatch)
    write_atomically(path, b"content")
    assert syncs.files == [b"content"]
    assert syncs.folders == [["day.json"]]
    write_atomically(path, b"another", wait=False)
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
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_copy_that_cannot_be_written_leaves_no_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"by hand")
    make = durability._new_like

    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def made(copy: Path, like: Path) -> BinaryIO:
        make(copy, like).close()
        return Full()

    monkeypatch.setattr(durability, "_new_like", made)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        keep_copy(path, lambda _: True)
    assert list(tmp_path.iterdir()) == [path]


def opened(path: Path, **options: Any) -> DurableFile:
    return DurableFile(os.open(path, os.O_RDWR | os.O_CREAT), path.name, **options)


def test_the_end_of_a_file_is_on_the_disk_when_it_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(durable_file, "sync_content", lambda descriptor: synced.append(os.fstat(descriptor).st_size))
    file = opened(tmp_path / "out")
    file.write(b"data")
    file.close()
    assert synced[-1:] == [4]


def test_after_a_failed_write_nothing_more_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = opened(tmp_path / "out", durable=False)
    file.write(b"begun")
    failure = OSError(errno.EIO, os.strerror(errno.EIO))

    def fail(*_: object) -> int:
        raise failure

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", fail)
        with pytest.raises(OSError, match=os.strerror(errno.EIO)):
            file.write(b"middle")
    for use in (lambda: file.write(b"end"), file.close):
        with pytest.raises(OSError, match=os.strerror(errno.EIO)) as caught:
            use()
        assert caught.value is failure
    assert (tmp_path / "out").read_bytes() == b"begun"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no room is taken ahead")
def test_room_that_was_taken_ahead_is_given_back(tmp_path: Path) -> None:
    path = tmp_path / "out"
    file = opened(path, durable=False, room_bytes=4 << 20)
    file.write(b"data")
    if path.stat().st_blocks * 512 < 4 << 20:
        file.close()
        pytest.skip("this file system takes no room ahead")
    file.close()
    assert path.stat().st_blocks * 512 < 1 << 20
