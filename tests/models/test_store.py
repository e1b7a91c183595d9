import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.models.file_server import Manner, serving
from video_labeler.errors import ModelDownloadError, ModelFormatError, ModelNotFoundError
from video_labeler.files.reading import read_bytes
from video_labeler.limits import DownloadLimits
from video_labeler.models import store as store_module
from video_labeler.models.catalog import CATALOG, CatalogEntry, ModelRole
from video_labeler.models.finding import find_model
from video_labeler.models.loading import load_labeler
from video_labeler.models.store import FileState, ModelStore
from video_labeler.settings import ModelSettings
from video_labeler.system.background_task import StopSignal

CONTENT = bytes(range(256)) * 800
QUICK = DownloadLimits(connect_s=1, silence_s=0.5, total_s=2)


def entry_at(*addresses: str) -> CatalogEntry:
    return CatalogEntry(
        name="some_model",
        role=ModelRole.LABELER,
        title="Some model",
        file_name="some_model.tflite",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        addresses=addresses,
    )


def store_of(entry: CatalogEntry, folder: Path, stop: StopSignal | None = None) -> ModelStore:
    return ModelStore([entry], cache=folder / "cache", limits=QUICK, stop=stop)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "cache").rglob("*"))


def nobody_answers() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/model"


@pytest.fixture(autouse=True)
def _no_folder_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIDEO_LABELER_MODELS", raising=False)


def test_nothing_is_fetched_where_downloads_are_turned_off(tmp_path: Path) -> None:
    store = ModelStore(cache=tmp_path, folder=tmp_path, downloads=False)
    with pytest.raises(ModelDownloadError, match="turned off"):
        store.verified(store.catalog[0].name, store.catalog[0].role)
    settings = ModelSettings(model=store.catalog[0].name, downloads=False)
    with pytest.raises(ModelDownloadError, match="turned off"):
        load_labeler(settings, store)


def test_a_download_is_verified_and_kept(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    with serving(CONTENT) as server:
        store = store_of(entry_at(server.address), tmp_path)
        assert store.status(store.catalog[0]).state is FileState.MISSING
        path = store.fetch(store.catalog[0], progress=lambda done, size: steps.append((done, size)))
        assert store.fetch(store.catalog[0]) == path
        assert server.asked == ["/model"]
    assert path.read_bytes() == CONTENT
    assert files_in(tmp_path) == ["some_model.tflite"]
    assert steps == sorted(steps)
    assert steps[-1] == (len(CONTENT), len(CONTENT))
    assert store.status(store.catalog[0]).path == path


@pytest.mark.parametrize(
    ("manner", "words"),
    [
        (Manner.MISSING, "answered 404"),
        (Manner.WRONG, "checksum differs"),
        (Manner.ENDLESS, "too large"),
        (Manner.SILENT, "no answer in time"),
        (Manner.STALLS, "stopped responding"),
        (Manner.DRIPS, "not complete after 2 seconds"),
        (Manner.BREAKS_OFF, "broke off"),
    ],
)
def test_a_failed_download_says_why_and_leaves_nothing(manner: Manner, words: str, tmp_path: Path) -> None:
    with serving(CONTENT, manner) as server:
        store = store_of(entry_at(server.address), tmp_path)
        start = time.monotonic()
        with pytest.raises(ModelDownloadError, match=words) as caught:
            store.fetch(store.catalog[0])
        assert time.monotonic() - start < 10
        assert str(store.cache) in str(caught.value)
        assert server.address in str(caught.value)
        assert files_in(tmp_path) == []
        server.manner = Manner.GOOD
        assert store.fetch(store.catalog[0]).read_bytes() == CONTENT


def test_the_second_address_is_used_when_the_first_fails(tmp_path: Path) -> None:
    with serving(CONTENT, Manner.WRONG) as first, serving(CONTENT) as second:
        store = store_of(entry_at(nobody_answers(), first.address, second.address), tmp_path)
        assert store.fetch(store.catalog[0]).read_bytes() == CONTENT
        assert (len(first.asked), len(second.asked)) == (1, 1)


def test_offline_fails_at_once_and_says_how_to_get_the_file(tmp_path: Path) -> None:
    store = store_of(entry_at(nobody_answers(), nobody_answers()), tmp_path)
    with pytest.raises(ModelDownloadError, match=r"no connection.*on another computer.*some_model\.tflite"):
        store.fetch(store.catalog[0])


def test_the_body_of_a_redirect_is_not_waited_for_or_kept(tmp_path: Path) -> None:
    with serving(CONTENT) as good, serving(CONTENT, Manner.ENDLESS) as endless:
        endless.moved_to = good.address
        store = store_of(entry_at(endless.address), tmp_path)
        assert store.fetch(store.catalog[0]).read_bytes() == CONTENT
        endless.moved_to = endless.address
        store = store_of(entry_at(endless.address), tmp_path / "again")
        with pytest.raises(ModelDownloadError, match="malformed"):
            store.fetch(store.catalog[0])
        assert len(endless.asked) < 20


def test_a_malformed_address_is_a_sentence(tmp_path: Path) -> None:
    for address in ("http://", "http://[", "nonsense://x/y"):
        store = store_of(entry_at(address), tmp_path)
        with pytest.raises(ModelDownloadError, match="could not be downloaded"):
            store.fetch(store.catalog[0])


def test_a_download_can_be_stopped(tmp_path: Path) -> None:
    stop = StopSignal()
    with serving(CONTENT, Manner.DRIPS) as server, serving(CONTENT) as second:
        store = store_of(entry_at(server.address, second.address), tmp_path, stop)
        with pytest.raises(ModelDownloadError, match="stopped"):
            store.fetch(store.catalog[0], progress=lambda *_: stop.set())
        assert second.asked == []
    assert files_in(tmp_path) == []


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file in the way")
    with serving(CONTENT) as server:
        store = store_of(entry_at(server.address), tmp_path)
        with pytest.raises(ModelDownloadError, match="cannot be created"):
            store.fetch(store.catalog[0])


_PROGRAM = """
import sys
from pathlib import Path
from tests.models.test_store import entry_at, store_of
from video_labeler.models.finding import find_model
from video_labeler.limits import DownloadLimits
store = store_of(entry_at(sys.argv[1]), Path(sys.argv[2]))
print("started", flush=True)
store.fetch(store.catalog[0])
"""


def test_a_killed_download_leaves_no_final_file(tmp_path: Path, clean_environment: dict[str, str]) -> None:
    with serving(CONTENT, Manner.STALLS) as server:
        child = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, server.address, str(tmp_path)],
            env=clean_environment,
            stdout=subprocess.PIPE,
        )
        deadline = time.monotonic() + 30
        while not server.asked and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.1)
        child.send_signal(signal.SIGKILL)
        child.communicate(timeout=10)
        store = store_of(entry_at(server.address), tmp_path)
        assert "some_model.tflite" not in files_in(tmp_path)
        left = list(store.cache.glob("incoming-*"))
        assert left
        for path in left:
            os.utime(path, (0, 0))
        server.manner = Manner.GOOD
        assert store.fetch(store.catalog[0]).read_bytes() == CONTENT
    assert files_in(tmp_path) == ["some_model.tflite"]


