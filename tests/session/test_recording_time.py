from video_labeler.session.recording import PlayedTime


def running(shown: list[tuple[float, int]]) -> list[float | None]:
    clock = PlayedTime()
    times = [clock.of(time_s, index) for time_s, index in shown]
    return [None if time_s is None else round(time_s, 6) for time_s in times]


def test_a_file_wound_to_and_fro_makes_one_running_time() -> None:
    shown = [(5.0, 0), (5.1, 1), (5.2, 2), (5.2, 2), (1.0, 5), (1.1, 6), (60.0, 9), (60.1, 10), (60.5, 11)]

    assert running(shown) == [0, 0.1, 0.2, None, 0.3, 0.4, 0.5, 0.6, 1.0]


def test_a_pause_of_the_file_itself_stays_as_long_as_it_is() -> None:
    assert running([(0.0, 0), (0.1, 1), (20.1, 2), (20.2, 3)]) == [0, 0.1, 20.1, 20.2]


def test_frames_that_were_left_out_are_no_jump() -> None:
    assert running([(0.0, 0), (0.1, 1), (0.9, 9)]) == [0, 0.1, 0.9]
