import os
import stat
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from video_labeler import stored_pin
from video_labeler.commands.kiosk import command
from video_labeler.errors import SettingsError
from video_labeler.kiosk.exit_pin import TRIES_NAME, ExitPin
from video_labeler.settings import KioskSettings
from video_labeler.settings_file import load_settings


def test_five_wrong_tries_lock_it_for_half_a_minute_and_then_there_are_five_more() -> None:
    now_s = 100.0
    pin = ExitPin("2580", clock=lambda: now_s)
    for _ in range(2):
        assert not any(pin.fits(typed) for typed in ("1", "", "2", "3", "258"))
        assert pin.locked_s == 0, "nothing typed is no try"
        assert not pin.fits("25800")
        assert pin.locked_s == 30
        assert not pin.fits("2580")
        now_s += 29.5
        assert not pin.fits("2580")
        now_s += 0.5
        assert pin.locked_s == 0
    assert pin.fits("2580")


def test_the_right_one_forgets_the_wrong_ones() -> None:
    pin = ExitPin("2580")
    for _ in range(3):
        assert not any(pin.fits(typed) for typed in ("1", "2", "3", "4"))
        assert pin.fits("2580")


def test_a_restart_gives_no_new_tries(tmp_path: Path) -> None:
    notes = tmp_path / "kiosk" / TRIES_NAME
    for typed in ("1", "2", "3", "4"):
        assert not ExitPin("2580", notes=notes).fits(typed)
    assert not ExitPin("2580", notes=notes).fits("5")
    again = ExitPin("2580", notes=notes)
    assert 25 < again.locked_s <= 30
    assert not again.fits("2580")
    assert stat.S_IMODE(notes.stat().st_mode) == 0o600 or os.name == "nt"
    for _ in range(2):
        later = ExitPin("2580", notes=notes, wall_clock=lambda: time.time() + 31)
        assert later.locked_s == 0
        assert later.fits("2580")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        "[" * 900,
        '{"wrong": "x", "locked_until": 1}',
        '{"wrong": NaN, "locked_until": NaN}',
        "\0" * 10**6,
    ],
)
def test_notes_that_cannot_be_read_lock_nobody_out(tmp_path: Path, content: str) -> None:
    notes = tmp_path / TRIES_NAME
    notes.write_text(content)
    assert ExitPin("2580", notes=notes).fits("2580")


def test_a_clock_that_was_set_locks_for_no_longer_than_a_lock(tmp_path: Path) -> None:
    notes = tmp_path / TRIES_NAME
    notes.write_text('{"wrong": 0, "locked_until": 1e300}')
    assert ExitPin("2580", notes=notes).locked_s <= 30


def test_a_pin_is_stored_as_a_hash_that_does_not_tell_it() -> None:
    first, second = stored_pin.hashed("2580"), stored_pin.hashed("2580")
    assert first != second
    for stored in (first, second):
        assert KioskSettings(exit_pin=stored).exit_pin == stored
        pin = ExitPin(stored)
        assert not pin.fits("2581")
        assert not pin.fits(stored)
        assert pin.fits("2580")
    assert ExitPin("2580").fits("2580"), "digits written by hand are taken, too"


@pytest.mark.parametrize("text", ["scrypt", "scrypt:30:" + "A" * 22 + ":" + "A" * 43, "scrypt:15:a:b", "१२३", "1" * 13])
def test_what_is_neither_a_pin_nor_its_hash_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="up to 12 digits"):
        KioskSettings(exit_pin=text)


def test_the_command_keeps_the_hash_and_all_else_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "booth.toml"
    path.write_text("# mine\n[kiosk]\nexit_pin = '1111' # old\nidle_s = 20\n")
    done = CliRunner().invoke(command, ["--settings", str(path), "--set-pin"], input="2580\n2580\n")
    assert done.exit_code == 0, done.output
    assert "2580" not in done.output
    text = path.read_text()
    assert text.startswith("# mine\n[kiosk]\n")
    assert "idle_s = 20" in text
    assert "1111" not in text
    assert ExitPin(load_settings(path).kiosk.exit_pin).fits("2580")
    with pytest.raises(SettingsError, match="up to 12 digits"):
        CliRunner().invoke(
            command,
            ["--settings", str(path), "--set-pin"],
            input="ab\nab\n",
            standalone_mode=False,
            catch_exceptions=False,
        )
