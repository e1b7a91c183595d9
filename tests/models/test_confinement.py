"""What a confined process cannot do, tried in processes that try it."""

import subprocess
import sys
from pathlib import Path

import pytest

from video_labeler.models import confinement
from video_labeler.system.python_child import python_environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems confine less")

_TRY = """
import os, resource, socket, subprocess, sys, threading
from video_labeler.models.confinement import confine, lift_time_limit, limit_time
folder = sys.argv[1]
confine(2 * 1024**3)
{action}
print("done")
"""

REFUSED = {
    "connections": "socket.create_connection(('127.0.0.1', 9))",
    "servers": "socket.socket()",
    "local servers": "socket.socket(socket.AF_UNIX)",
    "datagrams": "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
    "programs": "subprocess.run(['true'])",
    "program": "os.execv('/bin/true', ['true'])",
    "copies of itself": "os.fork()",
    "new files": "open(folder + '/new', 'w')",
    "writing": "open(folder + '/old', 'a').write('more')",
    "cutting": "os.truncate(folder + '/old', 0)",
    "removing": "os.remove(folder + '/old')",
    "moving": "os.rename(folder + '/old', folder + '/new')",
    "links": "os.symlink('old', folder + '/new')",
    "folders": "os.mkdir(folder + '/new')",
    "other processes": "os.kill(os.getppid(), 0)",
    "much memory": "bytearray(3 * 1024**3)",
    "more memory": "resource.setrlimit(resource.RLIMIT_AS, (2**40, 2**40)) if os.getuid() else bytearray(2**40)",
    "long waiting": "limit_time(0.2, 1)\nthreading.Event().wait()",
    "long computing": "limit_time(0.2, 1)\nwhile True: pass",
}
ALLOWED = {
    "waiting for more": "limit_time(0.1, 1); lift_time_limit(); threading.Event().wait(3)",
    "threads": "t = threading.Thread(target=print); t.start(); t.join()",
    "reading": "assert open(folder + '/old').read() == 'old'",
    "throwing away": "open(os.devnull, 'w').write('x')",
    "some memory": "bytearray(500 * 1024**2)",
    "numbers": "import numpy; assert numpy.ones((300, 300)).dot(numpy.ones((300, 300))).sum() > 0",
}


def _answer(machine: confinement._Machine, audit: int, number: int, first_argument: int) -> int:
    """What the filter of system calls says, step by step as the kernel reads it."""
    data = {
        confinement._CALL_AT: number,
        confinement._MACHINE_AT: audit,
        confinement._FIRST_ARGUMENT_AT: first_argument,
    }
    steps, at, loaded = confinement._filter(machine), 0, 0
    tests = {
        confinement._EQUAL: lambda value: loaded == value,
        confinement._AT_LEAST: lambda value: loaded >= value,
        confinement._ANY_BIT: lambda value: loaded & value,
    }
    while True:
        code, skipped_if, skipped_else, value = steps[at]
        at += 1
        if code == confinement._RETURN:
            return value
        if code == confinement._LOAD:
            loaded = data[value]
        else:
            at += skipped_if if tests[code](value) else skipped_else


@pytest.mark.parametrize("name", list(confinement._MACHINES))
def test_no_call_passes_under_another_number(name: str) -> None:
    machine, thread = confinement._MACHINES[name], confinement._CLONE_THREAD
    refuse, allow = confinement._REFUSE, confinement._ALLOW
    assert _answer(machine, machine.audit, 0, 0) == allow
    assert {_answer(machine, machine.audit, number, 0) for number in machine.refused} == {refuse}
    assert _answer(machine, machine.audit ^ 1, 0, 0) == refuse, "a program of another kind"
    assert _answer(machine, machine.audit, confinement._CLONE3, thread) == confinement._UNKNOWN_CALL
    assert _answer(machine, machine.audit, machine.clone, 0) == refuse
    assert _answer(machine, machine.audit, machine.clone, thread | 1) == allow
    if machine.foreign:
        assert _answer(machine, machine.audit, machine.foreign | machine.refused[0], 0) == refuse


def _tried(action: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "old").write_text("old")
    return subprocess.run(
        [sys.executable, "-P", "-c", _TRY.format(action=action), str(folder)],
        env=python_environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("kind", list(REFUSED))
def test_what_a_model_never_needs_is_refused(kind: str, tmp_path: Path) -> None:
    done = _tried(REFUSED[kind], tmp_path)
    assert "done" not in done.stdout
    assert done.returncode != 0
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("old", "old")]


@pytest.mark.parametrize("kind", list(ALLOWED))
def test_what_it_needs_is_allowed(kind: str, tmp_path: Path) -> None:
    done = _tried(ALLOWED[kind], tmp_path)
    assert "done" in done.stdout, done.stderr
