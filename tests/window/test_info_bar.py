"""The bar above the picture: what it tells stays until somebody has chosen."""

from pathlib import Path

from PyQt6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.window.fake_session import FakeSession
from tests.window.windows import open_window
from video_labeler.settings_file import load_tolerantly
from video_labeler.window.application import window_memory
from video_labeler.window.messages.info_bar import Choice, InfoBar, Message


def test_messages_come_one_after_the_other(qtbot: QtBot) -> None:
    bar = InfoBar()
    qtbot.addWidget(bar)
    done: list[str] = []
    first = Message("one", (Choice("Look", lambda: done.append("looked"), closes=False), Choice("Close")))
    second = Message("two", busy=True)
    bar.tell(first)
    bar.tell(second)
    assert [button.text() for button in bar.buttons] == ["Look", "Close"]
    bar.buttons[0].click()
    assert done == ["looked"]
    assert bar.message is first
    bar.buttons[1].click()
    assert bar.message is second
    assert not bar.isHidden()
    third = Message("three", (Choice("Close"),))
    bar.replace(second, third)
    assert bar.message is third
    bar.buttons[0].click()
    assert bar.message is None
    assert bar.isHidden()
    bar.tell(first)
    bar.tell(second)
    bar.replace(second, third)
    bar.remove(third)
    bar.remove(first)
    assert bar.message is None


def test_a_window_tells_what_of_its_settings_it_did_not_understand_and_keeps_it(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    text = "# mine\n[kiosk]\nexit_pin = '2580'\nlien = 'x'\n[labels]\nhide = ['Person']\n"
    path.write_text(text)
    settings, problems = load_tolerantly(path)
    window = open_window(FakeSession(), tmp_path, settings=settings)
    qtbot.addWidget(window)
    window.report_settings([*problems, "a", "b", "c", "d"], path)
    message = window.parts.info_bar.message
    assert message is not None
    assert "settings.toml, line 4: 'lien' is not a setting of [kiosk]" in message.text
    assert "and 2 more" in message.text
    window._keeper.set_window(mirror=True)
    window._keeper.save()
    assert path.read_text() == f"{text}\n[window]\nmirror = true\n"
    assert (tmp_path / "settings.toml.bak-1").read_text() == text
    toast = window.parts.stage.toast.notice
    assert toast is not None
    assert toast.path == tmp_path / "settings.toml.bak-1"
    window._keeper.set_window(mirror=False)
    window._keeper.save()
    assert sorted(entry.name for entry in tmp_path.glob("*.bak*")) == ["settings.toml.bak-1"]


def test_of_a_damaged_memory_of_the_window_a_copy_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "settings.window.ini"
    path.write_bytes(b"[General]\nrecent=a.mp4, b.mp4\n[oops\n\xff\x00\x01=\x02\n")
    memory = window_memory(tmp_path / "settings.toml")
    memory.setValue("panel", "open")
    memory.sync()
    (copy,) = tmp_path.glob("*.bak-1")
    assert copy.read_bytes().startswith(b"[General]\nrecent=a.mp4, b.mp4\n[oops")
    assert QSettings(str(path), QSettings.Format.IniFormat).value("panel") == "open"
    window_memory(tmp_path / "settings.toml")
    assert len(list(tmp_path.glob("*.bak-*"))) == 1
