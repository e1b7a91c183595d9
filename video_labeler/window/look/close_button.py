"""The small button that dismisses a message or a line."""

from collections.abc import Callable

from PyQt6.QtWidgets import QToolButton

from video_labeler.window import texts
from video_labeler.window.look.icons import icon


def close_button(name: str, dismiss: Callable[[], None]) -> QToolButton:
    """A button that calls ``dismiss``; ``name`` is for screen readers, and says what is dismissed."""
    button = QToolButton()
    button.setIcon(icon("close"))
    button.setAutoRaise(True)
    button.setToolTip(texts.DISMISS)
    button.setAccessibleName(name)
    button.clicked.connect(dismiss)
    return button
