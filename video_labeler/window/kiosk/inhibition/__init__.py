"""Keeps the screen on and the computer from sleeping, by whatever the system offers."""

from video_labeler.window.kiosk.inhibition.keeping import keep_awake, working_inhibitors

__all__ = ["keep_awake", "working_inhibitors"]
