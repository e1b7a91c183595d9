"""The window's actions: texts, keys and icons in one table, and the menus made from it."""

from dataclasses import dataclass
from enum import Enum

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QMenuBar

from video_labeler.window import texts
from video_labeler.window.look.icons import icon


@dataclass(frozen=True, slots=True)
class _Spec:
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    picture_keys: tuple[str, ...] = ()
    """Keys that do the same unless the focused widget uses them itself."""


class Act(Enum):
    """The actions. Single letters are for what is done while watching the picture; text fields keep theirs."""

    OPEN_FILE = _Spec(texts.OPEN_FILE, ("Ctrl+O",), "file")
    OPEN_FOLDER = _Spec(texts.OPEN_FOLDER, ("Ctrl+Shift+O",), "folder")
    OPEN_ADDRESS = _Spec(texts.OPEN_ADDRESS, ("Ctrl+L",), "link")
    PLAY_DEMO = _Spec(texts.PLAY_DEMO, ("Ctrl+D",), "demo")
    CLOSE_SOURCE = _Spec(texts.CLOSE_SOURCE, ("Ctrl+W",))
    RECORD = _Spec(texts.RECORD, ("R",), "record", checkable=True)
    SNAPSHOT = _Spec(texts.SNAPSHOT, ("S",), "snapshot")
    SAVE_REPLAY = _Spec(texts.SAVE_REPLAY, ("H",), "replay")
    SHOW_RECORDINGS = _Spec(texts.SHOW_RECORDINGS, ("Ctrl+Shift+R",), "folder")
    PREFERENCES = _Spec(texts.PREFERENCES, ("Ctrl+,",), "settings")
    QUIT = _Spec(texts.QUIT, ("Ctrl+Q",))
    PLAY_PAUSE = _Spec(texts.PLAY_PAUSE, ("K",), "play", picture_keys=("Space",))
    STEP = _Spec(texts.STEP, (".",), "step")
    BACK = _Spec(texts.BACK, ("J",), "back")
    FORWARD = _Spec(texts.FORWARD, ("L",), "forward")
    SLOWER = _Spec(texts.SLOWER, ("[",))
    FASTER = _Spec(texts.FASTER, ("]",))
    PREVIOUS_SOURCE = _Spec(texts.PREVIOUS_SOURCE, ("<",), "previous")
    NEXT_SOURCE = _Spec(texts.NEXT_SOURCE, (">",), "next")
    FREEZE = _Spec(texts.FREEZE, ("Z",), "freeze", checkable=True)
    MIRROR = _Spec(texts.MIRROR, ("M",), "mirror", checkable=True)
    ROTATE = _Spec(texts.ROTATE, ("T",), "rotate")
    FIGURES = _Spec(texts.FIGURES, ("I",), checkable=True)
    SMOOTH = _Spec(texts.SMOOTH, ("O",), checkable=True)
    FULL_SCREEN = _Spec(texts.FULL_SCREEN, ("F", "F11"), "fullscreen", checkable=True)
    SIDE_PANEL = _Spec(texts.SIDE_PANEL, ("P", "F9"), "panel", checkable=True)
    CENTRE_CROP = _Spec(texts.CENTRE_CROP, ("C",), "crop", checkable=True)
    MORE_CONFIDENT = _Spec(texts.MORE_CONFIDENT, ("+", "="))
    LESS_CONFIDENT = _Spec(texts.LESS_CONFIDENT, ("-",))
    UNPIN = _Spec(texts.UNPIN, ("U",), "pin")
    GET_MODELS = _Spec(texts.GET_MODELS, ("Ctrl+G",), "download")
    NOTICES = _Spec(texts.NOTICES, ("N",), "bell")
    SHORTCUTS = _Spec(texts.SHORTCUTS, ("?", "F1"), "help")
    ABOUT = _Spec(texts.ABOUT, ("Shift+F1",), "info")
    ESCAPE = _Spec(texts.LEAVE_FULL_SCREEN, ("Esc",))


