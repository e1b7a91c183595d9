"""How many processor cores and how much memory this process may still use, also in a container."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

_GROUPS = Path("/sys/fs/cgroup")
_OWN_GROUP = Path("/proc/self/cgroup")


def usable_cores() -> int:
    """The cores that this process may use: at most those of its affinity and its control group, at least one."""
    count = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        with suppress(OSError):
            count = len(os.sched_getaffinity(0))
    for group in _own_groups():
        quota, _, period = _text(group / "cpu.max").partition(" ")
        if quota.isdecimal() and period.isdecimal() and int(period):
            count = min(count, int(quota) // int(period))
    return max(1, count)


def free_memory_bytes() -> int:
    """What can be allocated without swapping, in the computer and in the control groups of this process."""
    free = int(psutil.virtual_memory().available)
    for group in _own_groups():
        most, used = _text(group / "memory.max"), _text(group / "memory.current")
        if most.isdecimal() and used.isdecimal():
            free = min(free, int(most) - int(used) + _reclaimable(_text(group / "memory.stat")))
    return max(0, free)


def _own_groups() -> Iterator[Path]:
    """The folders of this process's control groups (version 2), from its own one up."""
    for line in _text(_OWN_GROUP).splitlines():
        if line.startswith("0::/"):
            group = _GROUPS / line[4:]
            yield group
            yield from (above for above in group.parents if above == _GROUPS or _GROUPS in above.parents)


def _reclaimable(statistics: str) -> int:
    """Cached files that nothing has used lately, which count as used."""
    for line in statistics.splitlines():
        name, _, value = line.partition(" ")
        if name == "inactive_file" and value.isdecimal():
            return int(value)
    return 0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
