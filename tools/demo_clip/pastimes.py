"""Things for quiet hours: book and dice."""

import bpy
import numpy as np

from demo_clip.materials import fabric, metal, mottled, plain
from demo_clip.meshes import box, group, mesh_object, text, turned


def book() -> bpy.types.Object:
    """A thick book standing upright, 22 cm."""
    cover = fabric("book cloth", (0.02, 0.06, 0.2), (0.03, 0.09, 0.28), 1500.0)
    paper = mottled("pages", (0.72, 0.68, 0.58), (0.82, 0.78, 0.68), 400.0, 0.9)
    gilt = metal("gilt", (0.75, 0.55, 0.2), 0.35)
    parts = [
        box("pages", (0.15, 0.036, 0.212), (0.003, 0, 0.112), paper, 0.001),
        box("front", (0.16, 0.003, 0.224), (0.003, -0.0195, 0.112), cover, 0.001),
        box("back", (0.16, 0.003, 0.224), (0.003, 0.0195, 0.112), cover, 0.001),
        box("spine", (0.004, 0.042, 0.224), (-0.077, 0, 0.112), cover, 0.0015),
    ]
    for words, size, height in (
        ("THE", 0.008, 0.185),
        ("ATLAS", 0.018, 0.162),
        ("of the sea", 0.01, 0.138),
        ("* * *", 0.01, 0.05),
    ):
        vertices, faces = text(words, size)
        upright = np.column_stack([vertices[:, 0] + 0.003, -0.0213 - vertices[:, 2], vertices[:, 1] + height])
        parts.append(mesh_object("title", upright, faces, gilt))
    return group("Book", parts)


def dice() -> bpy.types.Object:
    """Two red dice, 3 cm each."""
    red = plain("dice", (0.55, 0.012, 0.015), 0.12, Coat_Weight=0.5)
    white = plain("pips", (0.85, 0.85, 0.83), 0.4)
    parts = []
    for x, y, turn in ((-0.024, 0.004, 0.5), (0.022, -0.008, -0.6)):
        for part in _die(red, white):
            part.rotation_euler = (0, 0, turn)
            part.location = (x, y, 0.015)
            parts.append(part)
    return group("Dice", parts)


def _die(body: bpy.types.Material, white: bpy.types.Material) -> list[bpy.types.Object]:
    """A die around the origin."""
    spots = {1: [(0, 0)], 2: [(-1, -1), (1, 1)], 3: [(-1, -1), (0, 0), (1, 1)]}
    spots[4] = [(x, y) for x in (-1, 1) for y in (-1, 1)]
    spots[5] = [*spots[4], (0, 0)]
    spots[6] = [(x, y) for x in (-1, 1) for y in (-1, 0, 1)]
    turns = {
        1: np.eye(3),
        6: np.diag([1, -1, -1]),
        2: np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]]),
        5: np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]]),
    }
    turns[3], turns[4] = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]]), np.array([[0, 0, -1], [1, 0, 0], [0, -1, 0]])
    parts = [box("die", (0.03, 0.03, 0.03), (0, 0, 0), body, 0.004)]
    for value, turn in turns.items():
        for x, y in spots[value]:
            disc, faces = turned([(0.0029, 0.0), (0.0026, 0.0003), (0, 0.0003)], 32)
            parts.append(mesh_object("pip", (disc + np.array([0.0072 * x, 0.0072 * y, 0.015])) @ turn.T, faces, white))
    return parts
