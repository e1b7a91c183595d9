"""The window's icons: shipped as SVG in one stroke style, drawn in the theme's current colours."""

from functools import cache

from PyQt6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PyQt6.QtSvg import QSvgRenderer

from video_labeler.assets import asset
from video_labeler.window.look.theme import current_colours

_INK = "currentColor"
_RECORD = "recordColor"
"""The placeholder in the SVG files for the theme's red."""


def icon(name: str) -> QIcon:
    """The icon of that name, without ``.svg``; it follows the theme.

    Raises:
        VideoLabelerError: the installation lacks it.
    """
    return QIcon(_ThemedIcon(_source(name)))


def application_icon() -> QIcon:
    """The program's own icon, in its own colours."""
    return QIcon(str(asset("icons/video-labeler.svg")))


@cache
def _source(name: str) -> str:
    return asset(f"icons/{name}.svg").read_text(encoding="utf-8")


@cache
def _renderer(source: str, ink: str, record: str) -> QSvgRenderer:
    return QSvgRenderer(source.replace(_INK, ink).replace(_RECORD, record).encode())


class _ThemedIcon(QIconEngine):
    def __init__(self, source: str) -> None:
        super().__init__()
        self._source = source

    def paint(self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        colours = current_colours()
        faint = mode is QIcon.Mode.Disabled
        lit = state is QIcon.State.On and not faint
        ink = colours.muted if faint else colours.accent if lit else colours.text
        assert painter is not None
        painter.setOpacity(0.6 if faint else 1.0)
        _renderer(self._source, ink, ink if faint else colours.record).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        if pixmap.isNull():
            # A button may be squeezed to nothing for a moment.
            return pixmap
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _ThemedIcon(self._source)
