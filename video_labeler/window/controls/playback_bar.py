"""Plays a file: play and pause, step, seek, speed; and goes through a list. Hidden where there is neither."""

import time
from collections.abc import Callable

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QAction, QActionGroup, QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from video_labeler.frames import PictureFile
from video_labeler.session.view import PlaybackView, SessionView
from video_labeler.text.shown import shown
from video_labeler.window import panel_texts as texts
from video_labeler.window.actions import Act, with_key
from video_labeler.window.controls.position_slider import PositionSlider
from video_labeler.window.controls.source_kinds import ListPlace
from video_labeler.window.look.icons import icon
from video_labeler.window.panel_formats import timecode
from video_labeler.window.plain_text import PlainLabel, plain_tip

SPEEDS = (0.25, 0.5, 1.0, 1.5, 2.0, 4.0)

_SEEK_EVERY_MS = 150
"""While the slider is dragged the picture follows, but no more often than files can seek."""

_SETTLE_S = 0.7
"""After a seek the slider stays where the user put it until the picture arrives, or for this long."""

_NEAR_S = 0.3

_NARROWEST_TIME, _WIDEST_TIME = 40, 260
"""In pixels: a longer picture name is elided, and complete in the tool tip."""

_NARROW = 560
"""In pixels: a narrower bar does not tell the place in a list, which the source's name has, too."""


