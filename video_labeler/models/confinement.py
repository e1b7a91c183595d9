"""Confines this process to what a model needs: no excessive memory, no writing of files, network or other programs.

For the child process that runs models of unknown makers. This is the second line of defence: the first is that only
operations that compute are allowed. What a system does not offer is skipped: Linux has all of it, other systems
less, and Windows nothing.
"""

import ctypes
import os
import platform
import signal
import struct
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass

_GRACE_S = 2.0
_FILES_AT_MOST = 256
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_VERSION, _LANDLOCK_BENEATH = 1, 1
_LANDLOCK_WRITE = 1 << 1
# Removing and creating files and folders of every kind; since version 2 moving them, since 3 truncating them.
_LANDLOCK_CHANGES = (_LANDLOCK_WRITE | sum(1 << bit for bit in range(4, 13)), 1 << 13, 1 << 14)


@dataclass(frozen=True, slots=True)
class _Machine:
    """The system call numbers of one processor architecture: those to refuse, and two that start processes."""

    audit: int
    refused: tuple[int, ...]
    clone: int
    foreign: int = 0


# In order: socket, connect, bind, listen, accept, accept4, execve, execveat, ptrace, process_vm_writev, kill, tkill,
# io_uring_setup, and where they exist fork and vfork.
_MACHINES = {
    "x86_64": _Machine(
        0xC000003E, (41, 42, 49, 50, 43, 288, 59, 322, 101, 311, 62, 200, 425, 57, 58), 56, foreign=0x40000000
    ),
    "aarch64": _Machine(0xC00000B7, (198, 203, 200, 201, 202, 242, 221, 281, 117, 271, 129, 130, 425), 220),
}
_CLONE3 = 435
_CLONE_THREAD = 0x10000
_ALLOW, _REFUSE, _UNKNOWN_CALL = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_CALL_AT, _MACHINE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16


def confine(memory: int) -> None:
    """Confine this process and all its later threads, for good; ``memory`` is its most bytes of address space."""
    # Libraries look for a temporary folder while they are imported, and test it by writing a file.
    tempfile.tempdir = os.sep
    _limit_resources(memory)
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            _keep_from_changing_files()
        with suppress(OSError, AttributeError):
            _keep_from_network_and_programs()


def limit_time(seconds: float, threads: int) -> None:
    """Let this process run for that many seconds with ``threads`` threads, before the system ends it.

    This ends a process that hangs or loops even when its parent is gone.
    """
    try:
        import resource
    except ImportError:  # Windows has none.
        return
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_S)
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = int(used.ru_utime + used.ru_stime + seconds * threads + _GRACE_S)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def lift_time_limit() -> None:
    """Let this process wait for any time."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0.0)


def _limit_resources(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has none.
        return
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _FILES_AT_MOST),
        (resource.RLIMIT_AS, memory),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _call(number: int, *arguments: object) -> int:
    library = ctypes.CDLL(None, use_errno=True)
    result = int(library.syscall(number, *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _control(*arguments: object) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(*arguments) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _keep_from_changing_files() -> None:
    """Forbid writing, creating, moving and removing files with Landlock, except for writing to /dev/null."""
    version = _call(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), _LANDLOCK_VERSION)
    handled = ctypes.create_string_buffer(struct.pack("=Q", sum(_LANDLOCK_CHANGES[:version])), 8)
    rules = _call(_LANDLOCK_CREATE, handled, ctypes.c_size_t(8), 0)
    sink = os.open(os.devnull, os.O_RDONLY)
    try:
        beneath = ctypes.create_string_buffer(struct.pack("=Qi", _LANDLOCK_WRITE, sink), 12)
        _call(_LANDLOCK_ADD, rules, _LANDLOCK_BENEATH, beneath, 0)
        _control(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        _call(_LANDLOCK_RESTRICT, rules, 0)
    finally:
        os.close(sink)
        os.close(rules)


def _keep_from_network_and_programs() -> None:
    """Forbid connections, other programs and access to other processes with a system call filter."""
    machine = _MACHINES.get(platform.machine())
    # A 32-bit program makes other calls, whatever the machine.
    if machine is None or sys.maxsize < 1 << 32:
        return
    program = _filter(machine)
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in program))
    described = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(code)))
    _control(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    _control(_SECCOMP, _FILTER, described)


def _filter(machine: _Machine) -> list[tuple[int, int, int, int]]:
    """The instructions of the filter: operation, jumps if true and if false, and operand."""
    steps = [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_EQUAL, 1, 0, machine.audit),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _CALL_AT),
    ]
    if machine.foreign:
        steps += [(_AT_LEAST, 0, 1, machine.foreign), (_RETURN, 0, 0, _REFUSE)]
    for number in machine.refused:
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    # The C library then uses clone, whose flags a filter can see: threads are allowed, processes are not.
    steps += [(_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _UNKNOWN_CALL)]
    steps += [
        (_EQUAL, 0, 3, machine.clone),
        (_LOAD, 0, 0, _FIRST_ARGUMENT_AT),
        (_ANY_BIT, 1, 0, _CLONE_THREAD),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return steps
