"""What was seen and when, newest first."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from video_labeler.frames import LabeledFrame
from video_labeler.overlay.drawing import colour_of
from video_labeler.session.view import SessionView
from video_labeler.window import panel_texts as texts
from video_labeler.window.controls.source_kinds import source_title
from video_labeler.window.look.icons import icon
from video_labeler.window.panel_formats import clock_time, percent, timecode
from video_labeler.window.panels.rows import Row
from video_labeler.window.panels.rows_view import RowsView
from video_labeler.window.panels.sightings import Origin, Sighting, SightingLog


class SeenPanel(QWidget):
    """A list that grows while a source runs. ``seek_requested``: a time in seconds of the file that is open.

    ``told``: a sentence about what was done, with the text and the action of an optional button.
    ``copy_button`` and ``clear_button`` are for the section's header. ``clock`` gives seconds since 1970.
    """

    seek_requested = pyqtSignal(float)
    told = pyqtSignal(str, str, object)

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock = clock
        self._log = SightingLog()
        self._origin: Origin | None = None
        self._taken: LabeledFrame | None = None
        self._is_held = False
        self._made: dict[int, tuple[object, Row]] = {}
        self.list = RowsView(texts.NOTHING_SEEN)
        self.list.setAccessibleName(texts.SEEN_LIST)
        self.list.setAccessibleDescription(texts.SEEN_HINT)
        self.list.opened.connect(self._seek)
        self.copy_button = _tool("copy", texts.COPY_SEEN, self.copy)
        self.clear_button = _tool("clear", texts.CLEAR_SEEN, self.clear)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list)
        self._show()

    def show_view(self, view: SessionView, *, hold: bool = False) -> None:
        """Add what the newest labelled frame shows to the list.

        With ``hold``, or while the pointer is over the rows, the list is updated later.
        """
        hold = hold or self.list.is_pointed_at
        origin = None
        if view.source is not None:
            origin = Origin(view.source, source_title(view), is_file=view.playback is not None)
        is_new = view.labeled is not None and view.labeled is not self._taken
        if origin == self._origin and not is_new and not (self._is_held and not hold):
            return
        self._origin, self._taken = origin, view.labeled
        if is_new and origin is not None and view.labeled is not None:
            time_s = view.labeled.frame.time_s if origin.is_file else self._clock()
            self._log.add(view.labeled, origin, time_s)
        self._is_held = hold
        if not hold:
            self._show()

    def copy(self) -> None:
        """Copy the list to the clipboard: a line for each entry, with tabs between columns."""
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            lines = ["\t".join(texts.COLUMNS), *("\t".join(_columns(entry)) for entry in self._log.entries)]
            clipboard.setText("\n".join(lines) + "\n")
            self.told.emit(texts.SEEN_COPIED.format(count=len(lines) - 1), "", None)

    def clear(self) -> None:
        """Clear the list; can be undone."""
        entries = self._log.clear()
        self._show()
        self.told.emit(texts.SEEN_CLEARED, texts.UNDO, partial(self._put_back, entries))

    def _put_back(self, entries: Sequence[Sighting]) -> None:
        self._log.put_back(entries)
        self._show()

    def _show(self) -> None:
        entries = self._log.entries
        if len(self._made) > 2 * len(entries) + 10:
            self._made.clear()
        self.list.rows.show_rows([self._row(entry) for entry in entries])
        self.copy_button.setEnabled(bool(entries))
        self.clear_button.setEnabled(bool(entries))

    def _row(self, entry: Sighting) -> Row:
        """The entry's row, cached unless the entry has changed, since there may be hundreds."""
        state = (entry.first_s, entry.last_s, entry.times, self._is_open(entry), self._can_seek(entry))
        known = self._made.get(entry.number)
        if known is None or known[0] != state:
            known = self._made[entry.number] = (state, self._made_row(entry))
        return known[1]

    def _made_row(self, entry: Sighting) -> Row:
        blue, green, red = colour_of(entry.label)
        first, last = _moment(entry, entry.first_s), _moment(entry, entry.last_s)
        detail = first if first == last else texts.FROM_TO.format(first=first, last=last)
        if not self._is_open(entry):
            detail += f" · {entry.origin.name}"
        return Row(
            key=entry.number,
            heading=entry.label.name,
            detail=detail,
            trailing=texts.TIMES.format(count=entry.times) if entry.times > 1 else "",
            colour=(red, green, blue),
            tip=texts.DOUBLE_CLICK_SEEKS.format(time=first) if self._can_seek(entry) else "",
        )

    def _is_open(self, entry: Sighting) -> bool:
        return self._origin is not None and entry.origin.source == self._origin.source

    def _can_seek(self, entry: Sighting) -> bool:
        return self._is_open(entry) and self._origin is not None and self._origin.is_file and entry.origin.is_file

    def _seek(self, number: int) -> None:
        entry = next((entry for entry in self._log.entries if entry.number == number), None)
        if entry is not None and self._can_seek(entry):
            self.seek_requested.emit(entry.first_s)


def _moment(entry: Sighting, time_s: float) -> str:
    return timecode(time_s) if entry.origin.is_file else clock_time(datetime.fromtimestamp(time_s).astimezone())


def _columns(entry: Sighting) -> tuple[str, ...]:
    return (
        entry.label.name,
        _moment(entry, entry.first_s),
        _moment(entry, entry.last_s),
        str(entry.times),
        percent(entry.best),
        entry.origin.name,
    )


def _tool(icon_name: str, words: str, act: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(icon_name))
    button.setToolTip(words)
    button.setAccessibleName(words)
    button.clicked.connect(act)
    return button
