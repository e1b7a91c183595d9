"""A live 720p30 picture through a session, as the window runs it: what is labelled, how old the labels are, the CPU.

`python tests/benchmarks/bench_session.py [--seconds 20] [--record]`, with the models that `auto` finds.
"""

import argparse
import shutil
import tempfile
import time
from pathlib import Path

import psutil

from video_labeler.session.session import Session
from video_labeler.session.view import ModelState, SessionView
from video_labeler.settings import Settings

SOURCE = "synthetic:1280x720@30"
START_LIMIT_S = 60.0


def started(session: Session) -> float:
    """Seconds until the first labelled frame."""
    begun = time.monotonic()
    session.start()
    session.open(SOURCE)
    while session.view.labeled is None:
        if session.view.models.state is ModelState.FAILED or time.monotonic() - begun > START_LIMIT_S:
            raise SystemExit(f"Nothing is labelled: {session.view.models.message}")
        time.sleep(0.005)
    return time.monotonic() - begun


def measured(session: Session, seconds: float) -> tuple[SessionView, SessionView, float]:
    """What the session shows before and after, and the mean of the CPU share in between."""
    before = session.view
    shares = []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(0.5)
        shares.append(session.view.cpu)
    return before, session.view, sum(shares) / len(shares)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--record", action="store_true", help="Record meanwhile.")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    session = Session(Settings())
    try:
        first_s = started(session)
        if arguments.record:
            session.start_recording(folder)
        # Whatever still loads or is compiled is not what is measured.
        time.sleep(2)
        before, after, cpu = measured(session, arguments.seconds)
    finally:
        begun = time.monotonic()
        session.close()
        closed_s = time.monotonic() - begun
        shutil.rmtree(folder, ignore_errors=True)
    report(before, after, cpu, arguments.seconds)
    print(f"first labelled frame  {first_s:.2f} s after the session's start; closed in {closed_s * 1000:.0f} ms")


def report(before: SessionView, after: SessionView, cpu: float, seconds: float) -> None:
    now, then = after.statistics, before.statistics
    captured, labelled = now.captured - then.captured, now.labelled - then.labelled
    dropped = now.drops.labelling - then.drops.labelling
    print(f"{SOURCE}, {after.models.labeler} with {after.models.localizer or 'no localizer'}, {seconds:g} s")
    print(f"captured              {captured} ({captured / seconds:.1f} fps)")
    print(f"labelled              {labelled} ({labelled / seconds:.1f} fps)")
    print(f"dropped by labelling  {dropped}")
    for name, count in now.drops.sinks:
        print(f"dropped by {name:<11}{count}")
    print(f"in work               {captured - labelled - dropped}")
    print(f"capture to label      median {now.latency_median_s * 1000:.0f} ms, 95 % {now.latency_p95_s * 1000:.0f} ms")
    print(f"CPU                   {cpu:.2f} cores of {psutil.cpu_count()}")
    print(f"memory                {psutil.Process().memory_info().rss / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
