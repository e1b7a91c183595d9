"""`video-labeler models`: lists, fetches and checks the models."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from video_labeler.commands.telling import say, tell
from video_labeler.errors import ModelDownloadError, ModelNotFoundError
from video_labeler.models.catalog import CatalogEntry
from video_labeler.models.store import FileState, ModelStatus, ModelStore
from video_labeler.text.shown import json_text


@click.group("models", invoke_without_command=True, short_help="List, fetch or check the models.")
@click.option("--json", "as_json", is_flag=True, help="Print the list for programs.")
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """List the models known by name, and where their files are.

    The full models are the better choice; the basic ones need no download. A folder named by the environment
    variable VIDEO_LABELER_MODELS is searched first, then the cache of downloads.
    """
    if context.invoked_subcommand is None:
        _show(ModelStore().statuses(), as_json=as_json)


@command.command("list", short_help="List the models (the default).")
@click.option("--json", "as_json", is_flag=True, help="Print the list for programs.")
def list_models(*, as_json: bool) -> None:
    """List the models known by name, and where their files are."""
    _show(ModelStore().statuses(), as_json=as_json)


@command.command("fetch", short_help="Download the full models.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
def fetch(names: tuple[str, ...]) -> int:
    """Download the full models, or only those named, verify them and keep them for offline use."""
    store = ModelStore()
    failed = False
    for entry in _chosen(store, names):
        try:
            with _download_bar(entry) as progress:
                path = store.fetch(entry, progress)
        except ModelDownloadError as error:
            tell(f"Error: {error}")
            failed = True
        else:
            say(f"{entry.part} is in {path}.")
    return 1 if failed else 0


@command.command("check", short_help="Check the files of the models.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def check(*, as_json: bool) -> int:
    """Compare the model files with their checksums. Fails where one is damaged."""
    statuses = [status for status in ModelStore().statuses() if status.state is not FileState.MISSING]
    _show(statuses, as_json=as_json)
    return 1 if any(status.state is FileState.DAMAGED for status in statuses) else 0


def _chosen(store: ModelStore, names: Sequence[str]) -> list[CatalogEntry]:
    published = [entry for entry in store.catalog if not entry.is_built_in]
    if not names:
        return published
    by_name = {entry.name: entry for entry in published}
    for name in names:
        if name not in by_name:
            raise ModelNotFoundError(f"There is no model {name} to fetch. There are: {', '.join(by_name)}.")
    return [by_name[name] for name in names]


def _show(statuses: Sequence[ModelStatus], *, as_json: bool) -> None:
    if as_json:
        click.echo(json_text([_record(status) for status in statuses]))
        return
    for status in statuses:
        entry = status.entry
        say(f"{entry.name} ({entry.role.value})")
        say(f"  {entry.title}, {entry.size / 1e6:.1f} MB. {entry.credit}, {entry.licence}.")
        say(f"  {_place(status)}")


def _place(status: ModelStatus) -> str:
    match status.state:
        case FileState.RIGHT:
            return f"Ready: {status.path}"
        case FileState.DAMAGED:
            return f"Damaged: {status.path}. Delete it, then run `video-labeler models fetch`."
        case FileState.MISSING:
            return "Not here. Get it with `video-labeler models fetch`."


def _record(status: ModelStatus) -> dict[str, Any]:
    entry = status.entry
    return {
        "name": entry.name,
        "role": entry.role.value,
        "title": entry.title,
        "state": status.state.value,
        "path": None if status.path is None else str(status.path),
        "size": entry.size,
        "sha256": entry.sha256,
        "addresses": list(entry.addresses),
        "credit": entry.credit,
        "licence": entry.licence,
    }


@contextmanager
def _download_bar(entry: CatalogEntry) -> Iterator[Any]:
    """Show a progress bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(entry.part, total=entry.size)
        yield lambda done, size: bar.update(task, completed=done, total=size or entry.size)
