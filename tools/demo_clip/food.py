"""Other things to eat: pumpkin and doughnut."""

import math

import bpy
import numpy as np

from demo_clip.colors import mixed, uniform
from demo_clip.materials import mottled, painted, plain
from demo_clip.meshes import Points, group, mesh_object, spline, swept, turned


def pumpkin() -> bpy.types.Object:
    """A ribbed pumpkin, 24 cm."""
    line = spline(
        [
            (0, 0.02),
            (0.04, 0.004),
            (0.09, 0.025),
            (0.12, 0.08),
            (0.105, 0.135),
            (0.06, 0.165),
            (0.025, 0.16),
            (0, 0.148),
        ]
    )
    vertices, faces = turned(line, 240)
    angle = np.arctan2(vertices[:, 1], vertices[:, 0])
    rib = np.abs(np.cos(angle * 6)) ** 0.5
    vertices[:, :2] *= (0.9 + 0.1 * rib)[:, None]
    colors = mixed(uniform((0.5, 0.1, 0.005), len(vertices)), (0.85, 0.27, 0.02), rib)
    stem = spline([(0, 0, 0.145), (0.004, 0, 0.18), (0.02, 0, 0.205), (0.032, 0, 0.212)])
    return group(
        "Pumpkin",
        [
            mesh_object("pumpkin", vertices, faces, painted("pumpkin skin", 0.4, 300.0, 0.0008), colors),
            mesh_object(
                "stem", *swept(stem, np.linspace(0.02, 0.011, len(stem)), 10), plain("stalk", (0.16, 0.16, 0.05), 0.8)
            ),
        ],
    )


def doughnut() -> bpy.types.Object:
    """A doughnut with pink icing and sprinkles, leaning back, 9 cm."""
    dough = mottled("dough", (0.45, 0.2, 0.055), (0.62, 0.33, 0.11), 120.0, 0.7, 0.0008)
    icing = plain("icing", (0.75, 0.16, 0.3), 0.25, Coat_Weight=0.3)
    ring, wide = 0.03, 0.0165
    parts = [mesh_object("dough", *_torus(ring, wide, 0, 2 * math.pi), dough)]
    parts.append(mesh_object("icing", *_torus(ring, wide + 0.0014, -0.35, math.pi + 0.35, 0.22), icing))
    chance = np.random.default_rng(5)
    paints = [
        plain("sprinkle", color, 0.4)
        for color in ((0.8, 0.75, 0.7), (0.05, 0.25, 0.6), (0.8, 0.55, 0.04), (0.1, 0.45, 0.12))
    ]
    for index in range(90):
        around, over = chance.uniform(0, 2 * math.pi), chance.uniform(0.25, math.pi - 0.25)
        out = np.array([math.cos(around), math.sin(around), 0.0])
        normal = math.cos(over) * out + math.sin(over) * np.array([0, 0, 1.0])
        center = ring * out + (wide + 0.0018) * normal
        direction = np.cross(normal, chance.normal(size=3))
        direction *= 0.0028 / np.linalg.norm(direction)
        path = np.linspace(center - direction, center + direction, 4)
        parts.append(mesh_object("sprinkle", *swept(path, [0.0006, 0.0008, 0.0008, 0.0006], 8), paints[index % 4]))
    return _leant(group("Doughnut", parts), 0.95, ring + wide)


def _leant(thing: bpy.types.Object, angle: float, reach: float) -> bpy.types.Object:
    """Turned up towards the viewer; ``reach`` is how far it extends from its middle."""
    for part in thing.children:
        part.rotation_euler = (angle, 0, 0)
        part.location = (0, 0, reach * math.sin(angle) + 0.004)
    return thing


def _torus(ring: float, wide: float, start: float, end: float, waves: float = 0.0) -> tuple[Points, list[list[int]]]:
    """A ring's part from one angle around its tube to another (0 outside, pi inside), its edge in waves."""
    around, across = 144, 40
    vertices = []
    for i in range(around):
        a = 2 * math.pi * i / around
        wobble = waves * (math.sin(7 * a) + 0.5 * math.sin(11 * a + 1))
        for t in np.linspace(start - wobble, end + wobble, across):
            r = ring + wide * math.cos(t)
            vertices.append((r * math.cos(a), r * math.sin(a), wide * math.sin(t)))
    last = across - 1
    starts = [(i * across, (i + 1) % around * across) for i in range(around)]
    faces = [[a + k, b + k, b + k + 1, a + k + 1] for a, b in starts for k in range(last)]
    return np.array(vertices), faces
