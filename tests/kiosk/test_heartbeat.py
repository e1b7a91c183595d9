"""The kiosk's signs of life: through real pipes, with a supervisor that listens, is slow, or has gone."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from video_labeler.kiosk.heartbeat import Beat, Leave, Message, Pulse, Ready, parse
from video_labeler.kiosk.scene import Scene
from video_labeler.kiosk.tally import Tally

LABELS = {"Kaffeetasse ☕": 2, "damaged \ud800": 1}
TALLY = Tally(captured=30, shown=29, dropped={"late": 1}, labels=LABELS, scenes={"live": 1.0})


class Pipes:
    """Both pipes between a kiosk and its supervisor."""

    def __init__(self) -> None:
        self._heard, self._out = _pipe()
        self._incoming, self.input = _pipe()
        self.pulse = Pulse(self._out, self._incoming)

    def lines(self, count: int) -> list[Message | None]:
        return [parse(self._heard.readline()) for _ in range(count)]

    def close(self) -> None:
        self.input.close()
        self._heard.close()
        # What is written to nobody ends the writing thread.
        deadline = time.monotonic() + 5
        while any(thread.name == "heartbeat" for thread in threading.enumerate()) and time.monotonic() < deadline:
            self.pulse.beat(Scene.LIVE, Tally())
            time.sleep(0.01)
        with suppress(BrokenPipeError):
            self._out.close()
        self._incoming.close()


def _pipe() -> tuple[IO[bytes], IO[bytes]]:
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb"), os.fdopen(writing, "wb")


@pytest.fixture
def pipes() -> Iterator[Pipes]:
    both = Pipes()
    yield both
    both.close()


def test_what_the_kiosk_says_arrives(pipes: Pipes) -> None:
    pipes.pulse.ready()
    assert pipes.lines(1) == [Ready()]
    pipes.pulse.beat(Scene.ATTRACT, TALLY)
    (beat,) = pipes.lines(1)
    assert isinstance(beat, Beat)
    assert (beat.scene, beat.tally) == ("attract", TALLY)
    assert 10 < beat.memory_mb < 100_000
    pipes.pulse.leave()
    assert pipes.lines(1) == [Leave()]


def test_a_system_that_does_not_tell_of_memory_stops_no_heartbeat(
    pipes: Pipes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise psutil.NoSuchProcess(1)

    monkeypatch.setattr("psutil.Process", fails)
    pipes.pulse.beat(Scene.LIVE, TALLY)
    (beat,) = pipes.lines(1)
    assert isinstance(beat, Beat)
    assert beat.memory_mb == 0


def test_the_last_counts_come_before_the_leave_taking(pipes: Pipes) -> None:
    pipes.pulse.beat(Scene.LIVE, TALLY)
    pipes.pulse.leave()
    beat, leave = pipes.lines(2)
    assert isinstance(beat, Beat)
    assert leave == Leave()


def test_a_supervisor_that_does_not_read_stops_nothing_and_loses_nothing(pipes: Pipes) -> None:
    beats = 2000
    longest_s = 0.0
    for number in range(beats):
        began_s = time.monotonic()
        pipes.pulse.beat(Scene.LIVE, Tally(captured=1, labels={"Bottle" * 40: 1}))
        longest_s = max(longest_s, time.monotonic() - began_s)
        if number % 20 == 0:
            # Time for the thread to write single beats, until the pipe is full.
            time.sleep(0.001)
    assert longest_s < 1
    total = Tally()
    while total.captured < beats:
        (beat,) = pipes.lines(1)
        assert isinstance(beat, Beat)
        total += beat.tally
    assert total.labels == {"Bottle" * 40: beats}


def test_a_supervisor_that_has_gone_is_not_a_failure_of_the_kiosk() -> None:
    pipes = Pipes()
    pipes.close()
    pipes.pulse.ready()
    pipes.pulse.beat(Scene.LIVE, TALLY)
    began_s = time.monotonic()
    pipes.pulse.leave()
    assert time.monotonic() - began_s < 5


def test_the_supervisors_end_is_noticed(pipes: Pipes) -> None:
    orphaned = threading.Event()
    pipes.pulse.on_orphaned(orphaned.set)
    pipes.input.write(b"anything")
    pipes.input.flush()
    assert not orphaned.wait(0.1)
    pipes.input.close()
    assert orphaned.wait(5)


def test_a_kiosk_without_supervisor_has_a_pulse_as_well() -> None:
    pulse = Pulse()
    pulse.on_orphaned(lambda: pytest.fail("nobody has gone"))
    pulse.ready()
    pulse.beat(Scene.WAIT, TALLY)
    pulse.leave()


PRINTS = """
import os, sys
from video_labeler.kiosk.heartbeat import Pulse
pulse = Pulse.of_process()
print("from Python", flush=True)
os.write(1, b"from a library\\n")
os.system("echo from a program")
pulse.ready()
pulse.leave()
"""


def test_nothing_else_comes_through_the_pulses_pipe() -> None:
    done = subprocess.run([sys.executable, "-c", PRINTS], capture_output=True, timeout=60, check=True)
    assert [parse(line) for line in done.stdout.splitlines()] == [Ready(), Leave()]
    assert done.stderr.splitlines() == [b"from Python", b"from a library", b"from a program"]


ORPHAN = """
import sys, threading
from video_labeler.kiosk.heartbeat import Pulse
end = threading.Event()
Pulse.of_process().on_orphaned(end.set)
print("orphaned" if end.wait(0.5) else "left alone", file=sys.stderr)
"""


@pytest.mark.parametrize(("stdin", "said"), [(subprocess.DEVNULL, "left alone"), (subprocess.PIPE, "orphaned")])
def test_only_a_pipe_tells_of_a_supervisors_end(stdin: int, said: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", ORPHAN], stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.communicate(timeout=60)[1].strip() == said


def _beat(**changes: Any) -> bytes:
    content = {"kind": "beat", "scene": "live", "memory_mb": 10, "tally": Tally().to_json()}
    return json.dumps({**content, **changes}).encode()


def test_a_beat_that_leaves_counts_out_has_none() -> None:
    assert parse(_beat(tally={})) == Beat("live", 10.0, Tally())


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b"3",
        b"null",
        b'{"kind": "else"}',
        b"[" * 100_000,
        _beat(tally={"captured": "many"}),
        _beat(tally={"captured": -1}),
        _beat(tally={"labels": {"Mug": "x"}}),
        _beat(tally={"scenes": {"live": float("nan")}}),
        _beat(tally={"latencies": [1]}),
        _beat(tally={"captured": 10**400}),
        _beat(memory_mb="inf"),
        _beat(memory_mb=None),
        _beat()[:-5],
    ],
)
def test_damaged_lines_are_not_messages(line: bytes) -> None:
    assert parse(line) is None


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_no_line_breaks_the_supervisor(line: bytes) -> None:
    parse(line)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(Tally().to_json())), JSON))
def test_no_counts_break_the_supervisor(tally: dict[str, Any]) -> None:
    message = parse(_beat(tally=tally))
    if isinstance(message, Beat):
        assert parse(_beat(tally=(message.tally + message.tally).to_json())) is not None
