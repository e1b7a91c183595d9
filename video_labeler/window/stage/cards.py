"""The texts of the cards over the picture, from a session's state."""

import time
from dataclasses import dataclass

from video_labeler.session.view import ModelState, SessionView
from video_labeler.sources.base import SourceState
from video_labeler.window import texts
from video_labeler.window.controls.source_kinds import shown_source
from video_labeler.window.panel_formats import size, timecode

_NEARLY_FULL = 1_000_000_000
"""Free bytes below which a recording warns: some minutes of 720p before it stops."""

_GRACE_S = 0.4
"""A shorter state is not worth showing."""


@dataclass(frozen=True, slots=True)
class Card:
    """A title, a sentence below it, the elapsed time (may be empty), an icon, and its kind.

    ``busy``: in progress; ``warning``: something is wrong; ``can_choose``: another source would help;
    ``can_cancel``: it can be cancelled.
    """

    title: str
    detail: str = ""
    elapsed: str = ""
    icon: str = "info"
    busy: bool = False
    warning: bool = False
    can_choose: bool = False
    can_cancel: bool = False


_STATES = {
    SourceState.CONNECTING: (texts.CONNECTING, "plug"),
    SourceState.RECONNECTING: (texts.RECONNECTING, "plug"),
    SourceState.STALLED: (texts.STALLED, "camera"),
}
_DOUBTS = {SourceState.FROZEN: texts.FROZEN, SourceState.BLACK: texts.BLACK}
"""States that may be intended, and so are shown beside the picture."""


def source_card(view: SessionView, now_s: float | None = None) -> Card | None:
    """The card of a source that gives no picture now; ``None`` while all is well."""
    state, message = view.status.state, view.status.message
    if view.source is None:
        return None
    if state is SourceState.CLOSED:
        return Card(texts.SOURCE_LOST, message, icon="warning", warning=True, can_choose=True) if message else None
    if state not in _STATES:
        return None
    elapsed_s = (time.monotonic() if now_s is None else now_s) - view.status.since_s
    if state is SourceState.CONNECTING and elapsed_s < _GRACE_S:
        return None
    title, icon = _STATES[state]
    if state is SourceState.RECONNECTING and view.newest is None:
        title = texts.CONNECTING
    if state is SourceState.RECONNECTING and " is in use" in message:
        title = texts.IN_USE
    return Card(
        title,
        message,
        _for_now(elapsed_s),
        icon,
        busy=True,
        warning=state is not SourceState.CONNECTING,
        can_choose=elapsed_s >= 2,
    )


def finishing_card(view: SessionView, now_s: float | None = None) -> Card | None:
    """The card of a window that waits for its files; ``None`` if it has not waited long."""
    saving = view.saving
    elapsed_s = 0.0 if saving is None else (time.monotonic() if now_s is None else now_s) - saving.since_s
    if saving is None or elapsed_s < _GRACE_S:
        return None
    return Card(texts.FINISHING, ", ".join(saving.names), _for_now(elapsed_s), icon="disk", busy=True)


def notice_card(view: SessionView, now_s: float | None = None) -> Card | None:
    """The small card of a problem beside the picture; ``None`` while all is well."""
    recording = view.recording
    state, now_s = view.status.state, time.monotonic() if now_s is None else now_s
    if recording is not None and recording.free < _NEARLY_FULL:
        left = texts.DISK_LEFT.format(size=size(recording.free))
        return Card(texts.DISK_NEARLY_FULL, left, icon="disk", warning=True)
    if (finishing := finishing_card(view)) is not None:
        return finishing
    if (opening := opening_card(view, now_s)) is not None:
        return opening
    if (waiting := _models_card(view)) is not None:
        return waiting
    if view.source is not None and state in _DOUBTS:
        elapsed = texts.TRYING_FOR.format(time=timecode(now_s - view.status.since_s))
        return Card(_DOUBTS[state], view.status.message, elapsed, icon="camera", warning=True)
    return None


def opening_card(view: SessionView, now_s: float | None = None) -> Card | None:
    """The small card of a source that is being opened; ``None``: none, or not for long."""
    opening = view.opening
    elapsed_s = 0.0 if opening is None else (time.monotonic() if now_s is None else now_s) - opening.since_s
    if opening is None or elapsed_s < _GRACE_S:
        return None
    title = texts.OPENING.format(name=shown_source(opening.source).name)
    return Card(title, opening.message, _for_now(elapsed_s), icon="plug", busy=True, can_cancel=True)


def _for_now(elapsed_s: float) -> str:
    return texts.TRYING_FOR.format(time=timecode(elapsed_s)) if elapsed_s >= 2 else ""


def _models_card(view: SessionView) -> Card | None:
    """The card for missing labels; if the previous models stay in use, a message and the model picker say so."""
    models = view.models
    if models.state is ModelState.FAILED and not models.labeler:
        return Card(texts.MODELS_FAILED, models.message, icon="model", warning=True)
    if models.state is ModelState.LOADING and view.source is not None:
        return Card(texts.MODELS_LOADING, icon="model", busy=True)
    if view.says_nothing and view.source is not None:
        return Card(texts.NOTHING_IS_SAID, texts.NOTHING_IS_SAID_DETAIL, icon="model", warning=True)
    return None
