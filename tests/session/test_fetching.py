import hashlib
from pathlib import Path

import pytest

from tests.models.file_server import FileServer, Manner, serving
from tests.session.waiting import until
from video_labeler.limits import DownloadLimits
from video_labeler.models.catalog import CatalogEntry, ModelRole
from video_labeler.models.store import FileState, ModelStore
from video_labeler.session.fetching import ModelFetch
from video_labeler.system.background_task import StopSignal

CONTENT = bytes(range(256)) * 800


@pytest.fixture(autouse=True)
def _no_folder_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIDEO_LABELER_MODELS", raising=False)


def store_at(server: FileServer, folder: Path, stop: StopSignal | None = None) -> ModelStore:
    entries = [
        CatalogEntry(name, role, name, f"{name}.tflite", len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), (address,))
        for name, role, address in (
            ("labeler", ModelRole.LABELER, server.address),
            ("localizer", ModelRole.LOCALIZER, server.address),
        )
    ]
    return ModelStore(entries, cache=folder / "cache", limits=DownloadLimits(1, 20, 20), stop=stop)


def test_what_is_missing_is_fetched_and_progress_is_reported(tmp_path: Path) -> None:
    ends: list[str] = []
    with serving(CONTENT) as server:
        store = store_at(server, tmp_path)
        fetch = ModelFetch(on_done=lambda: ends.append("done"), on_failure=ends.append, store=lambda _: store)
        assert fetch.view is not None
        fetch.start()
        until(lambda: ends)
    assert ends == ["done"]
    assert fetch.view is None
    assert all(status.state is FileState.RIGHT for status in store.statuses())


def test_progress_counts_all_files(tmp_path: Path) -> None:
    with serving(CONTENT, Manner.STALLS) as server:
        fetch = ModelFetch(on_done=list, on_failure=str, store=lambda stop: store_at(server, tmp_path, stop))
        fetch.start()
        until(lambda: fetch.view is not None and fetch.view.done > 0)
        view = fetch.view
        assert view is not None
        assert view.size == 2 * len(CONTENT)
        assert view.done <= len(CONTENT)
        fetch.cancel()


def test_a_failure_is_one_sentence(tmp_path: Path) -> None:
    ends: list[str] = []
    with serving(CONTENT, Manner.MISSING) as server:
        fetch = ModelFetch(
            on_done=lambda: ends.append("done"),
            on_failure=ends.append,
            store=lambda stop: store_at(server, tmp_path, stop),
        )
        fetch.start()
        until(lambda: ends)
    assert "could not be downloaded" in ends[0]
    assert fetch.view is None


def test_a_cancelled_download_says_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    ends: list[str] = []
    with serving(CONTENT, Manner.STALLS) as server:
        fetch = ModelFetch(
            on_done=lambda: ends.append("done"),
            on_failure=ends.append,
            store=lambda stop: store_at(server, tmp_path, stop),
        )
        fetch.start()
        until(lambda: fetch.view is not None and fetch.view.done > 0)
        fetch.cancel()
        assert fetch.view is None
        until(lambda: not list((tmp_path / "cache").glob("*")))
    assert ends == []
