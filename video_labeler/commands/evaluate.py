"""`video-labeler evaluate`: how well a model names your own photographs."""

import dataclasses
from pathlib import Path
from typing import Any

import click

from video_labeler.commands.options import LocalPath, label_names_option, labeling_options, settings_of
from video_labeler.commands.telling import say, tell
from video_labeler.text.percent import percent
from video_labeler.text.shown import json_text


@click.command("evaluate", short_help="Judge a model on photographs with known names.")
@click.argument("folder", type=LocalPath())
@click.option(
    "--truth",
    type=LocalPath(),
    required=True,
    metavar="labels.json",
    help='The true names: one JSON object, {"photo.jpg": "Mug", ...}.',
)
@click.option("--details", is_flag=True, help="Also print the label of each photograph.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures for programs.")
@label_names_option
@labeling_options
def command(folder: Path, truth: Path, *, details: bool, as_json: bool, **options: Any) -> int:  # fmt: skip
    """Label the photographs in FOLDER and count how often the first label of the most prominent object is right."""
    settings = settings_of(options)

    from video_labeler.evaluation.photographs import judge, read_truth, summarised
    from video_labeler.interface import VideoLabeler

    names = read_truth(truth)
    with VideoLabeler(settings.models, settings.labeling, settings.labels) as labeler:
        verdicts = list(judge(labeler, folder, names))
        spoke = labeler.labeler.name
    figures = summarised(verdicts)
    unread = [verdict for verdict in verdicts if verdict.error]
    for verdict in unread:
        tell(f"Error: {verdict.error} It is not counted.")
    if as_json:
        result = {"model": spoke, "photographs": figures.count}
        result |= {name: round(getattr(figures, name), 4) for name in ("exact", "said", "precision")}
        if details:
            result["details"] = [dataclasses.asdict(verdict) for verdict in verdicts]
        click.echo(json_text(result))
        return 1 if unread else 0
    if details:
        for verdict in verdicts:
            sign = "=" if verdict.said == verdict.truth else "!"
            if verdict.error:
                continue
            said = "not sure" if verdict.said is None else f"{verdict.said} {verdict.confidence:.2f}"
            say(f"{sign} {verdict.file}: {said} (is: {verdict.truth})")
    say(f"{figures.count} photographs, labelled by {spoke}")
    say(f"  exact      {percent(figures.exact, 1):>7}   the first label is the true name")
    say(f"  named      {percent(figures.said, 1):>7}   anything was certain enough to be named")
    say(f"  precision  {percent(figures.precision, 1):>7}   of what was named, this was exact")
    return 1 if unread else 0
