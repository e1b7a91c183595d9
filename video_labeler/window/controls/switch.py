"""A switch whose states are clearly distinct in light and dark."""

from PyQt6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from video_labeler.window.look.theme import current_colours

_WIDTH, _HEIGHT, _GAP = 32, 18, 9

_WORDS = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_LEAST_WORDS = 80
"""Text that is wider than this, in pixels, may wrap."""


class Switch(QCheckBox):
    """A check box painted as a switch; for keyboards and screen readers it is an ordinary check box.

    Its text wraps if there is no room.
    """

    def __init__(self, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The switch and its text."""
        width = _WIDTH + _GAP + self._words_width() + 4
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The switch and its text, wrapped if it is long."""
        width = _WIDTH + _GAP + min(self._words_width(), _LEAST_WORDS) + 4
        return QSize(width, max(_HEIGHT, self.fontMetrics().height()) + 6)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """The text may wrap."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """The height of the text wrapped to that width."""
        room = QRect(0, 0, max(1, width - _WIDTH - _GAP), 10_000)
        return max(_HEIGHT, self.fontMetrics().boundingRect(room, _WORDS, self.text()).height()) + 6

    def _words_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(self.text())

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 - Qt's name
        """Clickable anywhere."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Paint the switch, its text, and a ring if it has the focus."""
        colours = current_colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        track = QRectF(2, (self.height() - _HEIGHT) / 2, _WIDTH, _HEIGHT).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(colours.accent if on else colours.muted), 1))
        painter.setBrush(QColor(colours.accent if on else colours.surface))
        painter.drawRoundedRect(track, _HEIGHT / 2, _HEIGHT / 2)
        knob = track.adjusted(3, 3, -3, -3)
        knob.setWidth(knob.height())
        if on:
            knob.moveRight(track.right() - 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.on_accent if on else colours.muted))
        painter.drawEllipse(knob)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = track.adjusted(-2, -2, 2, 2)
            painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2)
        painter.setPen(QColor(colours.text if self.isEnabled() else colours.muted))
        words = self.rect().adjusted(_WIDTH + _GAP, 0, 0, 0)
        painter.drawText(words, _WORDS, self.text())
