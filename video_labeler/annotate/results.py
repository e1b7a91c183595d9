"""The results of one annotation: checked before any long work, then written side by side."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from video_labeler.annotate.targets import Targets
from video_labeler.archive.label_index import IndexedFile, LabelIndex
from video_labeler.errors import OutputError, SettingsError
from video_labeler.exports.summary import SeenSummary
from video_labeler.files.partial_file import check_target, newest_partial
from video_labeler.labeling.object_labeler import Models
from video_labeler.movie.recording_options import RecordingOptions
from video_labeler.pipeline.pipeline import Sink
from video_labeler.sources.base import Source
from video_labeler.sources.naming import NamedSource, SourceKind
from video_labeler.sources.regular_file import check_regular_file

if TYPE_CHECKING:
    from video_labeler.movie.sound import SoundReader
    from video_labeler.recording.video_recorder import VideoRecorder


class Results:
    """What is written of a source from ``start_s`` on; the check opens its sound, where that is a file.

    ``index`` keeps the search index beside the results up to date.

    Raises:
        SettingsError: nothing is to be written.
        OutputError: a result cannot be written.
        SourceError: the source is a file that cannot be read.
    """

    def __init__(
        self,
        named: NamedSource,
        source: Source,
        targets: Targets,
        recording: RecordingOptions,
        start_s: float,
        *,
        index: bool,
        made_before: Path | None,
    ) -> None:
        self._named = named
        self._targets = targets
        self._recording = replace(recording, keep_times=True)
        self._index_wanted = index
        self._made_before = made_before
        self._recorder: VideoRecorder | None = None
        self._index: LabelIndex | None = None
        self._sound: SoundReader | None = None
        self.summary = SeenSummary()
        sound_at = None if targets.video is None else _sound_at(named, source)
        check_different(targets.paths())
        if targets.video is not None:
            from video_labeler.recording.video_recorder import check_recording

            self._sound = check_recording(targets.video, recording, named.path, sound_at, start_s)
        for path in targets.paths():
            if path != targets.video:
                check_target(path, overwrite=recording.overwrite, source=named.path)

    def sinks(self, models: Models) -> list[Sink]:
        """What writes them, with the names and the hierarchy of the models' labels."""
        from video_labeler.exports.coco_file import CocoFile
        from video_labeler.exports.csv_file import CsvFile
        from video_labeler.exports.label_file import LabelFile
        from video_labeler.exports.report import ReportFile
        from video_labeler.exports.subtitle_file import SubtitleFile

        targets, overwrite, model = self._targets, self._recording.overwrite, models.labeler.name
        sinks: list[Sink] = [self.summary]
        if targets.video is not None:
            from video_labeler.recording.video_recorder import VideoRecorder

            options = replace(self._recording, metadata={"model": model})
            self._recorder = VideoRecorder(targets.video, options, self._sound)
            sinks.append(self._recorder)
        if targets.jsonl is not None:
            sinks.append(LabelFile(targets.jsonl, model, overwrite=overwrite))
        if targets.csv is not None:
            sinks.append(CsvFile(targets.csv, overwrite=overwrite))
        sinks += [SubtitleFile(path, overwrite=overwrite) for path in (targets.vtt, targets.srt) if path is not None]
        if targets.coco is not None:
            sinks.append(CocoFile(targets.coco, models.hierarchy, overwrite=overwrite))
        if targets.report is not None:
            # Segments are several videos, and the page can jump in one only.
            video = None if self._recording.segment else targets.video or self._made_before
            sinks.append(ReportFile(targets.report, video, model, overwrite=overwrite))
        if self._index_wanted:
            self._index = LabelIndex(targets.paths()[0].parent, self._named.shown, model)
            sinks.append(self._index)
        return sinks

    def update_index(self) -> None:
        """Record in the index what the results show; without a video, what the source shows."""
        if self._index is not None:
            shown = [IndexedFile(file.path, file.start_s) for file in self._recorder.parts] if self._recorder else []
            self._index.update(shown or [IndexedFile(self._shows())])

    def _shows(self) -> Path:
        """What to link to where no video is made: the source, or the name of a live one."""
        path = self._named.path if self._named.kind is SourceKind.PATH else None
        return path or self._targets.paths()[0]

    def videos(self) -> tuple[Path, ...]:
        """The files recorded so far; several where segments were asked for."""
        return tuple(self._recorder.files) if self._recorder is not None else ()

    def losses(self) -> list[str | None]:
        """What could not be carried over or noted, for people."""
        return [
            self._recorder.losses if self._recorder is not None else None,
            self._index.problem if self._index is not None else None,
        ]

    def left_behind(self) -> list[Path]:
        """What a failure left: what was recorded, and what has a partial name."""
        left: list[Path | None] = [*self.videos()]
        left.append(self._recorder.partial if self._recorder is not None else None)
        left += [newest_partial(path) for path in self._targets.paths() if path != self._targets.video]
        return [path for path in left if path is not None]

    def close(self) -> None:
        """Let the sound go, unless a recorder has taken it over."""
        if self._sound is not None and self._recorder is None:
            self._sound.close()


def where_the_rest_is(left: Sequence[Path]) -> str:
    """Where to find what was written of a result that failed, as a sentence; empty where there is nothing."""
    return f"What was done until then is in {' and '.join(map(str, left))}." if left else ""


def check_different(paths: Sequence[Path]) -> None:
    """Make sure that there are results, each with a name of its own.

    Raises:
        SettingsError: there is none.
        OutputError: two have the same name.
    """
    if not paths:
        raise SettingsError("Nothing would be written: ask for the video, or for an export of the labels.")
    for index, path in enumerate(paths):
        if any(path.resolve() == other.resolve() for other in paths[:index]):
            raise OutputError(f"Two results cannot both be {path}. Choose two names.")


def _sound_at(named: NamedSource, source: Source) -> Path | str | None:
    """Where the sound of a source is read: its file, or its address, which may turn out to be that of one."""
    from video_labeler.sources.video_file import VideoFile

    if not isinstance(source, VideoFile):
        return named.text if named.kind is SourceKind.ADDRESS else None
    # Reading sound from a pipe would wait for ever.
    check_regular_file(source.path, "a video")
    return source.path
