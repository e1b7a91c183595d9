"""`video-labeler label`: what pictures show."""

from typing import TYPE_CHECKING, Any

import click

from video_labeler.commands.options import label_names_option, labeling_options, settings_of
from video_labeler.commands.telling import say, tell
from video_labeler.errors import SourceError
from video_labeler.text.shown import json_text

if TYPE_CHECKING:
    from video_labeler.frames import LabeledFrame, LabeledObject


@click.command("label", short_help="Say what pictures show.")
@click.argument("images", nargs=-1, required=True, metavar="IMAGE...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line per picture.")
@label_names_option
@labeling_options
def command(images: tuple[str, ...], *, as_json: bool, **options: Any) -> int:
    """Say what each IMAGE shows: the most specific name first, with its confidence and where it is."""
    settings = settings_of(options)

    from video_labeler.interface import VideoLabeler
    from video_labeler.sources.pictures import read_picture
    from video_labeler.text.file_address import local_path

    failed = False
    with VideoLabeler(settings.models, settings.labeling, settings.labels) as labeler:
        for image in images:
            try:
                path = local_path(image)
                shown, picture = str(path), read_picture(path)
            except SourceError as error:
                tell(f"Error: {error}")
                failed = True
                continue
            if picture.note:
                tell(f"Note: {picture.note}")
            labeled = labeler.label_image(picture.image)
            model = labeler.labeler.name
            if as_json:
                click.echo(_json_line(shown, model, labeled))
            else:
                say(*_sentences(shown, labeled))
    return 1 if failed else 0


def _json_line(image: str, model: str, labeled: "LabeledFrame") -> str:
    from video_labeler.exports.label_file import object_records

    return json_text({"file": image, "model": model, "objects": object_records(labeled)})


def _sentences(image: str, labeled: "LabeledFrame") -> list[str]:
    lines = [_object_line(item) for item in labeled.objects if item.predictions]
    if not lines:
        return [f"{image}: not sure"]
    return [f"{image}:", *(f"  {line}" for line in lines)]


def _object_line(item: "LabeledObject") -> str:
    from video_labeler.text.percent import percent

    first, *others = item.predictions
    box = item.box
    text = f"{first.label.name} {percent(first.confidence)}"
    if others:
        text += f" ({', '.join(other.label.name for other in others)})"
    return f"{text} at x {box.x_min:.0f} to {box.x_max:.0f}, y {box.y_min:.0f} to {box.y_max:.0f}"
