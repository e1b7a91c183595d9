"""`video-labeler annotate`: files in, annotated files and labels out."""

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from video_labeler.annotate.targets import Export, Job, Targets, plan_jobs, targets_for
from video_labeler.commands.options import LocalPath, camera_options, labeling_options, settings_of
from video_labeler.commands.output_options import TIME, output_options, recording_options, wanted_outputs
from video_labeler.commands.telling import say, tell
from video_labeler.errors import SourceError
from video_labeler.files.naming import LONGEST_ENDING, fitted_name
from video_labeler.sources.folder_search import holds_videos
from video_labeler.sources.naming import NamedSource, named_source
from video_labeler.sources.source_list import with_lists_opened
from video_labeler.text.shown import json_text

if TYPE_CHECKING:
    from video_labeler.annotate.annotation import AnnotateOptions, AnnotateResult
    from video_labeler.annotate.batch import BatchItem, BatchResult

_SEEN_AT_MOST = 12

_MOST_AT_ONCE = 256

_OWN = ".labeled"
"""Distinguishes a result from its source where no output is named."""


class _AtOnce(click.ParamType[int | None]):
    """How many inputs at a time: a number, or ``auto`` (``None``)."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        if value is None or str(value).strip().lower() == "auto":
            return None
        if not str(value).isdecimal() or not 1 <= int(value) <= _MOST_AT_ONCE:
            self.fail(f"{value!r} is neither `auto` nor a number from 1 to {_MOST_AT_ONCE}.", param, ctx)
        return int(value)


@click.command("annotate", short_help="Write copies of videos with boxes and labels.")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "-o",
    "--output",
    type=LocalPath(),
    default=None,
    metavar="OUT",
    help="The annotated video, .mp4 or .mkv; a folder for many. Without it: SOURCE.labeled.mp4 in this "
    "folder, or the folder `labeled` for many.",
)
@click.option(
    "--labels",
    type=LocalPath(),
    default=None,
    metavar="OUT.jsonl",
    help="Also write the labels, one JSON line per frame.",
)
@click.option("--start", type=TIME, default=0.0, metavar="TIME", help="Begin at this time: seconds, or 1:30.")
@click.option("--end", type=TIME, default=None, metavar="TIME", help="Stop at this time.")
@click.option(
    "--give-up",
    type=click.FloatRange(min=0),
    default=20.0,
    show_default=True,
    metavar="SECONDS",
    help="End when a camera or live stream has sent nothing for this long; 0: never.",
)
@click.option(
    "--jobs",
    type=_AtOnce(),
    default="auto",
    show_default=True,
    metavar="N",
    help="Of many inputs, annotate up to N at a time, each in a process of its own; fewer while memory is short. "
    "`auto`: one for each core. They share the --threads. 1: one after the other.",
)
@click.option("--overwrite", is_flag=True, help="Replace results that exist.")
@click.option(
    "--retry-failed",
    is_flag=True,
    help="Of many inputs, also try those again that failed before and have not changed since.",
)
@click.option("--dry-run", is_flag=True, help="Only list what would be done.")
@click.option("--summary/--no-summary", default=None, help="Say what was seen; by default only on a terminal.")
@click.option("--json", "as_json", is_flag=True, help="Print a summary for programs.")
@output_options
@camera_options
@labeling_options
def command(
    sources: tuple[str, ...],
    output: Path | None,
    labels: Path | None,
    start: float,
    end: float | None,
    give_up: float,
    jobs: int | None,
    *,
    overwrite: bool,
    retry_failed: bool,
    dry_run: bool,
    summary: bool | None,
    as_json: bool,
    **options: Any,
) -> int:
    """Write a copy of SOURCE in which each object carries a box and its name, with its sound and its true times.

    SOURCE is a video file, an address (rtsp://, http://, udp://), a camera's number or name, a folder or pattern of
    pictures, or `synthetic`, a moving test picture. Several files, folders of videos, and lists of files (.m3u, .pls,
    or @LIST: a text with a path or an address in each line) are annotated into the folder OUT, several at a time; what
    has been done already is skipped. Ctrl-C ends early and keeps what is done.
    """
    settings = settings_of(options)
    recording = recording_options(options, overwrite=overwrite)
    wanted = wanted_outputs(options)

    from video_labeler.annotate.annotation import AnnotateOptions
    from video_labeler.annotate.batch import Batch, plan
    from video_labeler.annotate.side_by_side import annotate_all
    from video_labeler.commands.progress import progress_bars

    how = AnnotateOptions(start, end, recording, options["index"], give_up, settings)
    opened = with_lists_opened(sources, own_lists=True, other_hosts=settings.camera.other_hosts)
    if not opened.sources and not opened.bad:
        raise SourceError(opened.problem)
    if opened.problem:
        tell(f"Note: {opened.problem}")
    has_list, sources = opened.sources != sources, opened.sources
    is_one = len(sources) == 1 and not has_list and not (output is not None and output.is_dir())
    source = named_source(sources[0]) if is_one else None
    if source is None or _holds_many(source):
        if labels is not None:
            raise click.UsageError("--labels names one file. For many inputs, use --export jsonl.")
        folder = output or Path("labeled")
        planned = plan_jobs(sources, folder, opened.bad)
        inputs = [(job, targets_for(job.stem, f".{options['format']}", wanted)) for job in planned]
        with progress_bars(0 if dry_run else len(inputs)) as bars:
            batch = Batch(inputs, how, folder, bars, retry_failed=retry_failed)
            result = plan(batch) if dry_run else annotate_all(batch, jobs)
        return _tell_many(result, len(inputs), as_json=as_json)
    suffix = f".{options['format']}" if output is None else output.suffix
    stem = _own_stem(source) if output is None else output.with_suffix("")
    show_summary = sys.stdout.isatty() if summary is None else summary
    targets = targets_for(stem, suffix, wanted, labels)
    if dry_run:
        return _list_one(source, targets, how, as_json=as_json)
    return _annotate_one(source, targets, how, as_json=as_json, summary=show_summary)


def _holds_many(source: NamedSource) -> bool:
    return source.path is not None and source.path.is_dir() and holds_videos(source.path)


def _own_stem(source: NamedSource) -> Path:
    """The name of results without an OUT: in this folder, after the source."""
    return Path(f"{fitted_name(source.stem, _OWN + LONGEST_ENDING)}{_OWN}")


def _annotate_one(
    source: NamedSource, targets: Targets, how: "AnnotateOptions", *, as_json: bool, summary: bool
) -> int:
    from video_labeler.annotate.annotation import Annotation
    from video_labeler.commands.progress import progress_bars
    from video_labeler.labeling.loading import load_models

    with (
        progress_bars(1) as bars,
        closing(Annotation(source, targets, how)) as annotation,
        # Loaded before the source is opened, so that a live one loses no frame meanwhile.
        closing(load_models(how.settings.models)) as models,
    ):
        result = annotation.run(models, lambda now: bars.show(source.short, now))
    _tell_notes(result)
    if as_json:
        click.echo(json_text(_record(source.shown, targets, result)))
    elif result.stopped and not result.frames:
        tell("Stopped before the first picture: nothing was written.")
    elif result.stopped:
        tell(f"Stopped early. The {result.frames} frames labelled so far are in {targets.paths()[0]}.")
    elif summary:
        say(*_sentences(targets, result))
    return 1 if result.stopped else 0


def _sentences(targets: Targets, result: "AnnotateResult") -> list[str]:
    """What was written and what was seen, as sentences."""
    others = (path for path in targets.paths() if path != targets.video)
    lines = [f"Wrote {path}" for path in (*result.videos, *others)]
    lines.append(f"{result.frames} frames, labelled by {result.model}. Seen:")
    shown = result.seen[:_SEEN_AT_MOST]
    lines += [
        f"  {label.name} for {label.seen_s:.1f} s, between {label.first_s:.1f} s and {label.last_s:.1f} s"
        for label in shown
    ]
    if not shown:
        lines.append("  nothing that was certain enough to be named")
    elif len(result.seen) > len(shown):
        lines.append(f"  and {len(result.seen) - len(shown)} more labels, for shorter")
    return lines


def _list_one(source: NamedSource, targets: Targets, how: "AnnotateOptions", *, as_json: bool) -> int:
    """Check that the results can be made, and say which they are."""
    from video_labeler.annotate.annotation import Annotation

    with closing(Annotation(source, targets, how)):
        if as_json:
            click.echo(json_text({"source": source.shown, "outcome": "to do", **_wanted(targets)}))
        else:
            say(_to_do(source, targets))
    return 0


def _to_do(source: NamedSource, targets: Targets) -> str:
    return f"To do: {source.shown} -> {', '.join(map(str, targets.paths()))}"


def _tell_many(result: "BatchResult", inputs: int, *, as_json: bool) -> int:
    """Say what came of a batch, or would; the exit code."""
    from video_labeler.annotate.batch import Outcome

    items = result.items
    for item in items:
        if item.result is not None:
            _tell_notes(item.result, item.job)
    if as_json:
        click.echo(json_text([_batch_record(item) for item in items]))
    done, skipped, failed, to_do = ([i for i in items if i.outcome is outcome] for outcome in Outcome)
    if to_do and not as_json:
        say(*(_to_do(item.job.source, item.targets) for item in to_do))
    if sys.stdout.isatty() and not as_json:
        first = f"{len(to_do)} to do" if to_do else f"{len(done)} annotated"
        say(f"{first}, {len(skipped)} already done, {len(failed)} failed.")
    for item in failed:
        name = item.job.source.shown
        tell(f"Error: {item.error}" if name in item.error else f"Error: {name}: {item.error}")
    if result.stopped:
        tell(f"Stopped early, after {len(items)} of {inputs} files.")
    if result.problem:
        tell(f"Note: {result.problem}")
    return 1 if failed or result.stopped else 0


def _tell_notes(result: "AnnotateResult", job: Job | None = None) -> None:
    prefix = "Note: " if job is None else f"Note: {job.source.shown}: "
    for loss in result.losses:
        tell(f"{prefix}{loss}")
    if result.dropped:
        tell(f"{prefix}{result.dropped} frames came too fast to be labelled, and are not in the video.")


def _wanted(targets: Targets) -> dict[str, Any]:
    return {
        "video": None if targets.video is None else str(targets.video),
        "labels": None if targets.jsonl is None else str(targets.jsonl),
        "exports": {kind.value: str(path) for kind in Export if (path := getattr(targets, kind.value)) is not None},
        "report": None if targets.report is None else str(targets.report),
    }


def _record(source: str, targets: Targets, result: "AnnotateResult") -> dict[str, Any]:
    return {
        "source": source,
        **_wanted(targets),
        "videos": [str(path) for path in result.videos],
        "frames": result.frames,
        "model": result.model,
        "seen": [{"name": label.name, "seconds": round(label.seen_s, 3)} for label in result.seen],
        "dropped": result.dropped,
        "losses": list(result.losses),
        "stopped": result.stopped,
    }


def _batch_record(item: "BatchItem") -> dict[str, Any]:
    record: dict[str, Any] = {"source": item.job.source.shown, "outcome": item.outcome.value}
    if item.error:
        record["error"] = item.error
    if item.result is not None:
        record |= _record(item.job.source.shown, item.targets, item.result)
    elif item.outcome.value == "to do":
        record |= _wanted(item.targets)
    return record
