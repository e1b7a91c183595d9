import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PyQt6.QtCore import QRectF, QSize

from video_labeler.window.picture.placement import around, fitted_size, picture_rect

_sides = st.integers(40, 4000)


@settings(deadline=None)
@given(_sides, _sides, _sides, _sides, st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0]))
def test_the_picture_keeps_its_aspect_and_fits(width: int, height: int, across: int, down: int, ratio: float) -> None:
    room = QSize(across, down)
    size = fitted_size(width, height, room, ratio)
    assert size[0] <= across * ratio + 0.5
    assert size[1] <= down * ratio + 0.5
    assert abs(size[0] - size[1] * width / height) <= 1 + width / height
    rect = picture_rect(size, room, ratio)
    # Copied pixel for pixel: nothing is scaled a second time.
    assert rect.width() * ratio == pytest.approx(size[0])
    assert rect.height() * ratio == pytest.approx(size[1])
    assert (rect.x() * ratio) % 1 == pytest.approx(0, abs=1e-6)


def test_a_picture_made_for_another_size_is_scaled_until_its_successor_is_there() -> None:
    assert picture_rect((1280, 720), QSize(640, 480), 1.0) == QRectF(0, 60, 640, 360)


def test_around_covers_what_is_beside_the_picture() -> None:
    bars = around(QRectF(0, 0, 100, 100), QRectF(0, 20, 100, 60))
    assert sum(bar.width() * bar.height() for bar in bars) == 100 * 40
    assert around(QRectF(0, 0, 10, 10), QRectF(0, 0, 10, 10)) == []
