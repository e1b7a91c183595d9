"""Keeps the screen on and the computer awake, by the system's own means."""

from video_labeler.window.kiosk.inhibition.keeping import keep_awake, working_inhibitors

__all__ = ["keep_awake", "working_inhibitors"]
