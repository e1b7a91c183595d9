"""Other views of the same objects: for trying them out, and for training."""

import math
from pathlib import Path

import bpy
import numpy as np

from demo_clip.camera import add_camera, look_at
from demo_clip.catalogue import BUILDERS
from demo_clip.rendering import render_still, set_up_rendering
from demo_clip.stage import WALL_Y, build_stage, empty_scene
from demo_clip.truth import wire_frame


def render_views(
    object_name: str, count: int, folder: Path, width: int = 480, height: int = 360, samples: int = 16, seed: int = 0
) -> list[Path]:
    """Render ``count`` views of one object from different sides, distances and heights; files that exist stay.

    The files are ``<object name>_<number>.png`` in ``folder``; the same arguments give the same pictures.

    Raises:
        KeyError: there is no object of that name (``catalogue.BUILDERS``).
    """
    folder.mkdir(parents=True, exist_ok=True)
    scene = empty_scene()
    build_stage(-2.5, 2.5, 2.5)
    thing = BUILDERS[object_name]()
    hanging = object_name == "Wall clock"
    if hanging:
        thing.location = (0, WALL_Y - 0.001, 0.45)
    set_up_rendering(scene, width, height, samples)
    camera = add_camera(scene)
    chance = np.random.default_rng(seed)
    paths = []
    for number in range(count):
        turn = 0.0 if hanging else chance.uniform(-0.5, 0.5)
        thing.rotation_euler = (0, 0, turn)
        around, over, fill = chance.uniform(-0.35, 0.35), chance.uniform(0.12, 0.4), chance.uniform(0.45, 0.75)
        _frame(camera, thing, around, 0.0 if hanging else over, fill)
        path = folder / f"{object_name.replace(' ', '_')}_{number:03d}.png"
        if not path.exists():
            render_still(scene, path)
        paths.append(path)
    return paths


def _frame(camera: bpy.types.Object, thing: bpy.types.Object, around: float, over: float, fill: float) -> None:
    """Look at the object so that it fills that share of the picture's height, or width where it is broad."""
    points = wire_frame(thing).vertices
    low, high = points.min(axis=0), points.max(axis=0)
    middle = (low + high) / 2
    render = bpy.context.scene.render
    tall = max(high[2] - low[2], (high[0] - low[0]) * render.resolution_y / render.resolution_x)
    view = camera.data.sensor_width / camera.data.lens * render.resolution_y / render.resolution_x
    distance = tall / (fill * view)
    direction = np.array([math.sin(around) * math.cos(over), -math.cos(around) * math.cos(over), math.sin(over)])
    look_at(camera, middle + direction * distance, middle)
