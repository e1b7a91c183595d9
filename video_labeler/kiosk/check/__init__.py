"""The morning check: everything that a stand needs, tried in ten seconds, and told in words."""

from video_labeler.kiosk.check.run import run_check

__all__ = ["run_check"]
