import gzip
import io
import random
import tarfile
import tracemalloc
from pathlib import Path

import pytest

from video_labeler import limits
from video_labeler.errors import ModelFormatError
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
    return unpack(io.BytesIO(content), folder / "cache" / "unpacked", "model.tar.gz")


@pytest.mark.parametrize("prefix", ["", "./", "some_model/"])
def test_a_good_archive_is_unpacked_and_used_again(prefix: str, tmp_path: Path) -> None:
    content = _tar(_file(f"{prefix}saved_model.pb"), _file(f"{prefix}variables/variables.index"))
    folder = _unpack(content, tmp_path)
    assert (folder / "saved_model.pb").read_bytes() == b"model"
    assert (folder / "variables" / "variables.index").is_file()
    assert _unpack(b"", tmp_path) == folder


MODEL = _file("saved_model.pb")
BAD = {
    "climbs": (_tar(MODEL, _file("../evil.txt")), "lead out"),
    "climbs inside": (_tar(MODEL, _file("variables/../../evil.txt")), "lead out"),
    "symbolic link": (_tar(MODEL, _link("variables", "/etc")), "not a plain file"),
    "hard link": (_tar(MODEL, _link("copy", "../evil.txt", tarfile.LNKTYPE)), "not a plain file"),
    "device": (_tar(MODEL, _link("null", "", tarfile.CHRTYPE)), "not a plain file"),
    "fifo": (_tar(MODEL, _link("fifo", "", tarfile.FIFOTYPE)), "not a plain file"),
    "no model": (_tar(_file("readme.txt")), "not contain a SavedModel"),
    "truncated": (_tar(MODEL, _file("weights", bytes(range(256)) * 99))[:120], "damaged"),
    "not a tar": (gzip.compress(b"text" * 1000), "damaged"),
    "not gzip": (b"\x1f\x8bnonsense" * 10, "damaged"),
    "empty": (b"", "damaged|not contain a SavedModel"),
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


def _header(kind: bytes, size: int, name: str = "@") -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, size
    return info.tobuf(tarfile.GNU_FORMAT)


def _record(**fields: str) -> bytes:
    """A PAX header before a member, with these fields."""
    lines = b""
    for key, value in fields.items():
        rest = f" {key.replace('__', '.')}={value}\n".encode()
        length = len(rest) + len(str(len(rest) + 2))
        lines += str(length).encode() + rest
    return _header(tarfile.XHDTYPE, len(lines)) + lines.ljust(-len(lines) // 512 * -512, b"\0")


def _plain(name: str = "saved_model.pb") -> bytes:
    return _header(tarfile.REGTYPE, 0, name)


_LONG_NAME = _header(tarfile.GNUTYPE_LONGNAME, 2) + b"a".ljust(512, b"\0")
_SPARSE = {"GNU__sparse__map": "0,1", "GNU__sparse__size": "99999999999", "size": "1"}

HEADERS = {
    "long name": (_header(tarfile.GNUTYPE_LONGNAME, 300_000) + b"a" * 300_032, "too large"),
    "long name that is claimed": (_header(tarfile.GNUTYPE_LONGNAME, 2**33) + b"a" * 1024, "damaged|too large"),
    "long record": (_header(tarfile.XHDTYPE, 300_032) + b"1" * 300_032, "too large"),
    "chain of records": (_record(comment="x") * 2_000 + _plain(), "damaged|too large"),
    "chain of long names": (
        (_header(tarfile.GNUTYPE_LONGNAME, 2) + b"a".ljust(512, b"\0")) * 2_000,
        "damaged|too large",
    ),
    "NUL in a record": (_record(path="a\0b") + _plain(), "damaged|invalid name"),
    "escape in a record": (_record(path="a\x1b[2Jb") + _plain(), "invalid name"),
    "not UTF-8": (_plain("m\udcff"), "damaged|invalid name"),
    "negative size": (_record(size="-512") + _plain(), "damaged|not a plain file|not contain a SavedModel"),
    "sparse": (
        _record(**_SPARSE) + _plain(),
        "not a plain file|large",
    ),
    "old sparse": (_header(tarfile.GNUTYPE_SPARSE, 0, "saved_model.pb"), "not a plain file|damaged"),
    "long": (_record(path="/".join(["a" * 120] * 10) + "/saved_model.pb") + _plain(), "invalid name"),
    "deep": (_plain("a/" * 40 + "saved_model.pb"), "invalid name"),
    "file used as a folder": (_plain("a") + _plain("a/saved_model.pb"), "cannot be unpacked"),
}


@pytest.mark.parametrize("kind", list(HEADERS))
def test_headers_that_no_model_has_are_one_sentence(kind: str, tmp_path: Path) -> None:
    content, words = HEADERS[kind]
    with pytest.raises(ModelFormatError, match=words) as caught:
        _unpack(gzip.compress(content + bytes(1024)), tmp_path)
    assert str(caught.value).isprintable()
    assert not list((tmp_path / "cache").iterdir())


def test_headers_count_before_they_are_read(tmp_path: Path) -> None:
    """A small archive whose one long name unpacks to 64 MB."""
    content = _header(tarfile.GNUTYPE_LONGNAME, 2**26) + bytes(2**26)
    tracemalloc.start()
    with pytest.raises(ModelFormatError, match="too large"):
        _unpack(gzip.compress(content, 1), tmp_path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2**26 + 2**26 // 2, "beside the archive of this test"


def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    big = _tar(MODEL, _file("big", bytes(2**21)))
    monkeypatch.setattr(limits, "UNPACKED_AT_LEAST", 2**20)
    assert len(big) * limits.UNPACKED_RATIO < 2**20
    with pytest.raises(ModelFormatError, match="too large"):
        _unpack(big, tmp_path)
    assert not list((tmp_path / "cache").iterdir())
    monkeypatch.setattr(limits, "MEMBERS", 3)
    with pytest.raises(ModelFormatError, match="too large"):
        _unpack(_tar(MODEL, *[_file(f"f{n}") for n in range(5)]), tmp_path)


def test_weights_that_do_not_shrink_are_no_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED_AT_LEAST", 2**20)
    weights = random.Random(0).randbytes(3 * 2**20)
    folder = _unpack(_tar(MODEL, _file("variables/weights", weights)), tmp_path)
    assert (folder / "variables" / "weights").read_bytes() == weights
