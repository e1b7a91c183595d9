from video_labeler.kiosk.exit_pin import ExitPin


def test_five_wrong_tries_lock_it_for_half_a_minute_and_then_there_are_five_more() -> None:
    now_s = 100.0
    pin = ExitPin("2580", clock=lambda: now_s)
    for _ in range(2):
        assert not any(pin.fits(typed) for typed in ("1", "", "2", "3", "258"))
        assert pin.locked_s == 0, "nothing typed is no try"
        assert not pin.fits("25800")
        assert pin.locked_s == 30
        assert not pin.fits("2580")
        now_s += 29.5
        assert not pin.fits("2580")
        now_s += 0.5
        assert pin.locked_s == 0
    assert pin.fits("2580")


def test_the_right_one_forgets_the_wrong_ones() -> None:
    pin = ExitPin("2580")
    for _ in range(3):
        assert not any(pin.fits(typed) for typed in ("1", "2", "3", "4"))
        assert pin.fits("2580")