_MENUS: tuple[tuple[str, tuple[Act | None, ...]], ...] = (
    (
        texts.MENU_FILE,
        (
            Act.OPEN_FILE,
            Act.OPEN_FOLDER,
            Act.OPEN_ADDRESS,
            Act.PLAY_DEMO,
            Act.CLOSE_SOURCE,
            None,
            Act.RECORD,
            Act.SNAPSHOT,
            Act.SAVE_REPLAY,
            Act.SHOW_RECORDINGS,
            None,
            Act.PREFERENCES,
            Act.QUIT,
        ),
    ),
    (
        texts.MENU_PLAY,
        (
            Act.PLAY_PAUSE,
            Act.STEP,
            Act.BACK,
            Act.FORWARD,
            None,
            Act.SLOWER,
            Act.FASTER,
            None,
            Act.PREVIOUS_SOURCE,
            Act.NEXT_SOURCE,
        ),
    ),
    (
        texts.MENU_VIEW,
        (
            Act.FULL_SCREEN,
            Act.ESCAPE,
            Act.SIDE_PANEL,
            None,
            Act.FREEZE,
            Act.MIRROR,
            Act.ROTATE,
            None,
            Act.SMOOTH,
            Act.FIGURES,
        ),
    ),
    (
        texts.MENU_LABELS,
        (Act.CENTRE_CROP, Act.MORE_CONFIDENT, Act.LESS_CONFIDENT, Act.UNPIN, None, Act.GET_MODELS),
    ),
    (texts.MENU_HELP, (Act.NOTICES, Act.SHORTCUTS, Act.ABOUT)),
)

_ROLES = {
    Act.PREFERENCES: QAction.MenuRole.PreferencesRole,
    Act.QUIT: QAction.MenuRole.QuitRole,
    Act.ABOUT: QAction.MenuRole.AboutRole,
}
"""The menu roles on macOS."""

ONLY_FILES = (Act.PLAY_PAUSE, Act.STEP, Act.BACK, Act.FORWARD, Act.SLOWER, Act.FASTER)
ONLY_WITH_PICTURE = (Act.SNAPSHOT,)
ONLY_WITH_SOURCE = (Act.CLOSE_SOURCE,)


def make_actions(parent: QObject) -> dict[Act, QAction]:
    """The actions, not yet connected to anything."""
    return {act: _action(act, parent) for act in Act}


def _action(act: Act, parent: QObject) -> QAction:
    spec = act.value
    action = QAction(spec.text, parent)
    action.setShortcuts([QKeySequence(key) for key in spec.keys])
    action.setCheckable(spec.checkable)
    action.setMenuRole(_ROLES.get(act, QAction.MenuRole.NoRole))
    if spec.icon:
        action.setIcon(icon(spec.icon))
    action.setToolTip(tool_tip(act))
    return action


def key_of(act: Act) -> str:
    """The action's first key, in this system's notation."""
    return _as_written(act.value.keys[0])


def with_key(words: str, *acts: Act) -> str:
    """A button's text with the keys that do the same, for its tool tip."""
    return f"{words} ({', '.join(map(key_of, acts))})"


def menu_text(words: str, act: Act) -> str:
    """A menu's text with the key at its right; the key itself belongs to the action in the menu bar."""
    return f"{words}\t{key_of(act)}"


def tool_tip(act: Act) -> str:
    """What an action does, and its key."""
    return with_key(_plain(act.value.text), act)


def keys_by_menu() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """The text and keys of every action that has keys, by the title of its menu."""
    return {
        _plain(title): [(_plain(act.value.text), _all_keys(act)) for act in acts if act and act.value.keys]
        for title, acts in _MENUS
    }


def _plain(words: str) -> str:
    """A menu's text without its mnemonic and dots."""
    return words.replace("&", "").removesuffix("…")


def _all_keys(act: Act) -> tuple[str, ...]:
    return tuple(map(_as_written, (*act.value.picture_keys, *act.value.keys)))


def _as_written(key: str) -> str:
    """A key in this system's notation."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def fill_menu_bar(bar: QMenuBar, actions: dict[Act, QAction]) -> None:
    """Fill the menu bar with all actions."""
    for title, entries in _MENUS:
        menu = bar.addMenu(title)
        assert menu is not None
        for entry in entries:
            if entry is None:
                menu.addSeparator()
            else:
                menu.addAction(actions[entry])
                actions[entry].setIconVisibleInMenu(False)
