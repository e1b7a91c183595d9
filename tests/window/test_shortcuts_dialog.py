"""The list of keyboard shortcuts."""

from PyQt6.QtWidgets import QBoxLayout, QLabel
from pytestqt.qtbot import QtBot

from tests.window.panel_views import keep
from video_labeler.window.actions import keys_by_menu
from video_labeler.window.main.shortcuts_dialog import ShortcutsDialog


def test_every_action_with_keys_is_listed_under_its_menu(qtbot: QtBot) -> None:
    groups = {
        "File": [("Open file", ("Ctrl+O",)), ("Salt & pepper", ("R", "F5"))],
        "Help": [("Keyboard shortcuts", ("?",))],
        "Empty": [],
    }
    dialog = ShortcutsDialog(groups)
    keep(qtbot, dialog)
    dialog.show()
    assert dialog.lines == [
        ("Open file", ("Ctrl+O",)),
        ("Salt & pepper", ("R", "F5")),
        ("Keyboard shortcuts", ("?",)),
    ]
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert "File" in words
    assert "Empty" not in words


def test_the_space_bar_is_listed_where_the_picture_takes_it() -> None:
    assert ("Play or pause", ("Space", "K")) in keys_by_menu()["Playback"]


def test_it_fits_a_small_screen_and_an_empty_list_is_not_an_error(qtbot: QtBot) -> None:
    many = {f"Menu {i}": [(f"Action {j}", (f"Ctrl+{j}",)) for j in range(9)] for i in range(8)}
    for groups in (many, {}):
        dialog = ShortcutsDialog(groups)
        keep(qtbot, dialog)
        assert dialog.height() <= 650
        assert dialog.width() <= 790


def test_nothing_is_beside_the_screen_on_a_narrow_one(qtbot: QtBot) -> None:
    long = {f"Menu {i}": [(f"An action with rather many words {j}", ("Ctrl+Shift+F1",)) for j in range(9)]
            for i in range(4)}  # fmt: skip
    dialog = ShortcutsDialog(long)
    keep(qtbot, dialog)
    dialog.resize(464, 320)
    dialog.show()
    room = dialog._scroll.viewport()
    content = dialog._scroll.widget()
    assert room is not None
    assert content is not None
    qtbot.waitUntil(lambda: content.width() <= room.width())
    right = max(label.mapTo(content, label.rect().topRight()).x() for label in content.findChildren(QLabel))
    assert right <= room.width()
    dialog.resize(900, 500)
    qtbot.waitUntil(lambda: dialog._columns.direction() is QBoxLayout.Direction.LeftToRight)
