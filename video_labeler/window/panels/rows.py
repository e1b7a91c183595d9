"""The rows of the side panel's lists, and a model that updates them in place."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PyQt6.QtGui import QPixmap

from video_labeler.window.plain_text import plain_tip

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
"""The role for a :class:`RowsModel`'s row itself."""

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """One row with a unique ``key``. ``marked``: it is the chosen one. ``quiet``: it has no real name."""

    key: Hashable
    heading: str
    detail: str = ""
    trailing: str = ""
    picture: QPixmap | None = None
    colour: tuple[int, int, int] | None = None
    tip: str = ""
    marked: bool = False
    quiet: bool = False

    @property
    def spoken(self) -> str:
        """The row for a screen reader."""
        return ", ".join(part for part in (self.heading, self.trailing, self.detail) if part)


class RowsModel(QAbstractListModel):
    """Updates rows in place, so that selection and scroll position are kept."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows from top to bottom."""
        return tuple(self._rows)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; if kept ones have changed their order, the list is reset."""
        wanted = {row.key for row in rows}
        for i in range(len(self._rows) - 1, -1, -1):
            if self._rows[i].key not in wanted:
                self.beginRemoveRows(QModelIndex(), i, i)
                del self._rows[i]
                self.endRemoveRows()
        kept = {row.key for row in self._rows}
        if [row.key for row in self._rows] != [row.key for row in rows if row.key in kept]:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()
            return
        for i, row in enumerate(rows):
            self._put(i, row, known=row.key in kept)

    def _put(self, i: int, row: Row, *, known: bool) -> None:
        if not known:
            self.beginInsertRows(QModelIndex(), i, i)
            self._rows.insert(i, row)
            self.endInsertRows()
        elif self._rows[i] != row:
            self._rows[i] = row
            place = self.index(i)
            self.dataChanged.emit(place, place)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - as Qt declares it
        """The number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A row's text, or the row itself."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.heading
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(row.tip or row.spoken)
            case Qt.ItemDataRole.AccessibleTextRole:
                return row.spoken
            case _ if role == ROW_ROLE:
                return row
        return None
