"""Where the objects stand: a wooden table top before a plain wall, in the light of a window."""

import math

import bpy
import numpy as np

from demo_clip.materials import mottled, wood
from demo_clip.meshes import Points, mesh_object

TABLE_DEPTH = 0.85
"""From the front edge to the wall, which is at y = 0.35."""

WALL_Y = 0.35


def empty_scene() -> bpy.types.Scene:
    """A new scene with nothing in it."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    return bpy.context.scene


def build_stage(left: float, right: float, wall_height: float = 1.1) -> list[bpy.types.Object]:
    """Table top (its surface at z = 0), wall and light along x from ``left`` to ``right``; the table and the wall."""
    middle, length = (left + right) / 2, right - left
    oak = wood("oak", (0.23, 0.125, 0.058), (0.42, 0.26, 0.135), "x", 0.42)
    plaster = mottled("plaster", (0.6, 0.585, 0.55), (0.64, 0.625, 0.59), 14.0, 0.9)
    table = mesh_object("table", *_table_top(left, right), oak)
    corners = [(left, WALL_Y, 0.0), (right, WALL_Y, 0.0), (right, WALL_Y, wall_height), (left, WALL_Y, wall_height)]
    wall = mesh_object("wall", np.array(corners), [[0, 1, 2, 3]], plaster)
    light_room(middle, length)
    return [table, wall]


def _table_top(left: float, right: float) -> tuple[Points, list[list[int]]]:
    """Surface and rounded front edge of the table; it ends at the wall, so that nothing of it lies in the dark."""
    edge, thick = 0.006, 0.04
    front = WALL_Y - TABLE_DEPTH
    rounding = [(front + edge - edge * math.sin(t), edge * math.cos(t) - edge) for t in np.linspace(0, math.pi / 2, 6)]
    profile = [(WALL_Y, 0.0), *rounding, (front, -thick)]
    vertices = [(x, y, z) for x in (left, right) for y, z in profile]
    count = len(profile)
    return np.array(vertices), [[i, i + 1, count + i + 1, count + i] for i in range(count - 1)]


def light_room(middle: float, length: float) -> None:
    """Soft light from all around, and a row of windows behind the viewer to the left."""
    world = bpy.data.worlds.new("room")
    bpy.context.scene.world = world
    world.use_nodes = True
    background = world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value = (0.8, 0.87, 1.0, 1.0)
    background.inputs["Strength"].default_value = 0.36
    lamp = bpy.data.lights.new("window", "AREA")
    lamp.shape = "RECTANGLE"
    lamp.size, lamp.size_y = length + 1.0, 1.1
    lamp.energy = 17.0 * lamp.size
    lamp.color = (1.0, 0.95, 0.87)
    window = bpy.data.objects.new("window", lamp)
    window.location = (middle - 0.9, -1.5, 1.5)
    window.rotation_euler = (math.radians(50), 0, math.radians(-12))
    bpy.context.scene.collection.objects.link(window)
