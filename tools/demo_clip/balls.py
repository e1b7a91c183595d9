"""Balls: for football, basketball and tennis."""

import math

import bpy
import numpy as np
from numpy.typing import NDArray

from demo_clip.colors import mixed, uniform
from demo_clip.materials import painted
from demo_clip.meshes import Points, ball, group, mesh_object

_GOLDEN = (1 + math.sqrt(5)) / 2


def football() -> bpy.types.Object:
    """A football of twelve black and twenty white panels, 22 cm."""
    vertices, faces = ball(1.0, 8)
    first, second, pentagon = _panels(vertices)
    seam = np.clip((first - second) / 0.02, 0, 1)
    colors = np.where(pentagon[:, None], (0.012, 0.012, 0.014), (0.8, 0.8, 0.78)) * (0.35 + 0.65 * seam[:, None] ** 0.5)
    return _resting("Football", vertices, faces, 0.97 + 0.03 * seam**0.4, colors, 0.11, painted("panels", 0.3))


def basketball() -> bpy.types.Object:
    """An orange ball with black seams and pebbled skin, 24 cm."""
    vertices, faces = ball(1.0, 8)
    x, _, z = vertices.T
    curve = np.abs(np.abs(x) - np.sqrt(np.clip(0.2 + 0.5 * z**2, 0, None)))
    away = np.min([np.abs(z), np.abs(x), curve * 0.8], axis=0)
    seam = np.clip((away - 0.012) / 0.012, 0, 1)
    colors = mixed(uniform((0.012, 0.01, 0.01), len(vertices)), (0.55, 0.15, 0.03), seam)
    return _resting(
        "Basketball", vertices, faces, 0.985 + 0.015 * seam, colors, 0.12, painted("pebbles", 0.5, 420.0, 0.0012)
    )


def tennis_ball() -> bpy.types.Object:
    """A felted ball with one white seam, 6.6 cm."""
    vertices, faces = ball(1.0, 7)
    t = np.linspace(0, 2 * math.pi, 400)
    a, b = 0.75, 0.25
    line = np.column_stack(
        [a * np.cos(t) + b * np.cos(3 * t), a * np.sin(t) - b * np.sin(3 * t), 2 * math.sqrt(a * b) * np.sin(2 * t)]
    )
    away = np.arccos(np.clip((vertices @ line.T).max(axis=1), -1, 1))
    seam = np.clip((away - 0.045) / 0.03, 0, 1)
    fuzz = np.random.default_rng(1).uniform(0.85, 1.1, len(vertices))[:, None]
    colors = mixed(uniform((0.75, 0.75, 0.68), len(vertices)), (0.52, 0.66, 0.04), seam) * fuzz
    return _resting(
        "Tennis ball",
        vertices,
        faces,
        0.975 + 0.025 * seam,
        colors,
        0.033,
        painted("felt", 0.95, 2600.0, 0.001, Sheen_Weight=0.6),
    )


def _panels(directions: Points) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Of a truncated icosahedron: how near each direction is to its panel and the next, and if it is a pentagon.

    The faces of a truncated icosahedron of unit edge lie 2.32744 (pentagons) and 2.26728 (hexagons) from its middle.
    """
    pentagons = _signed(0, 1, _GOLDEN)
    hexagons = np.vstack(
        [_signed(0, _GOLDEN, 1 / _GOLDEN), np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])]
    )
    five = directions @ (pentagons / np.linalg.norm(pentagons, axis=1, keepdims=True)).T / 2.32744
    six = directions @ (hexagons / np.linalg.norm(hexagons, axis=1, keepdims=True)).T / 2.26728
    ordered = np.sort(np.hstack([five, six]), axis=1) * 2.3
    return ordered[:, -1], ordered[:, -2], five.max(axis=1) > six.max(axis=1)


def _signed(zero: float, small: float, large: float) -> Points:
    """The twelve cyclic arrangements of (0, ±small, ±large)."""
    return np.array(
        [np.roll((zero, s * small, t * large), turn) for turn in range(3) for s in (-1, 1) for t in (-1, 1)]
    )


def _resting(
    name: str,
    directions: Points,
    faces: list[list[int]],
    swell: NDArray[np.float64],
    colors: Points,
    radius: float,
    skin: bpy.types.Material,
) -> bpy.types.Object:
    """The ball at rest on the ground, turned so that its pattern is seen askew."""
    tilt, spin = 0.5, 0.6
    about_x = np.array([[1, 0, 0], [0, math.cos(tilt), -math.sin(tilt)], [0, math.sin(tilt), math.cos(tilt)]])
    about_z = np.array([[math.cos(spin), -math.sin(spin), 0], [math.sin(spin), math.cos(spin), 0], [0, 0, 1]])
    vertices = directions * swell[:, None] * radius @ about_z.T @ about_x.T + (0, 0, radius)
    return group(name, [mesh_object(name.lower(), vertices, faces, skin, colors)])
