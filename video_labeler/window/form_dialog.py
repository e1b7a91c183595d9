"""A base for forms, in which no key loses input."""

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QGuiApplication, QKeyEvent
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QWidget

_FRAME = QSize(16, 48)
"""The size of a window manager's frame."""

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FormDialog(QDialog):
    """Enter presses the main button from every field, and on another button that button.

    By default Qt makes each button that had the focus the one that Enter presses, so that Enter in a field would cancel
    once Tab has passed Cancel.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._main_button: QPushButton | None = None
        self._box: QDialogButtonBox | None = None

    def add_buttons(self, box: QDialogButtonBox, main: str) -> QPushButton:
        """Add the main button to ``box``, with this text, and make Enter press it."""
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
        """Let Tab reach the box's first button, which Qt would skip as the box's focus proxy."""
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
    """Resize a window, limited to its screen."""
    parent = window.parentWidget()
    screen = parent.screen() if parent is not None else QGuiApplication.primaryScreen()
    window.resize(size if screen is None else size.boundedTo(screen.availableSize() - _FRAME))


def fit_text(dialog: QWidget, width: int = 440) -> None:
    """Make a dialog with wrapped text high enough: Qt stops at two thirds of the screen."""
    layout = dialog.layout()
    assert layout is not None
    for child in dialog.findChildren(QWidget):
        # With its final font.
        child.ensurePolished()
    layout.invalidate()
    resize_on_screen(dialog, QSize(width, layout.totalHeightForWidth(width)))
