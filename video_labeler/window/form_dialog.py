"""A dialog that is filled in, and that loses nothing by a key."""

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QGuiApplication, QKeyEvent
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QWidget

_FRAME = QSize(16, 48)
"""What a window manager puts around a window."""

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FormDialog(QDialog):
    """Enter presses its main button from every field, and on a button that button.

    Qt by itself makes each button that had the focus the one that Enter presses, so that Enter in a field would cancel
    once Tab has passed Cancel.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._main_button: QPushButton | None = None
        self._box: QDialogButtonBox | None = None

    def add_buttons(self, box: QDialogButtonBox, main: str) -> QPushButton:
        """Add the main button to ``box``, with these words, and let Enter press it."""
        button = box.addButton(main, QDialogButtonBox.ButtonRole.AcceptRole)
        assert button is not None
        for other in box.buttons():
            if isinstance(other, QPushButton):
                other.setAutoDefault(False)
        button.setDefault(True)
        button.setProperty("primary", True)
        self._main_button, self._box = button, box
        return button

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, N802 - Qt's names
        """Let Tab reach the box's first button: Qt lets it stand in for the box, and leaves it out therefore."""
        if self._box is not None:
            self._box.setFocusProxy(None)
        return super().focusNextPrevChild(next)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Press the button that has the focus, or the main one, for Enter."""
        if event is None or event.key() not in _ENTER or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        focused = self.focusWidget()
        button = focused if isinstance(focused, QPushButton) else self._main_button
        if button is not None:
            button.click()


def resize_on_screen(window: QWidget, size: QSize) -> None:
    """Give a window that size, or what of it its screen has room for."""
    parent = window.parentWidget()
    screen = parent.screen() if parent is not None else QGuiApplication.primaryScreen()
    window.resize(size if screen is None else size.boundedTo(screen.availableSize() - _FRAME))


def fit_text(dialog: QWidget, width: int = 440) -> None:
    """Make a dialog of wrapped words as high as they need: Qt by itself stops at two thirds of the screen."""
    layout = dialog.layout()
    assert layout is not None
    for child in dialog.findChildren(QWidget):
        # In the letters that it will be shown in.
        child.ensurePolished()
    layout.invalidate()
    resize_on_screen(dialog, QSize(width, layout.totalHeightForWidth(width)))
