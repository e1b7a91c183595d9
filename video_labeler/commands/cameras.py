"""`video-labeler cameras`: which cameras there are."""

import click

from video_labeler.safe_text import json_text


@click.command("cameras", short_help="List the cameras.")
@click.option("--json", "as_json", is_flag=True, help="Print the list for programs.")
def command(*, as_json: bool) -> None:
    """List the cameras of this computer: number, name, sizes, and a name that stays the same."""
    from video_labeler.sources.camera_list import list_cameras

    cameras = list_cameras()
    if as_json:
        records = [
            {
                "index": camera.index,
                "name": camera.name,
                "stable_id": camera.stable_id,
                "path": camera.path,
                "sizes": [list(size) for size in camera.sizes],
            }
            for camera in cameras
        ]
        click.echo(json_text(records))
        return
    if not cameras:
        click.echo("No camera is connected. Try a video file, or `synthetic` for the moving test picture.")
    for camera in cameras:
        click.echo(f"{camera.index}: {camera.name}")
        if camera.sizes:
            click.echo(f"   sizes: {', '.join(f'{width}x{height}' for width, height in camera.sizes)}")
        click.echo(f"   always the same: {camera.stable_id}")