class PlaybackBar(QWidget):
    """Shows the position in a file, and emits the user's requests; times are in seconds of the file."""

    play_requested = pyqtSignal()
    pause_requested = pyqtSignal()
    step_requested = pyqtSignal()
    seek_requested = pyqtSignal(float)
    speed_requested = pyqtSignal(float)

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._playback: PlaybackView | None = None
        self._target: tuple[float, float] | None = None
        self._place: ListPlace | None = None
        self._file: PictureFile | None = None
        self.play_button = _button("play", texts.PLAY, self.toggle, Act.PLAY_PAUSE)
        self.step_button = _button("step", texts.STEP, self.step_requested.emit, Act.STEP)
        self.position = PositionSlider()
        self.position.setAccessibleName(texts.POSITION)
        self.position.setToolTip(with_key(texts.POSITION_TIP, Act.BACK, Act.FORWARD))
        self.position.moved.connect(self._hold)
        self._time = PlainLabel()
        self._time.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.speed_button = _button("speed", texts.SPEED, None, Act.SLOWER, Act.FASTER)
        self.speed_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.speed_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._speeds = self._speed_menu()
        self._seeking = QTimer(self)
        self._seeking.setSingleShot(True)
        self._seeking.setInterval(_SEEK_EVERY_MS)
        self._seeking.timeout.connect(self._seek)
        # Time goes from left to right in every script, as on other players.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.setSpacing(6)
        layout.addWidget(self.play_button)
        layout.addWidget(self.step_button)
        layout.addWidget(self.position, 1)
        layout.addWidget(self._time)
        layout.addWidget(self.speed_button)
        self._player = (self.play_button, self.step_button, self.position, self._time, self.speed_button)
        self.previous_button = _button("previous", texts.PREVIOUS_SOURCE, None, Act.PREVIOUS_SOURCE)
        self.next_button = _button("next", texts.NEXT_SOURCE, None, Act.NEXT_SOURCE)
        self._place_words = PlainLabel()
        self._list = (self.previous_button, self._place_words, self.next_button)
        for part in self._list:
            layout.addWidget(part)
            part.hide()
        # Keeps the list's buttons in their place where there is no position.
        layout.insertStretch(layout.indexOf(self.previous_button), 0)
        self.hide()

    @property
    def times(self) -> str:
        """The text beside the slider."""
        return self._time.text()

    def toggle(self) -> None:
        """Request to play or pause; at the end, to play again from the start."""
        playback = self._playback
        if playback is None:
            return
        if playback.paused or playback.ended:
            self.play_requested.emit()
        else:
            self.pause_requested.emit()

    @property
    def is_played(self) -> bool:
        """Whether a position is shown."""
        return self._playback is not None

    def show_view(self, view: SessionView, place: ListPlace | None = None) -> None:
        """Show the position in the file, and the ``place`` in a list; hide without either."""
        playback = None if view.playback is None or view.playback.is_still else view.playback
        self._show_place(place)
        for part in self._player:
            part.setVisible(playback is not None)
        self.setVisible(playback is not None or place is not None)
        if playback is None:
            self._playback = self._target = None
            return
        frame = view.newest if view.labeled is None else view.labeled.frame
        self._file = None if frame is None else frame.file
        if playback != self._playback:
            self._playback = playback
            self._show_state(playback)
        self._show_time(playback)

    def _show_place(self, place: ListPlace | None) -> None:
        if place == self._place:
            return
        self._place = place
        if place is not None:
            self._place_words.setText(place.words)
            self.previous_button.setEnabled(place.has_previous)
            self.next_button.setEnabled(place.has_next)
        self._fit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Tell as much as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        for part in self._list:
            is_extra = part is self._place_words
            part.setVisible(self._place is not None and not (is_extra and self.width() < _NARROW))

    def _show_state(self, playback: PlaybackView) -> None:
        plays = not (playback.paused or playback.ended)
        words = texts.PAUSE if plays else texts.PLAY_AGAIN if playback.ended else texts.PLAY
        if words != self.play_button.accessibleName():
            self.play_button.setIcon(icon("pause" if plays else "play"))
            self.play_button.setToolTip(with_key(words, Act.PLAY_PAUSE))
            self.play_button.setAccessibleName(words)
        self.step_button.setEnabled(not playback.ended)
        self.position.set_duration(playback.duration_s)
        speed = _speed_words(playback.speed)
        self.speed_button.setText(speed)
        self.speed_button.setAccessibleName(f"{texts.SPEED}: {speed}")
        for value, action in self._speeds.items():
            action.setChecked(abs(value - playback.speed) < 0.01)

    def _show_time(self, playback: PlaybackView) -> None:
        time_s = self._held_time(playback)
        if not self.position.isSliderDown():
            self.position.show_time(time_s)
        else:
            time_s = self.position.time_s
        words, room, metrics = self._words(playback, time_s), self._time_room(), self._time.fontMetrics()
        # A whole time is better than two cut ones.
        fits = self._file is not None or metrics.horizontalAdvance(words) <= room
        said = words if fits else timecode(time_s)
        self._time.setText(metrics.elidedText(said, Qt.TextElideMode.ElideMiddle, room))
        self._time.setToolTip(plain_tip(words) if self._time.text() != words else "")
        self.position.setAccessibleDescription(words)

    def _time_room(self) -> int:
        """The width that the buttons leave for the time, in pixels."""
        layout = self.layout()
        assert layout is not None
        shown = [part for part in (*self._player, *self._list) if part is not self._time and not part.isHidden()]
        widths = [part.minimumWidth() if part is self.position else part.sizeHint().width() for part in shown]
        margins = layout.contentsMargins()
        rest = sum(widths) + layout.spacing() * len(widths) + margins.left() + margins.right()
        return min(_WIDEST_TIME, max(_NARROWEST_TIME, self.width() - rest))

    def _words(self, playback: PlaybackView, time_s: float) -> str:
        if self._file is not None:
            file = self._file
            return texts.PICTURE_OF.format(number=file.number, count=file.count, name=shown(file.name))
        # After a step of one frame, tenths show that something moved.
        words = timecode(time_s, tenths=playback.paused)
        return words if playback.duration_s is None else f"{words} / {timecode(playback.duration_s)}"

    def _held_time(self, playback: PlaybackView) -> float:
        """The requested time until its picture arrives, otherwise that of the picture."""
        if self._target is None:
            return playback.time_s
        target_s, until_s = self._target
        if self._seeking.isActive() or (self._clock() < until_s and abs(playback.time_s - target_s) > _NEAR_S):
            return target_s
        self._target = None
        return playback.time_s

    def _hold(self, time_s: float) -> None:
        self._target = (time_s, self._clock() + _SETTLE_S)
        if not self._seeking.isActive():
            self._seeking.start()
        if self._playback is not None:
            self._show_time(self._playback)

    def _seek(self) -> None:
        if self._target is not None:
            self._target = (self._target[0], self._clock() + _SETTLE_S)
            self.seek_requested.emit(self._target[0])

    def _speed_menu(self) -> dict[float, QAction]:
        menu = QMenu(self.speed_button)
        group = QActionGroup(menu)
        actions = {}
        for speed in SPEEDS:
            action = QAction(_speed_words(speed), menu)
            action.setCheckable(True)
            action.triggered.connect(self._choosing(speed))
            group.addAction(action)
            menu.addAction(action)
            actions[speed] = action
        self.speed_button.setMenu(menu)
        return actions

    def _choosing(self, speed: float) -> Callable[[], None]:
        return lambda: self.speed_requested.emit(speed)


def _speed_words(speed: float) -> str:
    return texts.SPEED_TIMES.format(speed=f"{speed:g}")


def _button(icon_name: str, words: str, act: Callable[[], None] | None, *keys: Act) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(icon_name))
    button.setToolTip(with_key(words, *keys))
    button.setAccessibleName(words)
    button.setAutoRaise(True)
    if act is not None:
        button.clicked.connect(act)
    return button
