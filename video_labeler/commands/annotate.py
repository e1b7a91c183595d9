"""`video-labeler annotate`: file in, annotated file out."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from video_labeler.commands.options import camera_options, labeling_options, split_camera, split_settings
from video_labeler.settings import Settings
from video_labeler.sources.base import SourceState

if TYPE_CHECKING:
    from video_labeler.annotate import Progress


@click.command("annotate", short_help="Write a copy of a video with boxes and labels.")
@click.argument("source")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=None,
    metavar="OUT.mp4",
    help="The annotated video, .mp4 or .mkv. Without it: SOURCE.labeled.mp4 in this folder.",
)
@click.option(
    "--labels",
    type=click.Path(path_type=Path),
    default=None,
    metavar="OUT.jsonl",
    help="Also write the labels, one JSON line a frame.",
)
@click.option(
    "--end",
    type=click.FloatRange(min=0, min_open=True),
    default=None,
    metavar="SECONDS",
    help="Stop at this time of the source.",
)
@click.option("--overwrite", is_flag=True, help="Replace results that exist.")
@click.option("--show-rate", is_flag=True, help="Draw frames a second and the age of the labels into the picture.")
@click.option("--json", "as_json", is_flag=True, help="Print a summary for programs.")
@camera_options
@labeling_options
def command(
    source: str,
    output: Path | None,
    labels: Path | None,
    end: float | None,
    *,
    overwrite: bool,
    show_rate: bool,
    as_json: bool,
    **options: Any,
) -> int:
    """Write a copy of SOURCE in which each object carries a box and its name.

    SOURCE is a video file, a folder or pattern of pictures, an address (rtsp://, http://, udp://), a camera's number
    or name, or `synthetic`, a moving test picture. Ctrl-C ends early and keeps what is done.
    """
    models, labeling = split_settings(options)
    settings = Settings(models, labeling, split_camera(options))

    from video_labeler.annotate import AnnotateRequest, annotate

    output = output or Path(f"{_stem(source)}.labeled.mp4")
    request = AnnotateRequest(source, output, labels, end, overwrite, show_rate, settings)
    with _progress_bar(source) as on_progress:
        result = annotate(request, on_progress)
    if result.losses:
        click.echo(f"Note: {result.losses}", err=True)
    if result.dropped:
        click.echo(f"Note: {result.dropped} frames came too fast to be labelled and are not in the video.", err=True)
    if as_json:
        summary = {
            "video": str(output),
            "labels": None if labels is None else str(labels),
            "frames": result.frames,
            "dropped": result.dropped,
            "losses": result.losses,
            "stopped": result.stopped,
        }
        click.echo(json.dumps(summary, ensure_ascii=False))
    elif result.stopped:
        click.echo(f"Stopped early. The {result.frames} frames labelled so far are in {output}.", err=True)
    elif sys.stdout.isatty():
        click.echo(f"Wrote {output}: {result.frames} frames.")
    return 1 if result.stopped else 0


def _stem(source: str) -> str:
    """A file name for results of ``source``."""
    stem = Path(source).stem if Path(source).exists() else source
    return "".join(letter if letter.isalnum() or letter in "-_ " else "-" for letter in stem).strip("-") or "video"


class _Notices:
    """Tells on standard error when a source stalls, goes black or comes back, once for each change."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._state = SourceState.RUNNING

    def __call__(self, now: "Progress") -> None:
        state = now.status.state
        if state is self._state or state in (SourceState.CLOSED, SourceState.ENDED):
            return
        if state is not SourceState.CONNECTING:
            self._say(now.status.message or "The pictures are coming again.")
        self._state = state


@contextmanager
def _progress_bar(source: str) -> Iterator["Callable[[Progress], None]"]:
    """On a terminal a bar with frames, frames a second and time left; elsewhere only what goes wrong meanwhile."""
    if not sys.stderr.isatty():
        yield _Notices(lambda text: click.echo(text, err=True))
        return
    from rich import progress as rich_progress
    from rich.console import Console
    from rich.markup import escape

    columns = (
        rich_progress.TextColumn("{task.description}"),
        rich_progress.BarColumn(),
        rich_progress.MofNCompleteColumn(),
        rich_progress.TextColumn("frames  {task.fields[rate]:.0f} fps "),
        rich_progress.TimeRemainingColumn(),
        rich_progress.TextColumn("left"),
    )
    with rich_progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(escape(Path(source).name or source), total=None, rate=0.0)
        notices = _Notices(lambda text: bar.console.print(text, markup=False))

        def show(now: "Progress") -> None:
            notices(now)
            bar.update(task, completed=now.frames, total=now.frames_in_all, rate=now.rate)

        yield show
