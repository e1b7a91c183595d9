"""A button that opens a menu, with text that is elided to fit and a small arrow."""

from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QToolButton

from video_labeler.text.shown import shown
from video_labeler.window.look.icons import icon

_ARROW = 14
_EDGE = 9
_NARROWEST = 90


class MenuButton(QToolButton):
    """``widest`` is its greatest preferred width in pixels."""

    def __init__(self, widest: int) -> None:
        super().__init__()
        self._widest = widest
        self._words = ""
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setIconSize(QSize(18, 18))
        # Room for the arrow, which is painted over the button.
        self.setStyleSheet(f"QToolButton {{ text-align: left; padding-right: {_ARROW + _EDGE + 4}px; }}")

    @property
    def words(self) -> str:
        """Its full text."""
        return self._words

    def say(self, words: str) -> None:
        """Set the text, which is made printable."""
        words = shown(words)
        if words != self._words:
            self._words = words
            self._fit()
            self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as its text, up to a limit."""
        wanted = self.fontMetrics().horizontalAdvance(self._words) + self._beside_words() + 6
        return QSize(min(max(wanted, _NARROWEST), self._widest), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Narrow, but with some of the text left."""
        return QSize(_NARROWEST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Elide the text again."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Paint the button, then the arrow."""
        super().paintEvent(event)
        top = (self.height() - _ARROW) // 2
        painter = QPainter(self)
        icon("chevron-down").paint(painter, QRect(self.width() - _ARROW - _EDGE, top, _ARROW, _ARROW))

    def _beside_words(self) -> int:
        return self.iconSize().width() + 2 * _EDGE + _ARROW + self.fontMetrics().horizontalAdvance(" ") + 16

    def _fit(self) -> None:
        room = max(0, self.width() - self._beside_words())
        cut = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideMiddle, room)
        # A single & would be taken for a mnemonic.
        self.setText(" " + cut.replace("&", "&&"))
