"""The kiosk's colours: always dark, so that the picture is the brightest thing on the stand."""

from PyQt6.QtGui import QColor

from video_labeler.window.look.colours import DARK
from video_labeler.window.look.colours import STAGE as STAGE_NAME

STAGE = QColor(STAGE_NAME)
BAR = QColor(DARK.window)
EDGE = QColor(DARK.border)
TEXT = QColor("#ffffff")
SOFT = QColor("#c3c9d2")
ACCENT = QColor(DARK.accent)
ON_ACCENT = QColor(DARK.on_accent)
LIVE = QColor("#ff4d55")
DEMO = QColor(DARK.warning)
PLATE = QColor(8, 10, 13, 178)
SHADE = QColor(6, 8, 11)

PARTY = tuple(QColor(name) for name in ("#62adff", "#f2b34c", "#5cc98a", "#e69fdc", "#56d9e9"))
"""For celebrations: distinct on dark, for every common kind of colour vision at least by brightness."""


def faint(colour: QColor, share: float) -> QColor:
    """The colour with its opacity multiplied by ``share`` (0..1)."""
    copy = QColor(colour)
    copy.setAlphaF(max(0.0, min(1.0, colour.alphaF() * share)))
    return copy
