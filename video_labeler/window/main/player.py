"""Playback commands for a session."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction

from video_labeler.session.view import PlaybackView
from video_labeler.window.actions import Act
from video_labeler.window.controls.playback_bar import SPEEDS

if TYPE_CHECKING:
    from video_labeler.session.session import Session

_JUMP_S = 5.0


class Player:
    """Plays, pauses, steps, seeks and changes the speed, if a file plays."""

    def __init__(self, session: "Session", actions: dict[Act, QAction]) -> None:
        self._session = session
        for act, do in (
            (Act.PLAY_PAUSE, self.toggle),
            (Act.STEP, session.step),
            (Act.BACK, lambda: self._jump(-_JUMP_S)),
            (Act.FORWARD, lambda: self._jump(_JUMP_S)),
            (Act.SLOWER, lambda: self._shift_speed(-1)),
            (Act.FASTER, lambda: self._shift_speed(1)),
        ):
            actions[act].triggered.connect(_without_arguments(do))

    def toggle(self) -> None:
        """Toggle between playing and paused; restart at the end."""
        playback = self._playback
        if playback is None:
            return
        if playback.paused or playback.ended:
            self.play()
        else:
            self._session.pause()

    def play(self) -> None:
        """Resume, or restart after the end."""
        playback = self._playback
        if playback is not None and playback.ended:
            self._session.seek(0.0)
        self._session.play()

    @property
    def _playback(self) -> PlaybackView | None:
        return self._session.view.playback

    def _jump(self, seconds: float) -> None:
        playback = self._playback
        if playback is not None:
            latest = float("inf") if playback.duration_s is None else playback.duration_s
            self._session.seek(min(max(0.0, playback.time_s + seconds), latest))

    def _shift_speed(self, steps: int) -> None:
        playback = self._playback
        if playback is not None:
            nearest = min(range(len(SPEEDS)), key=lambda i: abs(SPEEDS[i] - playback.speed))
            self._session.set_speed(SPEEDS[min(max(0, nearest + steps), len(SPEEDS) - 1)])


def _without_arguments(do: Callable[[], None]) -> Callable[..., None]:
    """A slot that ignores the signal's arguments."""
    return lambda *_: do()
