"""The rows of the side panel's lists, and how a list of them changes in place."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PyQt6.QtGui import QPixmap

from video_labeler.window.plain_text import plain_tip

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
"""Asks a :class:`RowsModel` for the row itself."""

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``key`` tells it from the others. ``marked``: it is the chosen one. ``quiet``: it has no real name."""

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
    """Rows that change in place, so that what is selected and where the list stands stay as they are."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows from top to bottom."""
        return tuple(self._rows)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Become these rows; kept ones must be in the order they had, otherwise all begin anew."""
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
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A row's words, or the row itself."""
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
