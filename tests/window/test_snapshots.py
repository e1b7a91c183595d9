"""What the main states look like, compared with small pictures that leave room for other fonts.

After a change that is meant: VIDEO_LABELER_UPDATE_SNAPSHOTS=1 pytest tests/window/test_snapshots.py, and look at them.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.window.fake_session import IDLE, FakeSession, labeled_of, running_view
from tests.window.windows import open_window
from video_labeler.frames import Frame
from video_labeler.session.view import SessionView
from video_labeler.settings import LabelingSettings, RegionMode, Settings, Theme
from video_labeler.sources.base import SourceState, SourceStatus
from video_labeler.sources.moving_picture import MovingPicture
from video_labeler.window.look.theme import ThemeFollower

_FOLDER = Path(__file__).parent / "snapshots"
_UPDATE = "VIDEO_LABELER_UPDATE_SNAPSHOTS"
_SIZE = (160, 120)

_MEAN_DIFFERENCE = 5.0
_FAR, _FAR_SHARE = 60, 0.03
"""Other fonts move some letters; another layout or colour moves more than that."""


def _running(**changes: object) -> SessionView:
    frame = Frame(5, 1 / 6, MovingPicture(1280, 720).draw(5))
    return replace(running_view(5, newest=frame, labeled=labeled_of(frame)), **changes)


def _lost() -> SessionView:
    return _running(
        status=SourceStatus(SourceState.RECONNECTING, time.monotonic() - 75, "The camera is not connected.")
    )


def _states() -> dict[str, SessionView]:
    return {
        "start": IDLE,
        "running": _running(),
        "playing": replace(running_view(5, playing=True), newest=_running().newest, labeled=_running().labeled),
        "recording": _running(recording=running_view(recording=True).recording),
        "reconnecting": _lost(),
        "centre": _running(labeling=LabelingSettings(regions=RegionMode.CENTER)),
    }


@pytest.fixture(params=[Theme.LIGHT, Theme.DARK])
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Theme]:
    palette, sheet = qapp.palette(), qapp.styleSheet()
    ThemeFollower(qapp, request.param)
    yield request.param
    ThemeFollower(qapp, Theme.LIGHT)
    qapp.setPalette(palette)
    qapp.setStyleSheet(sheet)


def _pixels(image: QImage) -> np.ndarray:
    small = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(small.constBits().asstring(small.sizeInBytes()), dtype=np.uint8)
    return rows.reshape(small.height(), small.bytesPerLine())[:, : small.width() * 3].astype(int)


@pytest.mark.parametrize("name", _states())
def test_it_looks_as_it_did(qtbot: QtBot, tmp_path: Path, theme: Theme, name: str) -> None:
    view = _states()[name]
    session = FakeSession(view=_running() if view.source else view)
    window = open_window(session, tmp_path, settings=Settings())
    window.parts.panel.sections["seen"].set_open(False)
    try:
        window.resize(800, 600)
        window.show()
        if view.source:
            qtbot.waitUntil(lambda: window.parts.stage.video.has_picture)
        session.view = view
        qtbot.wait(300)
        picture = window.grab().toImage()
    finally:
        window.close()
        window.deleteLater()
    smooth = Qt.TransformationMode.SmoothTransformation
    small = picture.scaled(*_SIZE, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    path = _FOLDER / f"{name}-{theme.value}.png"
    if os.environ.get(_UPDATE):
        path.parent.mkdir(exist_ok=True)
        small.save(str(path))
    difference = np.abs(_pixels(small) - _pixels(QImage(str(path))))
    seen = tmp_path / path.name
    picture.save(str(seen))
    assert difference.mean() < _MEAN_DIFFERENCE, f"compare {seen} with {path}"
    assert (difference > _FAR).mean() < _FAR_SHARE, f"compare {seen} with {path}"
