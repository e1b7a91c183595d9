import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.window.kiosk.fake_stand import FakeStand, picture_of, session_of, stand_view
from tests.window.kiosk.kiosk_windows import brightness, patient, show_for, stage_of
from video_labeler.kiosk.scene import FRESH_S, LIVE_LIMIT_S, Scene
from video_labeler.window.kiosk.freshness import FreshnessMeter, what_to_paint

__all__ = ["patient"]


@settings(deadline=None)
@given(
    scene=st.sampled_from(Scene),
    is_live=st.sampled_from([True, False, None]),
    age_s=st.floats(-10, 1e6, allow_nan=False),
)
def test_nothing_old_is_ever_painted_as_live(scene: Scene, is_live: bool | None, age_s: float) -> None:
    painted = what_to_paint(scene, is_live, age_s)
    if painted is Scene.LIVE:
        assert is_live
        assert 0 <= age_s < FRESH_S < LIVE_LIMIT_S
    if painted is Scene.ATTRACT:
        assert is_live is False
    if scene is Scene.WAIT:
        assert painted is Scene.WAIT


def test_each_live_frame_is_reported_as_it_comes_and_as_it_goes() -> None:
    now = [10.0]
    stand = FakeStand()
    meter = FreshnessMeter(stand, lambda: now[0])
    meter.paint(9.9)
    now[0] = 10.05
    meter.paint(9.9)
    meter.paint(10.0)
    now[0] = 10.2
    meter.paint(None)
    meter.paint(None)
    assert stand.painted_s == pytest.approx([0.1, 0.05])
    assert stand.replaced_s == pytest.approx([0.15, 0.2])


def test_a_hidden_window_lets_no_frame_grow_old() -> None:
    now = [10.0]
    stand = FakeStand()
    meter = FreshnessMeter(stand, lambda: now[0])
    meter.paint(9.9)
    meter.hide()
    now[0] = 99.0
    meter.paint(98.9)
    assert stand.replaced_s == []


@pytest.mark.usefixtures("patient")
def test_a_fresh_live_frame_is_painted_bright(qapp: object) -> None:
    stand = FakeStand()
    with stage_of(stand=stand) as stage:
        for index in range(12):
            show_for(stage, stand_view(shown=session_of(index)), 0.03)
        assert stage.painted_scene is Scene.LIVE
        assert brightness(stage) > 150
        assert len(stand.painted_s) >= 3


def test_an_old_frame_that_is_said_to_be_live_is_covered(qapp: object) -> None:
    stand = FakeStand()
    with stage_of(stand=stand) as stage:
        show_for(stage, stand_view(shown=session_of(age_s=0.6)))
        assert stage.painted_scene is Scene.WAIT
        assert brightness(stage) < 110
        assert stand.painted_s == []


def test_a_live_frame_that_nothing_follows_is_covered_in_time(qapp: object) -> None:
    stand = FakeStand()
    with stage_of(stand=stand) as stage:
        view = stand_view(shown=session_of())
        show_for(stage, view, 0.2)
        assert stage.painted_scene is Scene.LIVE
        deadline = time.monotonic() + 5
        while stage.painted_scene is Scene.LIVE and time.monotonic() < deadline:
            show_for(stage, view, 0.02)
        assert stage.painted_scene is Scene.WAIT
        assert brightness(stage) < 110
        # The stage asked for the cover by itself before the limit; a slow machine may take its time to paint it.
        assert stand.replaced_s[-1] >= FRESH_S


def test_a_paint_event_covers_an_old_frame_even_if_nobody_looks_at_the_stand(qapp: object) -> None:
    with stage_of() as stage:
        show_for(stage, stand_view(shown=session_of()), 0.2)
        assert stage.painted_scene is Scene.LIVE
        time.sleep(LIVE_LIMIT_S)
        assert brightness(stage) < 110
        assert stage.painted_scene is Scene.WAIT


def test_the_attract_video_is_never_live_however_fresh(qapp: object) -> None:
    stand = FakeStand()
    with stage_of(stand=stand) as stage:
        show_for(stage, stand_view(Scene.ATTRACT, shown=session_of()))
        assert stage.painted_scene is Scene.ATTRACT
        assert brightness(stage) > 150
        # The camera's picture is asked for, but has none yet: the video stays what it is.
        show_for(stage, stand_view(Scene.LIVE, shown=session_of(age_s=3)), 0.05)
        assert stage.painted_scene is not Scene.LIVE
        assert stand.painted_s == []


@pytest.mark.usefixtures("patient")
def test_waiting_covers_at_once(qapp: object) -> None:
    with stage_of() as stage:
        show_for(stage, stand_view(shown=session_of()), 0.1)
        show_for(stage, stand_view(Scene.WAIT, shown=session_of(2)), 0.03)
        assert stage.painted_scene is Scene.WAIT
        assert brightness(stage) < 110


@pytest.mark.usefixtures("patient")
@pytest.mark.logs_error("The stage could not be painted")
def test_when_painting_fails_the_live_picture_goes_and_comes_back(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from video_labeler.window.kiosk import stage_painter

    def fail(*arguments: object) -> None:
        raise RuntimeError("no marks today")

    stand = FakeStand()
    with stage_of(stand=stand) as stage:
        show_for(stage, stand_view(shown=session_of()), 0.1)
        assert brightness(stage) > 150
        with monkeypatch.context() as patch:
            patch.setattr(stage_painter, "paint_marks", fail)
            show_for(stage, stand_view(shown=session_of(1)), 0.1)
            assert not stage.is_sound
            assert brightness(stage) < 40
            assert len(stand.replaced_s) >= 1
        show_for(stage, stand_view(shown=session_of(2, image=picture_of())), 0.1)
        assert stage.is_sound
        assert brightness(stage) > 150
