"""`video-labeler bench`: how fast and how accurate labelling is on this computer."""

import dataclasses
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from video_labeler.commands.options import labeling_options, settings_of
from video_labeler.commands.telling import say
from video_labeler.text.percent import percent

if TYPE_CHECKING:
    from video_labeler.evaluation.quality import Quality
    from video_labeler.frames import LabeledFrame
    from video_labeler.interface import VideoLabeler


@click.command("bench", short_help="Measure how fast and how accurate labelling is.")
@click.option("--quality", is_flag=True, help="Compare the labels of the demo clip with what it shows.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures for programs.")
@labeling_options
def command(*, quality: bool, as_json: bool, **options: Any) -> None:
    """Measure where the time of a 1280x720 frame goes, or (--quality) how accurate the labels of the demo clip are."""
    settings = settings_of(options)

    from video_labeler.interface import VideoLabeler

    with VideoLabeler(settings.models, settings.labeling, settings.labels) as labeler:
        figures = _quality(labeler) if quality else _speed(labeler)
        name = labeler.labeler.name
    if as_json:
        click.echo(json.dumps({"model": name, **{key: round(value, 4) for key, value, _ in figures}}))
        return
    say(f"Labelled by {name}")
    for key, _, words in figures:
        say(f"  {key:34} {words}")


def _speed(labeler: "VideoLabeler") -> list[tuple[str, float, str]]:
    from video_labeler.evaluation.speed import stage_costs

    return [(cost.stage, cost.milliseconds, f"{cost.milliseconds:7.2f} ms") for cost in stage_costs(labeler.models)]


def _quality(labeler: "VideoLabeler") -> list[tuple[str, float, str]]:
    from video_labeler.assets import asset
    from video_labeler.evaluation.quality import measure, read_truth

    truth = read_truth(asset("demo_truth.json"))
    frames: Iterator[LabeledFrame] = labeler.label_video(asset("demo.mp4"))
    return list(_texts(measure(frames, truth, labeler.models.hierarchy)))


def _texts(quality: "Quality") -> Iterator[tuple[str, float, str]]:
    formats = {"overlap": "{:7.2f}", "flicker": "{:7.2f} changes per object and second",
               "switches": "{:7.0f}", "elsewhere": "{:7.2f} per frame"}  # fmt: skip
    for item in dataclasses.fields(quality):
        value = getattr(quality, item.name)
        is_share = item.name not in formats
        yield item.name, value, f"{percent(value, 1):>8}" if is_share else formats[item.name].format(value)
