"""One part of a soak: one kiosk on one camera, from its start to its end, and what came of it."""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.soak.cameras import Camera, Networked, Ordered
from tests.soak.causes import plan
from tests.soak.conductor import Conductor, KioskEndedError
from tests.soak.kiosk_run import QUOTA_GB, KioskRun
from tests.soak.measuring import write_samples
from tests.soak.network_camera import NetworkCamera
from tests.soak.outcome import PartResult
from tests.soak.pictures import Pictures, save_pictures
from tests.soak.shared_memory import Orders, Sightings
from tests.soak.synthetic_camera import SYNTHETIC
from tests.soak.visits import Visits
from tests.soak.watch import Watch
from video_labeler.kiosk.day import Day


@dataclass(frozen=True, slots=True)
class Show:
    """What is to be played: simulated hours, how many of them pass in a real one, the script's seed, and where.

    ``folder`` takes everything the kiosk writes, and is made. ``display``: an X display; ``None``: no screen at all.
    ``tell`` is called with a line about the progress after every fault. ``patience`` stretches the limits of time.
    """

    camera: str
    folder: Path
    pictures: Pictures
    hours: float
    speed: float
    seed: int
    tell: Callable[[str], None]
    display: str | None = None
    patience: float = 1.0


def run_network(show: Show) -> PartResult:
    """A part on the loopback network camera."""
    with NetworkCamera(show.pictures, show.seed) as server:
        return _run(show, server.url, Networked(server), _prepared(show))


def run_synthetic(show: Show) -> PartResult:
    """A part on the synthetic camera inside the child."""
    orders = _prepared(show)
    return _run(show, SYNTHETIC, Ordered(orders), orders)


def _prepared(show: Show) -> Orders:
    show.folder.mkdir()
    save_pictures(show.pictures, show.folder)
    return Orders(show.folder)


def _run(show: Show, source: str, camera: Camera, orders: Orders) -> PartResult:
    result = PartResult(show.camera, show.hours, show.speed, show.patience)
    kiosk = KioskRun(show.folder, source, show.display)
    sightings = Sightings(show.folder)
    visits = Visits(len(show.pictures), show.seed)
    script = plan(show.hours, show.speed, show.seed)
    begun_s = time.monotonic()

    def tell(done: int) -> None:
        show.tell(f"{show.camera} camera: {done} of {len(script.faults)} faults, {time.monotonic() - begun_s:.0f} s")

    kiosk.start()
    watch = Watch(kiosk, sightings)
    conductor = Conductor(watch, camera, orders, visits, lambda: kiosk.ended is not None, tell)
    try:
        conductor.start()
        conductor.run(script)
    except KioskEndedError as error:
        result.problems.append(f"{error} The end of its output: {kiosk.output[-2000:]}")
    finally:
        code = kiosk.end()
    result.real_s = time.monotonic() - begun_s
    if code != 0:
        result.problems.append(f"The kiosk ended with {'a kill' if code is None else f'code {code}'}, not 0.")
    watch.look()
    result.problems += [f"{process} is left over." for process in kiosk.left()]
    _collect(result, conductor, watch, kiosk)
    write_samples(result.lives, show.folder / "child.csv")
    result.visits = visits.count
    sightings.close()
    orders.close()
    return result


def _collect(result: PartResult, conductor: Conductor, watch: Watch, kiosk: KioskRun) -> None:
    watch.recordings.finish()
    result.outcomes = conductor.outcomes
    result.lives, result.supervisor = watch.lives, watch.supervisor
    result.old = watch.old
    result.celebrated = Counter(sighting.text for sighting in watch.celebrations)
    result.doubtful = watch.doubtful(conductor.ends_s)
    result.day = _day(kiosk.state)
    result.recordings = watch.recordings.checked
    result.recorded_frames = watch.recordings.frames
    result.recordings_bytes = watch.recordings.greatest_bytes
    result.unfinished = watch.recordings.unfinished
    result.quota_bytes = round(QUOTA_GB * 1e9)
    result.problems += watch.problems + watch.recordings.problems
    if result.day is None:
        result.problems.append("There is no file of the day.")


def _day(state: Path) -> Day | None:
    """All days of the run as one: it may have gone over midnight."""
    whole: Day | None = None
    for path in sorted(state.rglob("day-*.json")):
        day = Day.from_json(json.loads(path.read_text(encoding="utf-8")))
        if whole is None:
            whole = day
            continue
        whole.tally += day.tally
        whole.up_s += day.up_s
        whole.down_s += day.down_s
        whole.reasons = dict(Counter(whole.reasons) + Counter(day.reasons))
        whole.restarts += day.restarts
    return whole
