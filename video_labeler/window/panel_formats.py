"""Formats figures for people: shares, times, sizes and rates."""

from datetime import datetime

from video_labeler.text.percent import percent as breakable_percent
from video_labeler.window import panel_texts as texts

_KILO, _MEGA, _GIGA = 10**3, 10**6, 10**9
_NO_BREAK = "\N{NO-BREAK SPACE}"


def percent(share: float) -> str:
    """A share (0..1) in whole percent."""
    return breakable_percent(share).replace(" ", _NO_BREAK)


def timecode(seconds: float, *, tenths: bool = False) -> str:
    """A time or duration: ``0:07``, ``12:34``, ``1:02:03``; with ``tenths`` ``0:07.4``."""
    whole = max(0.0, seconds)
    # Truncated, not rounded: a clock shows the second that has begun.
    total = int(whole)
    minutes, rest = divmod(total, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return f"{text}.{int((whole - total) * 10)}" if tenths else text


def clock_time(moment: datetime) -> str:
    """The time of day to the second."""
    return f"{moment:%H:%M:%S}"


def day_and_time(moment: datetime) -> str:
    """A date with the time of day to the minute."""
    return f"{moment:%Y-%m-%d}{_NO_BREAK}{moment:%H:%M}"


def size(count: int) -> str:
    """A number of bytes, in decimal units."""
    for unit, name in ((_GIGA, "GB"), (_MEGA, "MB"), (_KILO, "kB")):
        if count >= unit:
            amount = count / unit
            return f"{amount:.1f}{_NO_BREAK}{name}" if amount < 10 else f"{amount:.0f}{_NO_BREAK}{name}"
    return f"{count}{_NO_BREAK}B"


def rate(frames_a_second: float) -> str:
    """Frames per second."""
    return texts.RATE.format(rate=f"{frames_a_second:.1f}") if frames_a_second > 0 else texts.NONE


def milliseconds(seconds: float) -> str:
    """A short duration."""
    return f"{seconds * 1000:.0f}{_NO_BREAK}ms"
