"""The list of keyboard shortcuts."""

from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.window.panel_views import keep
from video_labeler.window.shortcuts_dialog import ShortcutsDialog


def action(words: str, *keys: str) -> QAction:
    result = QAction(words)
    result.setShortcuts([QKeySequence(key) for key in keys])
    return result


def test_every_action_with_keys_is_listed_under_its_menu(qtbot: QtBot) -> None:
    groups = {
        "&File": [action("&Open file…", "Ctrl+O"), action("Salt && pepper", "R", "F5"), action("No keys")],
        "&Help": [action("Keyboard shortcuts", "?")],
        "Empty": [action("Nothing")],
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


def test_it_fits_a_small_screen_and_an_empty_list_is_no_error(qtbot: QtBot) -> None:
    many = {f"Menu {i}": [action(f"Action {j}", f"Ctrl+{j}") for j in range(9)] for i in range(8)}
    for groups in (many, {}):
        dialog = ShortcutsDialog(groups)
        keep(qtbot, dialog)
        assert dialog.height() <= 590
        assert dialog.width() <= 790
