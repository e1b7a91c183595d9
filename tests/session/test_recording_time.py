from video_labeler.session.recording import PlayedTime


def test_a_file_wound_to_and_fro_makes_one_running_time() -> None:
    clock = PlayedTime()
    shown = [5.0, 5.1, 5.2, 5.2, 1.0, 1.1, 60.0, 60.1, 60.5]
    times = [clock.of(time_s) for time_s in shown]
    assert times[3] is None, "the frame that stands still is no new one"
    assert [round(time_s, 6) for time_s in times if time_s is not None] == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1.0]
