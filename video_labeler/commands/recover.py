"""`video-labeler recover`: saves recordings that were cut off."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from video_labeler.commands.options import LocalPath
from video_labeler.commands.telling import say, tell
from video_labeler.text.shown import json_text


@click.command("recover", short_help="Save recordings that were cut off by a crash.")
@click.argument("places", nargs=-1, type=LocalPath(), metavar="[FOLDER|FILE]...")
@click.option("--list", "only_list", is_flag=True, help="Only list what was found.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def command(places: tuple[Path, ...], *, only_list: bool, as_json: bool) -> int:
    """Turn recordings that a crash or a power cut left unfinished into ordinary videos.

    Looks for NAME.partial.mp4 and NAME.partial.mkv in the FOLDERs and below them (without any: in this folder) and
    saves each as NAME.recovered.mp4 beside it. Nothing is re-encoded, and recordings still being written are left
    alone.
    """
    from video_labeler.archive.recover import LeftoverState, find_leftovers, look_at, recover
    from video_labeler.errors import VideoLabelerError

    results: list[dict[str, Any]] = []
    failed = False
    for path in find_leftovers(places or (Path(),)):
        target = None
        try:
            if only_list:
                leftover = look_at(path)
            else:
                leftover, target = recover(path)
        except VideoLabelerError as error:
            failed = True
            results.append({"file": str(path), "state": "failed", "error": str(error)})
            tell(f"Error: {error}")
            continue
        results.append(
            {
                "file": str(path),
                "name": leftover.name,
                "state": "recovered" if target else leftover.state.value,
                "recovered": str(target) if target else None,
                "frames": leftover.frames,
                "seconds": leftover.seconds,
                "begun": _local_time(leftover.begun_s) if leftover.frames else None,
            }
        )
        if not as_json:
            say(_sentence(path, leftover.state is LeftoverState.IN_USE, leftover.seconds, target))
    if as_json:
        click.echo(json_text(results))
    elif not results:
        say("There are no unfinished recordings.")
    return 1 if failed else 0


def _local_time(since_1970_s: float) -> str:
    return datetime.fromtimestamp(since_1970_s).astimezone().isoformat(timespec="seconds")


def _sentence(path: Path, in_use: bool, seconds: float, target: Path | None) -> str:
    if target is not None:
        return f"Saved {seconds:.1f} s of {path} as {target}."
    if in_use:
        return f"{path} is still being written, and is left alone."
    if seconds:
        return f"{path}: {seconds:.1f} s can be saved."
    return f"{path} holds no picture: it was cut off before the first one was written. You may delete it."
