"""The frames of the clip and the truth about them."""

import json
import logging
from pathlib import Path

import bpy

from demo_clip.baking import bake_light
from demo_clip.camera import add_camera
from demo_clip.choreography import DURATION_S, RATE, STOPS, move_camera, place_objects
from demo_clip.rendering import render_still, set_up_rendering
from demo_clip.stage import build_stage, empty_scene
from demo_clip.truth import Visible, visible_part, wire_frame

FRAMES = round(DURATION_S * RATE)

_MARGINS = (0.7, 1.3)
"""How far the stage goes on beyond the first and the last object, in metres; at the end it is seen from further off."""

_log = logging.getLogger(__name__)


def frame_path(folder: Path, number: int) -> Path:
    """Where frame ``number`` lies."""
    return folder / f"frame_{number:04d}.png"


def render_clip(folder: Path, truth: Path, width: int, height: int, samples: int, step: int = 1) -> None:
    """Write the truth, and render each frame that is not in ``folder`` yet, or only every ``step``-th.

    Sizes are pixels; ``samples`` are rays a pixel. Frames of another size must not lie in ``folder``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scene = empty_scene()
    surfaces = build_stage(STOPS[0].x - _MARGINS[0], STOPS[-1].x + _MARGINS[1])
    things = place_objects()
    set_up_rendering(scene, width, height, samples)
    camera = add_camera(scene)
    _write_truth(scene, camera, things, truth)
    missing = [number for number in range(0, FRAMES, step) if not frame_path(folder, number).exists()]
    if not missing:
        return
    bake_light(scene, surfaces)
    for number in missing:
        move_camera(camera, number / RATE)
        render_still(scene, frame_path(folder, number))
        _log.info("frame %d of %d", number, FRAMES)


def _write_truth(
    scene: bpy.types.Scene, camera: bpy.types.Object, things: dict[str, bpy.types.Object], path: Path
) -> None:
    """For each frame the name, box (pixels) and visible share of all that is in the picture, as JSON."""
    meshes = {name: wire_frame(thing) for name, thing in things.items()}
    frames = []
    for number in range(FRAMES):
        move_camera(camera, number / RATE)
        bpy.context.view_layer.update()
        seen = [(name, visible_part(mesh, scene)) for name, mesh in meshes.items()]
        frames.append(f'{{"frame": {number}, "objects": [{", ".join(_record(*item) for item in seen if item[1])}]}}')
    render = scene.render
    head = f'{{"width": {render.resolution_x}, "height": {render.resolution_y}, "rate": {RATE}, "frames": [\n'
    path.write_text(head + ",\n".join(frames) + "\n]}\n", encoding="utf-8")


def _record(name: str, visible: Visible | None) -> str:
    assert visible is not None
    return json.dumps({"name": name, "box": visible.box, "visible": visible.share})
