"""Fruit: apple, orange, lemon, banana, pear."""

import math

import bpy
import numpy as np

from demo_clip.colors import mixed, uniform
from demo_clip.materials import mottled, painted, plain
from demo_clip.meshes import Points, group, mesh_object, spline, swept, turned


def apple() -> bpy.types.Object:
    """A red apple with a yellow blush, 8 cm."""
    line = spline(
        [
            (0, 0.008),
            (0.012, 0.001),
            (0.026, 0.008),
            (0.039, 0.036),
            (0.036, 0.06),
            (0.022, 0.075),
            (0.01, 0.0735),
            (0.003, 0.064),
            (0, 0.062),
        ]
    )
    vertices, faces = turned(line)
    angle, height = np.arctan2(vertices[:, 1], vertices[:, 0]), vertices[:, 2]
    vertices[:, :2] *= (1 + 0.025 * np.cos(5 * angle) * (1 - height / 0.08))[:, None]
    streaks = 0.5 + 0.25 * np.sin(23 * angle) + 0.25 * np.sin(41 * angle + 1)
    blush = np.clip(
        0.75 * np.cos(angle - 2.2) - 0.35 + 0.25 * streaks + np.exp(-(((height - 0.066) / 0.008) ** 2)) * 0.5, 0, 1
    )
    colors = mixed(uniform((0.42, 0.012, 0.014), len(vertices)), (0.62, 0.42, 0.06), blush)
    stem = spline([(0, 0, 0.06), (0.001, 0, 0.072), (0.005, 0, 0.086)])
    return group(
        "Apple",
        [
            mesh_object("apple", vertices, faces, painted("apple skin", 0.22, Coat_Weight=0.25), colors),
            mesh_object("stem", *swept(stem, np.linspace(0.0012, 0.0018, len(stem)), 10), _bark()),
        ],
    )


def orange() -> bpy.types.Object:
    """An orange with dimpled skin, 8 cm."""
    line = spline(
        [
            (0, 0.001),
            (0.018, 0.002),
            (0.035, 0.018),
            (0.0395, 0.038),
            (0.035, 0.06),
            (0.018, 0.0745),
            (0.004, 0.0755),
            (0, 0.0745),
        ]
    )
    vertices, faces = turned(line)
    colors = uniform((0.8, 0.2, 0.012), len(vertices))
    button = [(0, 0.0735), (0.0025, 0.0745), (0.003, 0.076), (0, 0.077)]
    return group(
        "Orange",
        [
            mesh_object("orange", vertices, faces, painted("orange skin", 0.35, 700.0, 0.0005), colors),
            mesh_object("button", *turned(button, 12), plain("button", (0.12, 0.16, 0.03), 0.7)),
        ],
    )


def lemon() -> bpy.types.Object:
    """A lemon lying on its side, 9 cm."""
    line = spline(
        [
            (0, 0.045),
            (0.006, 0.042),
            (0.012, 0.036),
            (0.026, 0.02),
            (0.03, 0),
            (0.026, -0.02),
            (0.012, -0.035),
            (0.005, -0.04),
            (0, -0.041),
        ]
    )
    vertices, faces = turned(line[::-1])
    lying = np.column_stack([vertices[:, 2], vertices[:, 1], vertices[:, 0] + 0.0295])
    colors = uniform((0.83, 0.6, 0.03), len(vertices))
    return group("Lemon", [mesh_object("lemon", lying, faces, painted("lemon skin", 0.35, 550.0, 0.0006), colors)])


def banana() -> bpy.types.Object:
    """Three bananas of one bunch, 20 cm."""
    skin = painted("banana skin", 0.45)
    parts = []
    for turn, lift in ((-0.22, 0.0), (0.0, 0.012), (0.22, 0.0)):
        vertices, faces, colors = _finger()
        spin = np.array([[math.cos(turn), -math.sin(turn), 0], [math.sin(turn), math.cos(turn), 0], [0, 0, 1]])
        placed = (vertices - (-0.095, 0, 0)) @ spin.T + (-0.095, 0, lift)
        parts.append(mesh_object("banana", placed, faces, skin, colors))
    return group("Banana", parts)


def _finger() -> tuple[Points, list[list[int]], Points]:
    """One banana, lying on its back like a boat, its stem at -x."""
    turn = np.linspace(-1.25, 1.15, 90)
    path = np.column_stack([0.1 * np.sin(turn), np.zeros(90), 0.118 - 0.1 * np.cos(turn)])
    along = np.linspace(0, 1, 90)
    stem_end, body, tip = 0.0058, 0.0185, 0.005
    radii = np.interp(
        along, [0, 0.1, 0.2, 0.35, 0.65, 0.86, 0.96, 1.0], [stem_end, 0.0062, 0.012, body, body, 0.013, 0.0065, tip]
    )
    radii = np.convolve(np.pad(radii, 4, mode="edge"), np.ones(9) / 9, mode="valid")
    sides = 40
    vertices, faces = swept(path, radii, sides)
    corner = np.tile(np.linspace(0, 2 * math.pi, sides, endpoint=False), 90)
    centers = np.repeat(path, sides, axis=0)
    vertices = centers + (vertices - centers) * (1 + 0.055 * np.cos(5 * corner))[:, None]
    where = np.repeat(along, sides)
    green = np.clip((0.16 - where) / 0.12, 0, 1)
    brown = np.clip((where - 0.965) / 0.02, 0, 1) + np.clip((0.02 - where) / 0.01, 0, 1)
    ridge = 0.12 * np.clip(np.cos(5 * corner), 0, 1) ** 6
    colors = mixed(uniform((0.82, 0.52, 0.03), len(vertices)), (0.42, 0.42, 0.06), green * 0.8)
    colors = mixed(colors, (0.3, 0.16, 0.03), ridge)
    return vertices, faces, mixed(colors, (0.05, 0.03, 0.015), np.clip(brown, 0, 1))


def pear() -> bpy.types.Object:
    """A green pear, 11 cm."""
    line = spline(
        [
            (0, 0.005),
            (0.012, 0.001),
            (0.028, 0.012),
            (0.037, 0.038),
            (0.03, 0.066),
            (0.018, 0.088),
            (0.013, 0.102),
            (0.006, 0.109),
            (0, 0.106),
        ]
    )
    skin = mottled("pear skin", (0.33, 0.38, 0.04), (0.5, 0.48, 0.07), 260.0, 0.35, 0.0002)
    stem = spline([(0, 0, 0.104), (0.002, 0, 0.118), (0.008, 0, 0.13)])
    return group(
        "Pear", [mesh_object("pear", *turned(line), skin), mesh_object("stem", *swept(stem, 0.0016, 10), _bark())]
    )


def _bark() -> bpy.types.Material:
    return plain("fruit stem", (0.1, 0.06, 0.025), 0.8)
