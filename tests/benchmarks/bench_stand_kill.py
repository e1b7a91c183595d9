"""How soon is a stand back after a kill, and is anything lost? Kills the kiosk again and again, at any moment.

Run: VIDEO_LABELER_PHOTOS=... python -m tests.benchmarks.bench_stand_kill [KILLS]

The real `video-labeler kiosk`, recording, on a virtual screen and a camera on loopback whose pictures bear numbers. Its
child is killed (SIGKILL); the picture is back when a number of now can be read off the screen again. At the end every
recording is decoded, and the day's counts are compared with what the gallery had shown before each kill.
"""

import itertools
import json
import random
import statistics
import sys
import time
from pathlib import Path

import av

from tests.benchmarks.show_camera import Show
from tests.benchmarks.stand_probe import StandProbe, end, photographs, running_kiosk

_BACK_WITHIN_S = 3.0
_GIVEN_UP_S = 30.0
_ALONE_S = 62.0
"""Pauses before a restart grow with failures in a row: here each is one for itself."""


def wait_for_picture(probe: StandProbe) -> None:
    """Wait until a picture of now is on the screen."""
    given_up_s = time.monotonic() + _GIVEN_UP_S
    while (probe.age_s or 9.0) > 1.0:
        assert time.monotonic() < given_up_s, "the picture is not back"
        time.sleep(0.01)


def kill(probe: StandProbe) -> float:
    """Kill the kiosk, and return after how many seconds its picture was back."""
    (child,) = probe.supervisor.children()
    child.kill()
    killed_s = time.monotonic()
    # Its last picture stays for as long as the screen keeps its window.
    while probe.age_s is not None and time.monotonic() - killed_s < 1.0:
        time.sleep(0.002)
    wait_for_picture(probe)
    return time.monotonic() - killed_s


def is_playable(path: Path) -> bool:
    """Whether a video opens, and all its pictures can be decoded."""
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0)) > 0


def main(kills: int) -> int:
    """Kill that often; 1 where the stand was back late, or something was lost."""
    photos = photographs()
    if photos is None:
        return 0
    chance = random.Random(1)
    back_s: list[float] = []
    show = Show(photos, empty_s=1, held_s=4, visits=8)
    with running_kiosk(show, "record = true\nrecord_minutes = 0.5") as probe:
        wait_for_picture(probe)
        for _ in range(kills):
            time.sleep(_ALONE_S + chance.random() * 5)
            wait_for_picture(probe)
            back_s.append(kill(probe))
            print(f"back after {back_s[-1]:.2f} s", flush=True)
        time.sleep(8)
        end(probe.supervisor.pid)
        days = [json.loads(path.read_text()) for path in probe.state.glob("day-*.json")]
        videos = sorted((probe.folder / "Kiosk").iterdir())
        playable = [is_playable(path) for path in videos]
    restarts = list(itertools.chain.from_iterable(day["restarts"] for day in days))
    celebrated = sum(sum(day["tally"]["labels"].values()) for day in days)
    print(f"{len(back_s)} kills: back after {statistics.median(back_s):.2f} s (median), {max(back_s):.2f} s (worst)")
    print(f"by the supervisor's own clock: {[note['back_after_s'] for note in restarts]}")
    print(f"recordings: {len(videos)}, playable: {sum(playable)}; celebrated in all: {celebrated}")
    return 0 if max(back_s) <= _BACK_WITHIN_S and all(playable) and len(restarts) == kills else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
