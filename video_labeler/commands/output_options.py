"""Options about what an annotation writes."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from video_labeler.annotate.targets import Export, Wanted

if TYPE_CHECKING:
    from video_labeler.movie.recording_options import RecordingOptions

F = TypeVar("F", bound=Callable[..., Any])


class _Time(click.ParamType[float]):
    """A time in a video: seconds, minutes:seconds or hours:minutes:seconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        try:
            parts = [float(part) for part in str(value).split(":")]
        except ValueError:
            parts = []
        if not 1 <= len(parts) <= 3 or any(not 0 <= part < float("inf") for part in parts):
            self.fail(f"{value!r} is not a time. Write seconds (90.5), 1:30 or 1:02:30.", param, ctx)
        seconds = 0.0
        for part in parts:
            seconds = seconds * 60 + part
        return seconds


class _Exports(click.ParamType[frozenset[Export]]):
    """Names of exports, separated by commas."""

    name = "exports"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> frozenset[Export]:
        try:
            return frozenset(Export(word.strip().lower()) for word in str(value).split(","))
        except ValueError:
            self.fail(f"{value!r} is not known. There are: {', '.join(Export)}.", param, ctx)


TIME = _Time()

_OPTIONS = (
    click.option("--video/--no-video", default=True, show_default=True, help="Write the video, or only the labels."),
    click.option("--burn-in/--no-burn-in", default=True, show_default=True, help="Draw boxes and labels into it."),
    click.option("--sound/--no-sound", default=True, show_default=True, help="Keep the sound of the source."),
    click.option("--subtitles", is_flag=True, help="Add the labels as a subtitle track, to be switched on and off."),
    click.option("--export", "exports", type=_Exports(), multiple=True, metavar="FORM,...",
                 help="Also write the labels as data beside the video: jsonl, csv, vtt, srt, coco."),
    click.option("--report", is_flag=True, help="Also write a web page: what was seen when, and how it looked."),
    click.option("--quality", type=click.Choice(["fast", "balanced", "small"]), default="balanced", show_default=True,
                 help="Fast to write, balanced, or small on the disk."),
    click.option("--segment", default=None, metavar="SIZE", help="Begin a new file every 10m, 1h, 500MB or 2GB."),
    click.option("--format", type=click.Choice(["mp4", "mkv"]), default="mp4", show_default=True,
                 help="The kind of file, where OUT does not say it."),
    click.option("--hardware/--no-hardware", default=True, show_default=True,
                 help="Encode on the graphics card where that works."),
    click.option("--index/--no-index", default=True, show_default=True,
                 help="Update the index that `video-labeler find` searches."),
    click.option("--show-rate", is_flag=True, help="Draw frames per second and the age of the labels in."),
)  # fmt: skip


def output_options(function: F) -> F:
    """Add the options about results to a command."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def wanted_outputs(options: dict[str, Any]) -> Wanted:
    """Which results the options ask for."""
    exports: frozenset[Export] = frozenset().union(*options["exports"])
    return Wanted(video=options["video"], exports=exports, report=options["report"])


def recording_options(options: dict[str, Any], *, overwrite: bool) -> "RecordingOptions":
    """How the video is to be made, and whether it may replace a file.

    Raises:
        SettingsError: the segment is neither a duration nor a size.
    """
    from video_labeler.movie.recording_options import Quality, RecordingOptions, Segment

    segment = options["segment"]
    return RecordingOptions(
        quality=Quality(options["quality"]),
        burn_in=options["burn_in"],
        show_rate=options["show_rate"],
        with_sound=options["sound"],
        subtitles=options["subtitles"],
        segment=None if segment is None else Segment.parse(segment),
        hardware=options["hardware"],
        overwrite=overwrite,
    )
