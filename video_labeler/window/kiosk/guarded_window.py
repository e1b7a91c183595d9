"""A window that fills its screen and stays there: of everything that visitors can press, only the exit keys end it."""

import logging
from pathlib import Path

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PyQt6.QtWidgets import QApplication, QWidget

from video_labeler.settings import KioskSettings
from video_labeler.window.kiosk import texts
from video_labeler.window.kiosk.exit_pad import ExitPad
from video_labeler.window.kiosk.screens import ScreenKeeper

_log = logging.getLogger(__name__)

CORNER_HOLD_MS = 5000
_CORNER_SHARE = 0.12
"""The corner to hold for ending the kiosk without a keyboard, as a share of the window's shorter side."""

_SHIFT = Qt.KeyboardModifier.ShiftModifier
# Qt calls a Mac's command key Control, and its control key Meta; there Command+Shift+Q would log the user out.
_CONTROLS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier

HIDDEN_AFTER_MS = 3000

_MOVES = (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.TabletMove)


class PointerHider(QObject):
    """Hides the pointer of a window while it rests."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(HIDDEN_AFTER_MS)
        self._timer.timeout.connect(self._hide)
        self._timer.start()
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        """Show the pointer when it moves."""
        if event is not None and event.type() in _MOVES:
            if self._window.cursor().shape() is Qt.CursorShape.BlankCursor:
                self._window.setCursor(Qt.CursorShape.ArrowCursor)
            self._timer.start()
        return False

    def _hide(self) -> None:
        self._window.setCursor(Qt.CursorShape.BlankCursor)


class GuardedWindow(QWidget):
    """Holds ``content`` on the chosen screen.

    ``exit_granted``: the exit keys were pressed, and the PIN typed if there is one. ``replay_wanted``: the keys
    that save a replay were pressed. Ctrl+Shift+Q and Ctrl+Shift+S; with a PIN, the top left corner held for
    five seconds opens the number pad, too.
    """

    exit_granted = pyqtSignal()
    replay_wanted = pyqtSignal()

    def __init__(self, settings: KioskSettings, content: QWidget, tries: Path | None = None) -> None:
        super().__init__(None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowTitle(texts.WINDOW)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.setMouseTracking(True)
        self._content = content
        content.setParent(self)
        self._may_close = False
        self._has_pin = bool(settings.exit_pin)
        self._pad = ExitPad(settings.exit_pin, tries, self)
        self._pad.granted.connect(self._grant)
        self._corner = QTimer(self)
        self._corner.setSingleShot(True)
        self._corner.setInterval(CORNER_HOLD_MS)
        self._corner.timeout.connect(self._pad.open)
        self._pointer = PointerHider(self)
        self._screens = ScreenKeeper(self, settings.screen)

    @property
    def pad_is_open(self) -> bool:
        """Whether the number pad is open."""
        return not self._pad.isHidden()

    def open(self) -> None:
        """Fill the screen."""
        self._screens.place()
        self.activateWindow()

    def end(self) -> None:
        """Close on behalf of the program."""
        self._may_close = True
        self.close()

    def _grant(self) -> None:
        _log.info("The exit keys were used")
        self.exit_granted.emit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Resize the content to the window."""
        super().resizeEvent(event)
        self._content.setGeometry(self.rect())
        self._pad.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Refuse to be closed from outside."""
        assert event is not None
        event.setAccepted(self._may_close)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Handle the exit keys, and nothing else."""
        assert event is not None
        event.accept()
        if event.isAutoRepeat():
            return
        if self.pad_is_open:
            self._pad.press(event.key(), event.text())
        elif _is_chord(event, Qt.Key.Key_Q):
            if self._has_pin:
                self._pad.open()
            else:
                self._grant()
        elif _is_chord(event, Qt.Key.Key_S):
            self.replay_wanted.emit()

    def keyReleaseEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Ignore it."""
        if event is not None:
            event.accept()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, N802 - Qt's names
        """Keep the keyboard focus."""
        return False

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Start counting if the corner is touched."""
        if event is not None:
            event.accept()
            if self._has_pin and self._is_in_corner(event):
                self._corner.start()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Stop counting if the corner is left."""
        if event is not None and not self._is_in_corner(event):
            self._corner.stop()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Stop counting."""
        self._corner.stop()

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:  # noqa: N802 - Qt's name
        """Show no menu."""
        if event is not None:
            event.accept()

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Return if the desktop's keys minimised or moved the window."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.WindowStateChange and not self._may_close:
            state = self.windowState()
            small = bool(state & Qt.WindowState.WindowMinimized)
            if small or (self.isVisible() and not state & Qt.WindowState.WindowFullScreen):
                QTimer.singleShot(0, self._return)

    def _return(self) -> None:
        if not self._may_close:
            self.setWindowState(Qt.WindowState.WindowFullScreen)
            self._screens.place()

    def _is_in_corner(self, event: QMouseEvent) -> bool:
        reach = _CORNER_SHARE * min(self.width(), self.height())
        return event.position().x() <= reach and event.position().y() <= reach


def _is_chord(event: QKeyEvent, key: Qt.Key) -> bool:
    modifiers = event.modifiers()
    return event.key() == key and bool(modifiers & _SHIFT) and bool(modifiers & _CONTROLS)
