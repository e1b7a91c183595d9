"""Whatever has a key says so where the pointer rests on it, from the one table of actions."""

from pathlib import Path

from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QPushButton, QToolBar, QWidget
from pytestqt.qtbot import QtBot

from tests.window.fake_session import FakeSession, running_view
from tests.window.windows import open_window
from video_labeler.window import texts
from video_labeler.window.actions import Act
from video_labeler.window.main.main_window import MainWindow


def _keyed(window: MainWindow) -> dict[QWidget, tuple[Act, ...]]:
    """The controls, beside the tool bar's own, that do what a key does."""
    parts = window.parts
    bar, panel = parts.playback_bar, parts.panel
    start = {button.text(): button for button in parts.stage.start.findChildren(QPushButton)}
    return {
        bar.play_button: (Act.PLAY_PAUSE,),
        bar.step_button: (Act.STEP,),
        bar.position: (Act.BACK, Act.FORWARD),
        bar.speed_button: (Act.SLOWER, Act.FASTER),
        bar.previous_button: (Act.PREVIOUS_SOURCE,),
        bar.next_button: (Act.NEXT_SOURCE,),
        parts.record_button.button: (Act.RECORD,),
        parts.basic_line._get: (Act.GET_MODELS,),
        parts.stage.frozen_mark: (Act.FREEZE,),
        parts.stage.filter_mark: (Act.PREFERENCES,),
        panel.predictions._unpin: (Act.UNPIN,),
        panel.labeling.sliders.threshold._slider: (Act.MORE_CONFIDENT, Act.LESS_CONFIDENT),
        start[texts.START_OPEN_FILE]: (Act.OPEN_FILE,),
        start[texts.START_DEMO]: (Act.PLAY_DEMO,),
        start[texts.START_OPEN]: (Act.OPEN_ADDRESS,),
    }


def test_every_control_with_a_key_says_it(qtbot: QtBot, tmp_path: Path) -> None:
    session = FakeSession(view=running_view(playing=True, unknown_labels=("Persn",)))
    window = open_window(session, tmp_path)
    window.show()
    qtbot.waitUntil(window.parts.stage.filter_mark.isVisible)
    table = {act: QKeySequence(act.value.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) for act in Act}
    silent = [f"{act.name} in the menu" for act, action in window.actions_by_name.items()
              if f"({table[act]})" not in action.toolTip()]  # fmt: skip
    mine = window.actions_by_name.values()
    shown = [action for bar in window.findChildren(QToolBar) for action in bar.actions() if action in mine]
    assert len(shown) > 5
    silent += [action.text() for action in shown if "(" not in action.toolTip()]
    for control, acts in _keyed(window).items():
        keys = ", ".join(table[act] for act in acts)
        if f"({keys})" not in control.toolTip():
            silent.append(f"{control.accessibleName() or type(control).__name__}: {control.toolTip()!r}")
    picker = window.parts.source_picker.menu().actions()
    silent += [
        f"{act.name} in the picker"
        for act in (Act.OPEN_FILE, Act.OPEN_FOLDER, Act.OPEN_ADDRESS, Act.PLAY_DEMO)
        if not any(action.text().endswith(f"\t{table[act]}") for action in picker)
    ]
    window.close()
    window.deleteLater()
    assert silent == []


def test_tips_follow_the_state(qtbot: QtBot, tmp_path: Path) -> None:
    session = FakeSession(view=running_view(playing=True, recording=True))
    window = open_window(session, tmp_path)
    window.show()
    bar, record = window.parts.playback_bar, window.parts.record_button.button
    qtbot.waitUntil(lambda: bar.play_button.toolTip() == "Pause (K)")
    qtbot.waitUntil(lambda: "(R)" in record.toolTip() and "Video.mp4" in record.toolTip())
    window.close()
    window.deleteLater()
