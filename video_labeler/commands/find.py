"""`video-labeler find`: which annotated files show a label, and when."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from video_labeler.commands.options import LocalPath
from video_labeler.commands.telling import say, tell
from video_labeler.text.shown import json_text, shown

if TYPE_CHECKING:
    from video_labeler.archive.search import Finding, SearchResult

_NAMED = 3
"""The most missing files to name; any more are only counted."""


@click.command("find", short_help="Find the videos and seconds that show something.")
@click.argument("label")
@click.argument("folder", type=LocalPath(exists=True, file_okay=False), default=Path())
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Leave out what was less certain at its best moment (0 to 1).",
)
@click.option("--limit", type=click.IntRange(min=1), default=None, metavar="COUNT", help="Print at most this many.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")
def command(label: str, folder: Path, *, min_confidence: float, limit: int | None, as_json: bool) -> int:
    """Print which annotated files in FOLDER (and below it) show LABEL, and from when to when.

    A broader label finds narrower ones: `container` finds bottles. FOLDER defaults to the current one. Exit code 1
    means that nothing was found.
    """
    from video_labeler.archive.search import search
    from video_labeler.assets import asset
    from video_labeler.labeling.hierarchy import HIERARCHY_FILE, LabelHierarchy

    result = search(label, folder, LabelHierarchy.load(asset(HIERARCHY_FILE)), min_confidence)
    listed = result.findings[:limit]
    if as_json:
        click.echo(json_text(_summary(label, listed, result)))
    elif listed:
        _print_lines(listed)
    for problem in result.problems:
        tell(f"Note: {problem}")
    if result.gone:
        tell(f"Note: {_gone_sentence(result.gone)}")
    if not listed:
        tell(_nothing_sentence(label, folder, result))
        return 1
    if len(listed) < len(result.findings) and not as_json:
        tell(f"Note: {len(result.findings) - len(listed)} more are not shown.")
    return 0


def _summary(word: str, listed: "tuple[Finding, ...]", result: "SearchResult") -> dict[str, Any]:
    return {
        "label": word,
        "found": [
            {
                "file": str(finding.file),
                "start_s": finding.start_s,
                "end_s": finding.end_s,
                "row": finding.label.row,
                "id": finding.label.id,
                "name": finding.label.name,
                "confidence": finding.confidence,
                "objects": finding.objects,
            }
            for finding in listed
        ],
        "found_in_all": len(result.findings),
        "searched": result.recordings,
        "suggestions": list(result.suggestions),
        "gone": [str(path) for path in result.gone],
        "problems": list(result.problems),
    }


def _print_lines(listed: "tuple[Finding, ...]") -> None:
    from video_labeler.archive.search import clock_time
    from video_labeler.text.percent import percent

    times = [f"{clock_time(finding.start_s)}-{clock_time(finding.end_s)}" for finding in listed]
    names = [shown(str(finding.file)) for finding in listed]
    file_width = max(map(len, names))
    time_width = max(map(len, times))
    for finding, name, time in zip(listed, names, times, strict=True):
        said = f"{finding.label.name} {percent(finding.confidence)}"
        many = f" ({finding.objects} objects)" if finding.objects > 1 else ""
        say(f"{name:<{file_width}}  {time:<{time_width}}  {said}{many}")


def _gone_sentence(gone: tuple[Path, ...]) -> str:
    if len(gone) == 1:
        return f"{gone[0]} no longer exists, and is left out."
    others = f" and {len(gone) - _NAMED} others" if len(gone) > _NAMED else ""
    return f"{', '.join(map(str, gone[:_NAMED]))}{others} no longer exist, and are left out."


def _nothing_sentence(word: str, folder: Path, result: "SearchResult") -> str:
    from video_labeler.archive.search import joined_words

    if not result.known:
        meant = f" Did you mean {joined_words(result.suggestions)}?" if result.suggestions else ""
        return f"No label is called {word!r}.{meant}"
    place = "this folder" if folder == Path() else str(folder)
    if not result.indexes:
        return f"There is nothing to search in {place}: `video-labeler annotate` makes an index beside its videos."
    files = "file" if result.recordings == 1 else "files"
    return f"Nothing shows {word!r} in the {result.recordings} annotated {files} of {place}."
