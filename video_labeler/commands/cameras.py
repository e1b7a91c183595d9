"""`video-labeler cameras`: which cameras there are."""

from typing import TYPE_CHECKING

import click

from video_labeler.commands.telling import say
from video_labeler.text.shown import json_text

if TYPE_CHECKING:
    from video_labeler.sources.camera_list import CameraDevice


@click.command("cameras", short_help="List the cameras.")
@click.option("--json", "as_json", is_flag=True, help="Print the list for programs.")
def command(*, as_json: bool) -> None:
    """List the cameras of this computer: number, name, sizes, and a name that stays the same."""
    from video_labeler.sources.camera_list import list_cameras
    from video_labeler.sources.camera_trouble import permission_trouble

    cameras = list_cameras()
    if as_json:
        records = [
            {
                "index": camera.index,
                "name": camera.name,
                "stable_id": camera.stable_id,
                "lasting": camera.lasting.value,
                "path": camera.path,
                "sizes": [list(size) for size in camera.sizes],
            }
            for camera in cameras
        ]
        click.echo(json_text(records))
        return
    if not cameras:
        say("No camera is connected. Try a video file, or `synthetic` for the moving test picture.")
    for camera in cameras:
        say(f"{camera.index}: {camera.name}")
        if camera.sizes:
            say(f"   sizes: {', '.join(f'{width}x{height}' for width, height in camera.sizes)}")
        say(f"   {_how_to_name(camera)}")
        trouble = permission_trouble(camera)
        if trouble is not None:
            say(f"   {trouble}")


def _how_to_name(camera: "CameraDevice") -> str:
    from video_labeler.sources.camera_list import Lasting

    match camera.lasting:
        case Lasting.ITSELF if camera.has_serial:
            return f"always the same: {camera.stable_id}"
        case Lasting.ITSELF:
            return f"the same while no second camera of its model is plugged in: {camera.stable_id}"
        case Lasting.PORT:
            return f"the same while it stays in this port: {camera.stable_id}"
        case Lasting.NAME:
            return f"the same while no other has its name: {camera.stable_id}"
        case Lasting.NUMBER:
            return f"may be another camera after the next start: {camera.stable_id}"
