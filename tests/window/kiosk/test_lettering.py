from hypothesis import given, settings
from hypothesis import strategies as st
from PyQt6.QtGui import QFont

from video_labeler.window.kiosk.lettering import BOLD, REGULAR, SEMIBOLD, broken, fitted, width_of

WEIGHTS = st.sampled_from([REGULAR, SEMIBOLD, BOLD])


@settings(max_examples=60, deadline=None)
@given(st.text("abcdefgh WM.,", min_size=1, max_size=60), st.floats(6, 150), WEIGHTS, st.floats(60, 2000))
def test_text_fits_its_room(qapp: object, text: str, pixels: float, weight: QFont.Weight, room: float) -> None:
    cut, size = fitted(text, pixels, weight, room)
    assert size <= pixels
    # One ellipsis is the least that is shown.
    assert width_of(cut, size, weight) <= max(room, width_of("…", size, weight)) + 1
    if size == pixels:
        assert cut == text or "…" in cut or not cut


@settings(max_examples=60, deadline=None)
@given(st.text("abcdef ", min_size=1, max_size=60), st.floats(10, 150), st.floats(60, 2000))
def test_breaking_loses_no_word(qapp: object, text: str, pixels: float, room: float) -> None:
    lines = broken(text, pixels, BOLD, room)
    assert len(lines) <= 2
    assert " ".join(lines).split() == text.split()


def test_a_long_name_is_broken_in_the_middle(qapp: object) -> None:
    assert broken("Single-lens reflex camera", 90, BOLD, 900) == ["Single-lens", "reflex camera"]
    assert broken("Cup", 90, BOLD, 10) == ["Cup"]
