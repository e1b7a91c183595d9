"""A list of rows with a picture or a colour, a heading and a detail, for all lists of the side panel."""

from PyQt6.QtCore import QEvent, QModelIndex, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QFrame, QListView

from video_labeler.window.look.theme import current_colours
from video_labeler.window.panels.row_delegate import PAD, RowDelegate, row_height
from video_labeler.window.panels.rows import ROW_ROLE, Row, RowsModel

_NO_LIMIT = 1 << 20
_EDGES = 2
"""The border above and below the rows, in pixels."""


class RowsView(QListView):
    """Shows rows; ``empty`` is its text without rows, ``usual`` how many rows it should have room
    for, and ``most`` how many there can be (``None``: any number).

    Its size never depends on its rows.

    ``chosen``: a row was clicked, ``opened``: double-clicked; the Enter key and the space bar are both. They carry the
    row's key.
    """

    chosen = pyqtSignal(object)
    opened = pyqtSignal(object)

    def __init__(self, empty: str, usual: int = 3) -> None:
        super().__init__()
        self._usual = usual
        self.most: int | None = None
        self.rows = RowsModel(self)
        self._empty = empty
        self.setModel(self.rows)
        self.setItemDelegate(RowDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerItem)
        self.setTabKeyNavigation(False)
        self._let_the_panel_show_through()
        self.clicked.connect(lambda index: self.chosen.emit(self._row(index).key))
        self.doubleClicked.connect(lambda index: self.opened.emit(self._row(index).key))

    @property
    def is_pointed_at(self) -> bool:
        """Whether the pointer is over the rows, so that they must not move."""
        viewport = self.viewport()
        return viewport is not None and viewport.underMouse()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the usual rows."""
        return QSize(200, self._height_of(self._usual))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for two rows: with one alone, nothing can be compared or found."""
        return QSize(0, self._height_of(2))

    @property
    def most_height(self) -> int:
        """The greatest useful height, in pixels."""
        return _NO_LIMIT if self.most is None else self._height_of(self.most)

    def whole_rows(self, height: int) -> int:
        """The height of the whole rows that fit into a height, one at least; in pixels."""
        return self._height_of(max(1, (height - _EDGES) // row_height(self.fontMetrics())))

    def _height_of(self, rows: int) -> int:
        return rows * row_height(self.fontMetrics()) + _EDGES

    def say_when_empty(self, words: str) -> None:
        """Set the text shown without rows."""
        if words != self._empty:
            self._empty = words
            viewport = self.viewport()
            if viewport is not None:
                viewport.update()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Enter and the space bar choose the current row."""
        if event is None:
            return
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and self.currentIndex().isValid():
            key = self._row(self.currentIndex()).key
            self.chosen.emit(key)
            self.opened.emit(key)
            event.accept()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Follow the colours of the system."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            viewport = self.viewport()
            if viewport is not None:
                viewport.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Paint the rows, or the text without rows."""
        super().paintEvent(event)
        viewport = self.viewport()
        if self.rows.rowCount() or viewport is None:
            return
        painter = QPainter(viewport)
        painter.setPen(QColor(current_colours().muted))
        place = viewport.rect().adjusted(PAD, 0, -PAD, 0)
        place.setHeight(min(place.height(), row_height(self.fontMetrics())))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._empty)

    def _let_the_panel_show_through(self) -> None:
        self.setStyleSheet("QListView { background: transparent; border: none; }")

    @staticmethod
    def _row(index: QModelIndex) -> Row:
        row = index.data(ROW_ROLE)
        assert isinstance(row, Row)
        return row
