"""The morning check: tries everything that a stand needs within ten seconds, and reports it."""

from video_labeler.kiosk.check.run import run_check

__all__ = ["run_check"]
