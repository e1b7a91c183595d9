import hashlib
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.models.file_server import FileServer, Manner, serving, serving_safely
from video_labeler.errors import ModelDownloadError, ModelFormatError, ModelNotFoundError
from video_labeler.limits import DownloadLimits
from video_labeler.models.saved_model import folder_of

QUICK = DownloadLimits(connect_s=1, silence_s=0.5, total_s=2)


@pytest.fixture
def safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """A server with an https address, whose certificate this computer knows."""
    with serving_safely(_archive(), tmp_path) as server:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.certificate))
        yield server


def _archive(name: str = "saved_model.pb") -> bytes:
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w:gz") as tar:
        info = tarfile.TarInfo(name)
        info.size = 5
        tar.addfile(info, io.BytesIO(b"model"))
    return memory.getvalue()


def _hashed(server: FileServer) -> str:
    return f"{server.address}#sha256={hashlib.sha256(server.content).hexdigest()}"


def test_a_handle_is_downloaded_once_as_tensorflow_hub_would(tmp_path: Path, safe: FileServer) -> None:
    folder = folder_of(safe.address, tmp_path, QUICK)
    assert folder_of(safe.address, tmp_path, QUICK) == folder
    assert safe.asked == ["/model?tf-hub-format=compressed"]
    assert (folder / "saved_model.pb").is_file()
    assert folder == tmp_path / "hub" / hashlib.sha1(safe.address.encode()).hexdigest()
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_tensorflow_hubs_own_cache_is_used_and_its_stale_locks_hold_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, safe: FileServer
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(shared))
    name = hashlib.sha1(safe.address.encode()).hexdigest()
    (shared / f"{name}.lock").write_text("another-computer.1.killed")
    assert folder_of(safe.address, tmp_path, QUICK) == shared / name


def test_a_checksum_makes_any_address_a_safe_one(tmp_path: Path) -> None:
    with serving(_archive()) as server:
        folder = folder_of(_hashed(server), tmp_path, QUICK)
        assert folder_of(_hashed(server), tmp_path, QUICK) == folder
        assert len(server.asked) == 1
        assert folder.is_relative_to(tmp_path / "unpacked")
        wrong = f"{server.address}#sha256={'0' * 64}"
        with pytest.raises(ModelDownloadError, match="checksum differs"):
            folder_of(wrong, tmp_path, QUICK)


def test_an_address_that_others_can_change_is_refused(tmp_path: Path) -> None:
    with serving(_archive()) as server:
        with pytest.raises(ModelDownloadError, match=r"not a secure address.*#sha256="):
            folder_of(server.address, tmp_path, QUICK)
        for fragment in ("#sha256=abc", "#md5=0", "#" + "0" * 64):
            with pytest.raises(ModelNotFoundError, match="not a checksum"):
                folder_of(server.address + fragment, tmp_path, QUICK)
        assert server.asked == []


def test_a_safe_address_that_sends_on_to_an_unsafe_one(tmp_path: Path, safe: FileServer) -> None:
    with serving(_archive()) as unsafe:
        safe.moved_to = unsafe.address
        with pytest.raises(ModelDownloadError, match="redirects to an insecure address"):
            folder_of(safe.address, tmp_path, QUICK)
        assert unsafe.asked == []
        folder_of(f"{safe.address}#sha256={hashlib.sha256(unsafe.content).hexdigest()}", tmp_path, QUICK)
        assert len(unsafe.asked) == 1


def test_a_safe_address_that_sends_on_to_a_safe_one(tmp_path: Path, safe: FileServer) -> None:
    for number, target in enumerate((f"{safe.address}-moved", "/model-moved")):
        safe.moved_to = target
        assert folder_of(f"{safe.address}?{number}", tmp_path, QUICK).is_dir()


@pytest.mark.parametrize("manner", [Manner.SILENT, Manner.DRIPS, Manner.MISSING, Manner.BREAKS_OFF])
def test_a_handle_that_does_not_answer_ends_in_a_sentence(manner: Manner, tmp_path: Path) -> None:
    with serving(_archive(), manner) as server:
        with pytest.raises(ModelDownloadError, match=r"give the \.tar\.gz or its folder"):
            folder_of(_hashed(server), tmp_path, QUICK)
        server.manner = Manner.GOOD
        assert folder_of(_hashed(server), tmp_path, QUICK).is_dir()


def test_a_web_page_is_no_model(tmp_path: Path) -> None:
    with serving(b"<html>Welcome</html>") as server, pytest.raises(ModelFormatError, match=r"not a \.tar\.gz"):
        folder_of(_hashed(server), tmp_path, QUICK)
    assert not any((tmp_path / "unpacked").iterdir())


def test_addresses_of_something_else(tmp_path: Path) -> None:
    for address in ("https://example.org/x.tflite", "https://tfhub.dev/google/x/1?lite-format=tflite"):
        with pytest.raises(ModelFormatError, match="download it, and give the file"):
            folder_of(address, tmp_path, QUICK)
    with pytest.raises(ModelNotFoundError, match="not an address"):
        folder_of("http://[", tmp_path, QUICK)


def test_a_graph_as_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "saved_model.pbtxt").write_text("meta_graphs {}")
    with pytest.raises(ModelFormatError, match="as text, which cannot be checked"):
        folder_of(str(tmp_path), tmp_path, QUICK)


def test_an_archive_that_changes_while_it_is_read_leaves_nothing_under_its_checksum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else writes into it right after its checksum was taken."""
    path = tmp_path / "model.tar.gz"
    path.write_bytes(_archive())
    digest = hashlib.file_digest

    def digest_and_change(file: Any, name: str) -> object:
        taken = digest(file, name)
        path.write_bytes(_archive("inside/saved_model.pb"))
        return taken

    monkeypatch.setattr(hashlib, "file_digest", digest_and_change)
    with pytest.raises(ModelFormatError, match="changes while it is read"):
        folder_of(str(path), tmp_path / "cache", QUICK)
    assert not list((tmp_path / "cache" / "unpacked").iterdir())


def test_a_changed_archive_is_unpacked_again(tmp_path: Path) -> None:
    path = tmp_path / "model.tar.gz"
    path.write_bytes(_archive())
    first = folder_of(str(path), tmp_path / "cache", QUICK)
    path.write_bytes(_archive("inside/saved_model.pb"))
    second = folder_of(str(path), tmp_path / "cache", QUICK)
    assert first != second
    assert (second / "saved_model.pb").is_file()
