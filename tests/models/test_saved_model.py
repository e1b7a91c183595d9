import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from tests.models.file_server import Manner, serving
from video_labeler.errors import ModelDownloadError, ModelFormatError, ModelNotFoundError
from video_labeler.models.limits import DownloadLimits
from video_labeler.models.saved_model import folder_of

QUICK = DownloadLimits(connect_s=1, silence_s=0.5, total_s=2)


def _archive(name: str = "saved_model.pb") -> bytes:
    memory = io.BytesIO()
    with tarfile.open(fileobj=memory, mode="w:gz") as tar:
        info = tarfile.TarInfo(name)
        info.size = 5
        tar.addfile(info, io.BytesIO(b"model"))
    return memory.getvalue()


def test_a_handle_is_downloaded_once_as_tensorflow_hub_would(tmp_path: Path) -> None:
    with serving(_archive()) as server:
        folder = folder_of(server.address, tmp_path, QUICK)
        assert folder_of(server.address, tmp_path, QUICK) == folder
        assert server.asked == ["/model?tf-hub-format=compressed"]
    assert (folder / "saved_model.pb").is_file()
    assert folder == tmp_path / "hub" / hashlib.sha1(server.address.encode()).hexdigest()
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_tensorflow_hubs_own_cache_is_used_and_its_stale_locks_hold_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(shared))
    with serving(_archive()) as server:
        name = hashlib.sha1(server.address.encode()).hexdigest()
        (shared / f"{name}.lock").write_text("another-computer.1.killed")
        assert folder_of(server.address, tmp_path, QUICK) == shared / name


@pytest.mark.parametrize("manner", [Manner.SILENT, Manner.DRIPS, Manner.MISSING, Manner.BREAKS_OFF])
def test_a_handle_that_does_not_answer_ends_in_a_sentence(manner: Manner, tmp_path: Path) -> None:
    with serving(_archive(), manner) as server:
        with pytest.raises(ModelDownloadError, match=r"give the \.tar\.gz or its folder"):
            folder_of(server.address, tmp_path, QUICK)
        server.manner = Manner.GOOD
        assert folder_of(server.address, tmp_path, QUICK).is_dir()


def test_a_web_page_is_no_model(tmp_path: Path) -> None:
    with serving(b"<html>Welcome</html>") as server, pytest.raises(ModelFormatError, match=r"no \.tar\.gz"):
        folder_of(server.address, tmp_path, QUICK)
    assert not any((tmp_path / "hub").iterdir())


def test_addresses_of_something_else(tmp_path: Path) -> None:
    for address in ("https://example.org/x.tflite", "https://tfhub.dev/google/x/1?lite-format=tflite"):
        with pytest.raises(ModelFormatError, match="download it, and give the file"):
            folder_of(address, tmp_path, QUICK)
    with pytest.raises(ModelNotFoundError, match="no address"):
        folder_of("http://[", tmp_path, QUICK)


def test_a_changed_archive_is_unpacked_anew(tmp_path: Path) -> None:
    path = tmp_path / "model.tar.gz"
    path.write_bytes(_archive())
    first = folder_of(str(path), tmp_path / "cache", QUICK)
    path.write_bytes(_archive("inside/saved_model.pb"))
    second = folder_of(str(path), tmp_path / "cache", QUICK)
    assert first != second
    assert (second / "saved_model.pb").is_file()
