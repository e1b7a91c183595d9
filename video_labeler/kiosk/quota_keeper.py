"""Keeps the recordings, replays and pictures of a stand within their quotas, while it runs."""

import time
from collections.abc import Callable
from pathlib import Path

from video_labeler.files.disk_quota import Kept, enforce_quota, kept_bytes
from video_labeler.session.view import RecordingView
from video_labeler.settings import KioskSettings
from video_labeler.system.background_task import BackgroundTask

_EVERY_S = 10.0
_REPLAYS_SHARE = 0.1
"""The share of the quota for recordings that replays may take."""


class QuotaKeeper:
    """Enforces the quotas of ``folder``. Call :meth:`look` often; it returns at once."""

    def __init__(
        self,
        settings: KioskSettings,
        folder: Path,
        clock: Callable[[], float] = time.monotonic,
        *,
        replays: bool = False,
    ) -> None:
        self._settings = settings
        self._replays = replays
        self._folder = folder
        self._clock = clock
        self._checked_s = float("-inf")
        self._checking: BackgroundTask[None] | None = None

    def look(self, recording: RecordingView | None) -> None:
        """Enforce the quotas from time to time, also counting the recording being written."""
        if not (self._settings.record or self._settings.keep_pictures or self._replays):
            return
        now_s = self._clock()
        if now_s - self._checked_s < _EVERY_S or (self._checking is not None and self._checking.is_running):
            return
        self._checked_s = now_s
        written = recording.size if recording is not None else 0
        # Deleting may block on a busy disk.
        self._checking = BackgroundTask(
            "disk quota", lambda _: self._check(written), failing="What is kept could not be held within its quota"
        ).start()

    def _check(self, written: int) -> None:
        quota = self._settings.record_quota_gb * 1e9
        if self._replays:
            # Visitors can save them, and must not displace the recordings.
            enforce_quota(self._folder, Kept.REPLAYS, quota * _REPLAYS_SHARE)
        if self._settings.record:
            written += kept_bytes(self._folder, Kept.REPLAYS)
            enforce_quota(self._folder, Kept.RECORDINGS, max(0.0, quota - written))
        if self._settings.keep_pictures:
            enforce_quota(self._folder, Kept.PICTURES, self._settings.picture_quota_gb * 1e9)
