"""Is a picture ever shown as live that is older than half a second? Hours of a stand in real time, seen from outside.

Run: VIDEO_LABELER_PHOTOS=... python -m tests.benchmarks.bench_stand [HOURS] [--pictures FOLDER]; promised are 2 hours

The real `video-labeler kiosk` runs on a virtual screen of 1920x1080, with whatever models `auto` finds, on a camera on
loopback (1280x720, 30 pictures a second, each with a number that can be read off the screen). Fifty times a second the
number is read from the screen's memory, and compared with what the camera has sent: that is the age of what a visitor
sees, from the sending of the picture on. The kiosk's own figures, from its summary of the day, are printed beside it.
"""

import argparse
import json
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.benchmarks.show_camera import Show
from tests.benchmarks.stand_probe import StandProbe, end, photographs, running_kiosk
from video_labeler.opencv import cv2

_LOOK_EVERY_S = 0.02
_MEASURE_EVERY_S = 10.0
_PICTURE_EVERY_S = 300.0
_NEVER_OLDER_S = 0.5


@dataclass
class Seen:
    """What was read off the screen, and what the processes needed."""

    ages_s: list[float] = field(default_factory=list)
    looks: int = 0
    memory: list[tuple[float, float]] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)


def watch(probe: StandProbe, seconds: float, pictures: Path | None) -> Seen:
    """Look at the screen for that long."""
    seen = Seen()
    begun_s = measured_s = pictured_s = time.monotonic()
    while (now_s := time.monotonic()) < begun_s + seconds:
        age_s = probe.age_s
        seen.looks += 1
        if age_s is not None:
            seen.ages_s.append(age_s)
            if age_s > _NEVER_OLDER_S:
                print(f"{now_s - begun_s:9.2f} s: a picture {age_s:.3f} s old is on the screen", flush=True)
        if now_s - measured_s >= _MEASURE_EVERY_S:
            measured_s = now_s
            measure(probe.supervisor, seen, now_s - begun_s)
        if pictures is not None and now_s - pictured_s >= _PICTURE_EVERY_S:
            pictured_s = now_s
            cv2.imwrite(str(pictures / f"{(now_s - begun_s) / 60:05.1f}min.png"), probe.screen.pixels)
        time.sleep(max(0.0, _LOOK_EVERY_S - (time.monotonic() - now_s)))
    return seen


def measure(supervisor: psutil.Process, seen: Seen, at_s: float) -> None:
    """Memory, threads and descriptors of the kiosk."""
    children = supervisor.children()
    if children:
        child = children[0]
        seen.memory.append((at_s, child.memory_info().rss / 1e6))
        seen.threads.append(child.num_threads())
        seen.descriptors.append(child.num_fds())


def report(seen: Seen, day: dict, hours: float) -> bool:
    """Print the figures; whether the promise was kept."""
    live = sorted(seen.ages_s)
    oldest_s = live[-1] if live else float("nan")
    tally = day["tally"]
    memory = seen.memory[len(seen.memory) // 6 :]
    slope = statistics.linear_regression(*zip(*memory, strict=True)).slope * 3600 if len(memory) > 2 else 0.0
    print(f"{hours:g} hours, looked at the screen {seen.looks} times, {len(live)} times a numbered live picture")
    print(f"age on the screen: median {live[len(live) // 2]:.3f} s, 99 % {live[int(0.99 * len(live))]:.3f} s, "
          f"99.9 % {live[int(0.999 * len(live))]:.3f} s, oldest {oldest_s:.3f} s")  # fmt: skip
    print(f"the kiosk's own figure: oldest shown as live {tally['oldest_live_s']:.3f} s")
    print(f"frames: {tally['captured']} captured, {tally['labelled']} labelled, {tally['shown']} shown live, "
          f"dropped {tally['dropped']}")  # fmt: skip
    print(f"scenes (s): { {name: round(s) for name, s in tally['scenes'].items()} }")
    print(f"celebrated: {sum(tally['labels'].values())} of {len(tally['labels'])} kinds; restarts {day['reasons']}")
    print(f"memory {memory[0][1]:.0f} MB, at last {memory[-1][1]:.0f} MB, slope {slope:+.2f} MB an hour; "
          f"threads {min(seen.threads)} to {max(seen.threads)}; "
          f"descriptors {min(seen.descriptors)} to {max(seen.descriptors)}")  # fmt: skip
    return bool(live) and oldest_s <= _NEVER_OLDER_S and tally["oldest_live_s"] <= _NEVER_OLDER_S


def main() -> int:
    """Run the stand for that long; 1 where an old picture was shown as live."""
    parser = argparse.ArgumentParser()
    parser.add_argument("hours", nargs="?", type=float, default=0.05)
    parser.add_argument("--pictures", type=Path, help="save the screen into this folder every five minutes")
    arguments = parser.parse_args()
    photos = photographs()
    if photos is None:
        return 0
    show = Show(photos, empty_s=40, held_s=5, visits=4)
    with running_kiosk(show) as probe:
        time.sleep(10)
        seen = watch(probe, arguments.hours * 3600, arguments.pictures)
        end(probe.supervisor.pid)
        day = json.loads(max(probe.state.glob("day-*.json")).read_text())
    return 0 if report(seen, day, arguments.hours) else 1


if __name__ == "__main__":
    sys.exit(main())
