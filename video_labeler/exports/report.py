"""The report: one HTML page about a video, with a timeline, totals, and each object at its best moment."""

import os
from pathlib import Path, PurePath
from urllib.parse import quote

from video_labeler.exports.best_moments import BestMoments
from video_labeler.exports.report_page import ReportContent, report_page
from video_labeler.exports.text_file import TextFile
from video_labeler.exports.timeline import Timeline
from video_labeler.frames import LabeledFrame
from video_labeler.movie.frame_clock import FrameClock
from video_labeler.sources.base import SourceInfo
from video_labeler.text.shown import shown

_OBJECTS = 200
"""The most pictures in a page: what a person looks through, in under 3 MB."""


class ReportFile:
    """A sink that writes the report about ``video``, to which the page links by a relative address.

    Like the video's, its times start at 0 with the first frame. Without a video the page shows when and what, but
    cannot jump there. ``model`` is named in its heading.
    """

    name = "report"

    def __init__(self, target: Path, video: Path | None = None, model: str = "", *, overwrite: bool = True) -> None:
        self._target = target
        self._file = TextFile(target, overwrite=overwrite)
        self._video = video
        self._model = model
        self._title = ""
        self._frames = 0
        self._clock = FrameClock()
        self._timeline = Timeline()
        self._moments = BestMoments(_OBJECTS)

    def open(self, info: SourceInfo) -> None:
        """Check that the page can be written at the end.

        Raises:
            OutputError: it cannot.
        """
        self._title = info.name
        self._clock = FrameClock(info.rate)
        self._file.open()

    def write(self, labeled: LabeledFrame) -> None:
        """Add one frame."""
        self._frames += 1
        self._clock.tick(labeled.frame.time_s, labeled.frame.duration_s)
        self._timeline.add(labeled)
        self._moments.add(labeled)

    def close(self, *, completed: bool) -> None:
        """Write the page, and put it in place where the video is complete.

        Raises:
            OutputError: it could not be written.
        """
        if not self._file.is_open:
            return
        self._timeline.finish(self._clock.end_s)
        written = False
        try:
            self._file.write(report_page(self._content()))
            written = True
        finally:
            self._file.close(completed=completed and written)

    def _content(self) -> ReportContent:
        labels = sorted(self._timeline.labels.values(), key=lambda times: (-times.seen_s, times.label.name))
        return ReportContent(
            title=self._title,
            video=None if self._video is None else _address(self._video, self._target.parent),
            video_name="" if self._video is None else shown(self._video.name),
            model=self._model,
            frames=self._frames,
            duration_s=self._clock.end_s,
            labels=tuple(labels),
            moments=tuple(self._moments.in_order()),
            objects=self._moments.objects,
        )


def _address(file: Path, folder: Path) -> str:
    """The relative address of ``file`` for a page in ``folder``; a whole one where they share no root."""
    try:
        relative = os.path.relpath(file.resolve(), folder.resolve())
    except ValueError:
        return file.resolve().as_uri()
    return quote(os.fsencode(PurePath(relative).as_posix()))
