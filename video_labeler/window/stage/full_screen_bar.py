"""The controls in full screen, which appear with the pointer or a key, and hide again by themselves."""

from PyQt6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PyQt6.QtGui import QAction, QCursor
from PyQt6.QtWidgets import QApplication, QFrame, QHBoxLayout, QMenu, QMenuBar, QToolButton

from video_labeler.window import texts
from video_labeler.window.actions import Act, with_key
from video_labeler.window.controls.playback_bar import PlaybackBar
from video_labeler.window.look.icons import icon
from video_labeler.window.plain_text import PlainLabel
from video_labeler.window.stage.stage import Stage

_SHOWN_MS = 3000
_SHOWN_WITH_FOCUS_MS = 10_000
"""Longer, since keyboard users look for the next control in the meantime."""

_STIR = 3
"""In pixels: a smaller movement of the pointer is a vibration."""


class FullScreenBar(QFrame):
    """Menu, position, pause and exit, over the lower edge of ``stage``; from :meth:`begin` to :meth:`end`.

    The pointer is hidden over the picture while the bar is hidden.
    """

    def __init__(self, stage: Stage, menu_bar: QMenuBar, leave: QAction) -> None:
        super().__init__(stage)
        self.setObjectName("fullScreenBar")
        self.setAccessibleName(texts.FULL_SCREEN_CONTROLS)
        self._stage = stage
        self._menu_bar = menu_bar
        self._playback: PlaybackBar | None = None
        self._is_on = False
        self._pointer = QPoint()
        self._menu = QMenu(self)
        self.menu_button = _button("menu", texts.MENU)
        self.menu_button.setToolTip(texts.MENU)
        self.menu_button.setMenu(self._menu)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.pause_button = _button("freeze", texts.FREEZE.replace("&", ""))
        self.pause_button.setCheckable(True)
        self.pause_button.setToolTip(with_key(texts.FREEZE.replace("&", ""), Act.FREEZE))
        self.leave_button = _button("windowed", texts.LEAVE_FULL_SCREEN)
        self.leave_button.setToolTip(with_key(texts.LEAVE_FULL_SCREEN, Act.ESCAPE))
        self.leave_button.clicked.connect(leave.trigger)
        self._name = PlainLabel()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 4, 8, 4)
        self._row.setSpacing(6)
        for part in (self.menu_button, self.pause_button, self._name, self.leave_button):
            self._row.addWidget(part, int(part is self._name))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._rest)
        self.hide()

    def begin(self, playback: PlaybackBar) -> None:
        """Appear with the ``playback`` controls, and from now on whenever the pointer moves or a key is pressed."""
        self._is_on = True
        self._playback = playback
        self._menu.clear()
        self._menu.addActions(self._menu_bar.actions())
        self._row.insertWidget(2, playback, 1000)
        self._pointer = QCursor.pos()
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)
        self.wake()

    def end(self) -> None:
        """Hide for good."""
        self._is_on = False
        application = QApplication.instance()
        assert application is not None
        application.removeEventFilter(self)
        self._timer.stop()
        self.hide()
        self._stage.video.unsetCursor()

    def show_state(self, name: str, *, frozen: bool) -> None:
        """Show the source's name if no position is shown."""
        self.pause_button.setChecked(frozen)
        is_played = self._is_on and self._playback is not None and self._playback.is_played
        self._name.setVisible(not is_played)
        self.pause_button.setVisible(not is_played)
        self._name.setText(name)

    def wake(self) -> None:
        """Show the bar for a while."""
        if not self._is_on:
            return
        if self.isHidden():
            self.show()
            self.raise_()
            self._stage.video.unsetCursor()
        self._timer.start(_SHOWN_WITH_FOCUS_MS if self._has_focus else _SHOWN_MS)

    @property
    def _has_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    @property
    def _is_pointed_at(self) -> bool:
        return self.rect().contains(self.mapFromGlobal(QCursor.pos()))

    def _rest(self) -> None:
        is_dragged = self._playback is not None and self._playback.position.isSliderDown()
        if is_dragged or self._is_pointed_at or QApplication.activePopupWidget() is not None:
            self._timer.start(_SHOWN_MS)
            return
        if self._has_focus:
            self._stage.focus_picture()
        self.hide()
        self._stage.video.setCursor(Qt.CursorShape.BlankCursor)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        """Appear when the pointer moves or a key is pressed."""
        if event is not None and event.type() == QEvent.Type.KeyPress:
            self.wake()
        elif event is not None and event.type() in (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress):
            now = QCursor.pos()
            # Qt also reports moves when a widget appears or disappears under a resting pointer.
            if (now - self._pointer).manhattanLength() > _STIR or event.type() == QEvent.Type.MouseButtonPress:
                self._pointer = now
                self.wake()
        return False


def _button(icon_name: str, words: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(icon_name))
    button.setAccessibleName(words)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
