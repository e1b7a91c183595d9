import gzip
import io
import tarfile
from pathlib import Path

import pytest

from video_labeler.errors import ModelFormatError
from video_labeler.models import archive
from video_labeler.models.archive import unpack


def _file(name: str, content: bytes = b"model") -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    return info, content


def _link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info, b""


def _tar(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w:gz") as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))
    return memory.getvalue()


def _unpack(content: bytes, folder: Path) -> Path:
    path = folder / "model.tar.gz"
    path.write_bytes(content)
    return unpack(path, folder / "cache" / "unpacked", "model.tar.gz")


@pytest.mark.parametrize("prefix", ["", "./", "some_model/"])
def test_a_good_archive_is_unpacked_and_used_again(prefix: str, tmp_path: Path) -> None:
    content = _tar(_file(f"{prefix}saved_model.pb"), _file(f"{prefix}variables/variables.index"))
    folder = _unpack(content, tmp_path)
    assert (folder / "saved_model.pb").read_bytes() == b"model"
    assert (folder / "variables" / "variables.index").is_file()
    (tmp_path / "model.tar.gz").write_bytes(b"")
    assert unpack(tmp_path / "model.tar.gz", tmp_path / "cache" / "unpacked", "model.tar.gz") == folder


MODEL = _file("saved_model.pb")
BAD = {
    "climbs": (_tar(MODEL, _file("../evil.txt")), "climb out"),
    "climbs inside": (_tar(MODEL, _file("variables/../../evil.txt")), "climb out"),
    "symbolic link": (_tar(MODEL, _link("variables", "/etc")), "no plain file"),
    "hard link": (_tar(MODEL, _link("copy", "../evil.txt", tarfile.LNKTYPE)), "no plain file"),
    "device": (_tar(MODEL, _link("null", "", tarfile.CHRTYPE)), "no plain file"),
    "fifo": (_tar(MODEL, _link("fifo", "", tarfile.FIFOTYPE)), "no plain file"),
    "no model": (_tar(_file("readme.txt")), "no SavedModel"),
    "truncated": (_tar(MODEL, _file("weights", bytes(range(256)) * 99))[:120], "damaged"),
    "not a tar": (gzip.compress(b"text" * 1000), "damaged"),
    "not gzip": (b"\x1f\x8bnonsense" * 10, "damaged"),
    "empty": (b"", "damaged"),
}


@pytest.mark.parametrize("kind", list(BAD))
def test_a_bad_archive_leaves_nothing(kind: str, tmp_path: Path) -> None:
    content, words = BAD[kind]
    with pytest.raises(ModelFormatError, match=words):
        _unpack(content, tmp_path)
    assert not list((tmp_path / "cache").iterdir())
    assert not list(tmp_path.rglob("evil*"))


def test_absolute_paths_stay_inside(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    folder = _unpack(_tar(MODEL, _file(str(outside))), tmp_path)
    assert not outside.exists()
    assert folder.is_relative_to(tmp_path / "cache")


def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_MOST_BYTES", 1000)
    with pytest.raises(ModelFormatError, match="too large"):
        _unpack(_tar(MODEL, _file("big", bytes(2000))), tmp_path)
    monkeypatch.setattr(archive, "_MOST_FILES", 3)
    with pytest.raises(ModelFormatError, match="too large"):
        _unpack(_tar(MODEL, *[_file(f"f{n}") for n in range(5)]), tmp_path)
