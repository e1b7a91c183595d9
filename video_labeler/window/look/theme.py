"""Applies the window's colours: to Qt's palette and style sheet, following the system between light and dark."""

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import QApplication

from video_labeler.settings import Theme
from video_labeler.window.look.colours import DARK, LIGHT, Colours
from video_labeler.window.look.style_sheet import style_sheet


class ThemeFollower(QObject):
    """Applies the colours to the application, and again whenever the system changes between light and dark."""

    changed = pyqtSignal()

    def __init__(self, app: QApplication, choice: Theme = Theme.SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        app.setStyle("Fusion")
        hints = app.styleHints()
        assert hints is not None
        hints.colorSchemeChanged.connect(self._apply)
        self._apply()

    def choose(self, choice: Theme) -> None:
        """Follow the system, or stay light or dark."""
        if choice is not self._choice:
            self._choice = choice
            self._apply()

    def _apply(self) -> None:
        colours = _colours_for(self._choice)
        if colours is _shown[0] and self._app.styleSheet():
            return
        _shown[0] = colours
        self._app.setPalette(_palette(colours))
        self._app.setStyleSheet(style_sheet(colours))
        self.changed.emit()


_shown = [LIGHT]


def current_colours() -> Colours:
    """The current colours."""
    return _shown[0]


def _colours_for(choice: Theme) -> Colours:
    if choice is Theme.SYSTEM:
        hints = QApplication.styleHints()
        return DARK if hints is not None and hints.colorScheme() is Qt.ColorScheme.Dark else LIGHT
    return DARK if choice is Theme.DARK else LIGHT


def _palette(colours: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, colours.window),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.window),
        (role.Button, colours.raised),
        (role.WindowText, colours.text),
        (role.Text, colours.text),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.record),
        (role.PlaceholderText, colours.muted),
        (role.ToolTipBase, colours.raised),
        (role.ToolTipText, colours.text),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.Light, colours.raised),
        (role.Mid, colours.border),
        (role.Dark, colours.border),
        (role.Shadow, colours.border),
    ):
        palette.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(colours.muted))
    return palette