def test_the_named_folder_comes_first_and_a_right_file_hides_a_damaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "named"
    folder.mkdir()
    monkeypatch.setenv("VIDEO_LABELER_MODELS", str(folder))
    entry = entry_at(nobody_answers())
    store = store_of(entry, tmp_path)
    (folder / entry.file_name).write_bytes(CONTENT)
    assert store.verified(entry.name, entry.role).path == folder / entry.file_name
    (folder / entry.file_name).write_bytes(CONTENT[::-1])
    assert store.status(entry).state is FileState.DAMAGED
    assert store.status(entry).path == folder / entry.file_name
    store.cache.mkdir()
    (store.cache / entry.file_name).write_bytes(CONTENT)
    assert store.verified(entry.name, entry.role).path == store.cache / entry.file_name


def test_a_damaged_file_in_the_cache_is_replaced(tmp_path: Path) -> None:
    with serving(CONTENT) as server:
        store = store_of(entry_at(server.address), tmp_path)
        store.cache.mkdir()
        (store.cache / "some_model.tflite").write_bytes(CONTENT[:100])
        entry = store.catalog[0]
        assert store.verified(entry.name, entry.role).content == CONTENT


def test_best_available_downloads_nothing(tmp_path: Path) -> None:
    with serving(CONTENT) as server:
        published = entry_at(server.address)
        builtin = next(e for e in CATALOG if e.is_built_in and e.role is ModelRole.LABELER)
        store = ModelStore([published, builtin], cache=tmp_path / "cache", limits=QUICK)
        assert store.best_available(ModelRole.LABELER) is builtin
        assert server.asked == []
        store.fetch(published)
        assert store.best_available(ModelRole.LABELER) is published
        with pytest.raises(ModelNotFoundError, match="No localizer is installed"):
            store.best_available(ModelRole.LOCALIZER)


def test_the_builtin_files_are_those_of_the_catalogue(store: ModelStore) -> None:
    states = {(s.entry.name, s.entry.role): s.state for s in store.statuses()}
    assert states["builtin", ModelRole.LABELER] is FileState.RIGHT
    assert states["builtin", ModelRole.LOCALIZER] is FileState.RIGHT
    assert states["mobile_object_labeler_v1", ModelRole.LABELER] is FileState.MISSING


def test_a_missing_builtin_file_is_not_downloaded(tmp_path: Path) -> None:
    entry = entry_at()
    with pytest.raises(ModelFormatError, match="install video-labeler again"):
        store_of(entry, tmp_path).verified(entry.name, entry.role)


def test_the_published_files_are_those_of_the_catalogue(models_folder: Path, tmp_path: Path) -> None:
    store = ModelStore(folder=models_folder, cache=tmp_path)
    assert {status.state for status in store.statuses()} == {FileState.RIGHT}
    assert all(len(entry.addresses) == 2 for entry in CATALOG if not entry.is_built_in)


def test_what_is_loaded_is_what_was_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else writes into a shared folder, right after the file was read there."""
    read = store_module.read_bytes

    def read_and_change(path: Path, most: int) -> bytes:
        content = read(path, most)
        path.write_bytes(CONTENT[::-1])
        return content

    entry = entry_at(nobody_answers())
    store = store_of(entry, tmp_path)
    store.cache.mkdir()
    (store.cache / entry.file_name).write_bytes(CONTENT)
    monkeypatch.setattr(store_module, "read_bytes", read_and_change)
    found = find_model(entry.name, entry.role, store)
    assert (found.tflite, found.entry) == (CONTENT, entry)
    with pytest.raises(ModelDownloadError):
        find_model(entry.name, entry.role, store)


@pytest.mark.parametrize("name", ["auto", "mobile_object_labeler_v1"])
def test_a_known_model_is_read_once(
    name: str, models_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ModelStore(folder=models_folder, cache=tmp_path)
    path = models_folder / "mobile_object_labeler_v1.tflite"
    read: list[Path] = []
    monkeypatch.setattr(store_module, "read_bytes", lambda path, most: read.append(path) or read_bytes(path, most))
    find_model(name, ModelRole.LABELER, store)
    assert read == [path]
