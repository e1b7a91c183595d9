"""How many cores and how much memory there are, as control groups limit them."""

import os
from pathlib import Path

import psutil
import pytest

from video_labeler.system import capacity


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a control group in one above it, which this process is told to be in."""
    own = tmp_path / "own"
    own.write_text("1:name=x:/other\n0::/above/below\n")
    below = tmp_path / "groups" / "above" / "below"
    below.mkdir(parents=True)
    monkeypatch.setattr(capacity, "_GROUPS", tmp_path / "groups")
    monkeypatch.setattr(capacity, "_OWN_GROUP", own)
    return below


def test_without_limits_it_is_what_the_computer_has(group: Path) -> None:
    (group / "memory.max").write_text("max\n")
    (group / "cpu.max").write_text("max 100000\n")
    assert 1 <= capacity.usable_cores() <= (os.cpu_count() or 1)
    assert capacity.free_memory_bytes() == pytest.approx(psutil.virtual_memory().available, rel=0.5)


def test_a_group_above_limits_what_is_below(group: Path) -> None:
    (group.parent / "memory.max").write_text("3000000\n")
    (group.parent / "memory.current").write_text("2500000\n")
    (group.parent / "memory.stat").write_text("anon 100\ninactive_file 400000\n")
    (group.parent / "cpu.max").write_text("50000 100000\n")
    assert capacity.free_memory_bytes() == 900_000
    assert capacity.usable_cores() == 1
    (group.parent / "memory.current").write_text("9000000\n")
    assert capacity.free_memory_bytes() == 0
