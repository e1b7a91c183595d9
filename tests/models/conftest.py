import os
from pathlib import Path

import pytest

from video_labeler.assets import asset
from video_labeler.models.store import ModelStore


@pytest.fixture(autouse=True)
def _no_folders_of_this_computer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("TFHUB_CACHE_DIR", raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelStore:
    """A store that knows the catalogue, with nothing downloaded."""
    monkeypatch.delenv("VIDEO_LABELER_MODELS", raising=False)
    return ModelStore(cache=tmp_path / "cache")


@pytest.fixture
def builtin_labeler() -> Path:
    return asset("models/labeler.tflite")


@pytest.fixture
def builtin_localizer() -> Path:
    return asset("models/localizer.tflite")


@pytest.fixture
def clean_environment() -> dict[str, str]:
    root = Path(__file__).resolve().parents[2]
    return {**os.environ, "PYTHONPATH": str(root)}
