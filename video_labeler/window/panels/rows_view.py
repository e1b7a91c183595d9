"""A list of rows with a picture or a colour, a heading and a detail, the same wherever the side panel has one."""

from PyQt6.QtCore import QEvent, QModelIndex, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QFrame, QListView, QWidget

from video_labeler.window.panels.row_delegate import PAD, RowDelegate, row_height
from video_labeler.window.panels.rows import ROW_ROLE, Row, RowsModel
from video_labeler.window.theme import current_colours


class RowsView(QListView):
    """Shows rows; ``empty`` is what it says where there are none.

    ``chosen``: a row was clicked, ``opened``: double-clicked; the Enter key and the space bar are both. They carry the
    row's key.
    """

    chosen = pyqtSignal(object)
    opened = pyqtSignal(object)

    def __init__(self, empty: str) -> None:
        super().__init__()
        self.rows = RowsModel(self)
        self._empty = empty
        self.setModel(self.rows)
        self.setItemDelegate(RowDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self._let_the_panel_show_through()
        self.clicked.connect(lambda index: self.chosen.emit(self._row(index).key))
        self.doubleClicked.connect(lambda index: self.opened.emit(self._row(index).key))

    @property
    def is_pointed_at(self) -> bool:
        """Whether the pointer is over the rows, so that they are not to move under it."""
        viewport = self.viewport()
        return viewport is not None and viewport.underMouse()

    def say_when_empty(self, words: str) -> None:
        """Say that where there are no rows."""
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
        """Paint the rows, or that there are none."""
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


def fit_height(view: QWidget, rows: int) -> None:
    """Make a list exactly so high that this many rows fit, without a scroll bar of its own."""
    view.setFixedHeight(rows * row_height(view.fontMetrics()) + 2)
