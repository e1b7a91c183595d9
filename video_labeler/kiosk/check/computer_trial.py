"""Run as a program: checks the computer's disk, power and clock.

``python -m video_labeler.kiosk.check.computer_trial SETTINGS``
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import psutil

import video_labeler
from video_labeler.diagnosis import Finding, Health
from video_labeler.files.disk_quota import Kept, kept_files
from video_labeler.kiosk.check.finding_line import write_finding
from video_labeler.kiosk.check.subjects import CLOCK, DISK, POWER, STATE
from video_labeler.recording.folder import KIOSK_FOLDER, recordings_folder
from video_labeler.settings import KioskSettings, Settings
from video_labeler.settings_file import load_settings
from video_labeler.system.log_file import log_folder
from video_labeler.text.percent import percent

_LITTLE_BYTES = 500e6
_LATEST_YEAR = 2100


def try_disk(folder: Path, kiosk: KioskSettings) -> Finding:
    """Whether the recordings folder has enough free space, and is writable."""
    try:
        there = next(parent for parent in (folder, *folder.parents) if parent.exists())
        free = shutil.disk_usage(there).free
    except OSError as error:
        return Finding(DISK, Health.LIMITED, f"{folder} cannot be used ({error.strerror}).", "Choose another.")
    if not _writeable(there):
        return Finding(DISK, Health.LIMITED, f"{there} cannot be written to: nothing is recorded.", "Choose another.")
    room = f"{_gigabytes(free)} free for {folder}."
    if free < _LITTLE_BYTES:
        return Finding(DISK, Health.LIMITED, room, "Free some space.")
    quotas = {"record_quota_gb": kiosk.record_quota_gb * kiosk.record}
    quotas["picture_quota_gb"] = kiosk.picture_quota_gb * kiosk.keep_pictures
    quota = sum(quotas.values()) * 1e9
    if quota and free + _size(folder / KIOSK_FOLDER) < quota:
        lower = " or ".join(name for name, share in quotas.items() if share)
        advice = f"What is kept may take {_gigabytes(quota)}: free some space, or lower {lower}."
        return Finding(DISK, Health.LIMITED, room, advice)
    return Finding(DISK, Health.WORKS, room)


def try_state(folder: Path) -> Finding:
    """Whether the day's counts and the log can be saved."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return Finding(STATE, Health.LIMITED, f"{folder} cannot be created ({error.strerror}): none are kept.")
    if not _writeable(folder):
        return Finding(
            STATE, Health.LIMITED, f"{folder} cannot be written to: none are kept.", "Give permission to write."
        )
    return Finding(STATE, Health.WORKS, f"are kept in {folder}.")


def try_power() -> Finding:
    """Whether the computer is plugged in."""
    try:
        battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    except (psutil.Error, OSError, ValueError):
        # Containers and small kernels have no such folder, and some drivers report nonsense.
        return Finding(POWER, Health.WORKS, "unknown: this system does not report a battery.")
    if battery is None:
        return Finding(POWER, Health.WORKS, "from the mains (there is no battery).")
    left = percent(battery.percent / 100)
    if battery.power_plugged is False:
        return Finding(POWER, Health.LIMITED, f"on battery, {left} left.", "Plug in the power supply.")
    return Finding(POWER, Health.WORKS, f"plugged in, battery {left}.")


def try_clock(now: datetime, installed: date) -> Finding:
    """Whether the clock is plausible: the program cannot run before the day of its installation."""
    said = f"{now:%Y-%m-%d %H:%M}."
    if now.date() < installed or now.year > _LATEST_YEAR:
        return Finding(
            CLOCK, Health.LIMITED, f"{said} That cannot be right.", "Set it, or the day's counts get that date."
        )
    return Finding(CLOCK, Health.WORKS, said)


def _writeable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _size(folder: Path) -> int:
    """The size of what is kept already, which is deleted to make room."""
    return sum(path.stat().st_size for kept in Kept for paths in kept_files(folder, kept) for path in paths)


def _gigabytes(count: float) -> str:
    return f"{count / 1e9:,.1f} GB"


def _findings(settings: Settings) -> Iterator[Finding]:
    yield try_disk(recordings_folder(settings.window), settings.kiosk)
    yield try_state(log_folder())
    yield try_power()
    installed = datetime.fromtimestamp(Path(video_labeler.__file__).stat().st_mtime).astimezone()
    yield try_clock(datetime.now().astimezone(), installed.date())


if __name__ == "__main__":
    for each in _findings(load_settings(Path(sys.argv[1]))):
        write_finding(each)
