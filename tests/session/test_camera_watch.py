import threading

import pytest

from tests.session.waiting import until
from video_labeler.session import camera_watch
from video_labeler.session.camera_watch import CameraWatch
from video_labeler.sources.camera_list import CameraDevice

DESK = CameraDevice(0, "Desk Cam", "desk")


@pytest.mark.logs_error("The cameras could not be listed")
def test_it_follows_cameras_and_survives_a_driver_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_watch, "_EVERY_S", 0.01)
    answers: list[tuple[CameraDevice, ...] | Exception] = [(), (DESK,), OSError("no"), ()]
    seen: list[tuple[CameraDevice, ...]] = []

    def listed() -> tuple[CameraDevice, ...]:
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        seen.append(watch.cameras)
        if isinstance(answer, Exception):
            raise answer
        return answer

    watch = CameraWatch(listed)
    assert watch.cameras == ()
    assert not watch.listed
    watch.start()
    until(lambda: len(seen) > 5)
    watch.close()
    assert watch.listed
    assert seen[:4] == [(), (), (DESK,), (DESK,)], "a failed look changes nothing"
    assert watch.cameras == ()


def test_a_close_does_not_wait_for_a_driver_that_hangs() -> None:
    released, asked = threading.Event(), threading.Event()

    def hangs() -> tuple[CameraDevice, ...]:
        asked.set()
        released.wait(30)
        return (DESK,)

    watch = CameraWatch(hangs)
    watch.start()
    assert asked.wait(10)
    watch.close()
    assert watch.cameras == ()
    released.set()


def test_a_close_without_a_start() -> None:
    CameraWatch().close()
