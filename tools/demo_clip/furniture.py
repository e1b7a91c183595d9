"""Furnishings: chair, lamp, cushion."""

import math

import bpy
import numpy as np

from demo_clip.materials import fabric, glowing, metal, wood
from demo_clip.meshes import Points, box, group, mesh_object, spline, swept, turned


def chair() -> bpy.types.Object:
    """A wooden dining chair seen from its front, 88 cm."""
    grain = wood("chair wood", (0.2, 0.085, 0.03), (0.42, 0.2, 0.08), "z")
    seat = wood("seat wood", (0.22, 0.095, 0.033), (0.45, 0.22, 0.09), "x")
    parts = [box("seat", (0.43, 0.42, 0.03), (0, 0, 0.45), seat, 0.012)]
    for side in (-1, 1):
        front = [(side * 0.185, -0.17, 0.44), (side * 0.2, -0.19, 0.0)]
        back = spline(
            [(side * 0.19, 0.25, 0.0), (side * 0.18, 0.19, 0.45), (side * 0.18, 0.225, 0.7), (side * 0.18, 0.28, 0.88)]
        )
        parts.append(mesh_object("leg", *swept(np.linspace(*front, 6), np.linspace(0.02, 0.014, 6)), grain))
        parts.append(mesh_object("post", *swept(back, 0.017), grain))
        parts.append(
            mesh_object(
                "stretcher",
                *swept([(side * 0.19, -0.18, 0.2), (side * 0.185, 0.0, 0.2), (side * 0.185, 0.22, 0.2)], 0.009),
                grain,
            )
        )
    parts.append(box("apron", (0.36, 0.02, 0.05), (0, -0.17, 0.41), grain, 0.004))
    parts.append(mesh_object("rung", *swept([(-0.185, 0.02, 0.2), (0, 0.02, 0.2), (0.185, 0.02, 0.2)], 0.009), grain))
    for height, depth in ((0.59, 0.2), (0.7, 0.223), (0.82, 0.256)):
        slat = spline([(-0.18, depth, height), (0, depth + 0.022, height), (0.18, depth, height)])
        vertices, faces = swept(slat, 0.03, 24, 3.2)
        parts.append(mesh_object("slat", _flat_slat(vertices, slat), faces, grain))
    return group("Chair", parts)


def _flat_slat(vertices: Points, line: Points) -> Points:
    """A round bar pressed to a board: 64 mm high, 14 mm thick."""
    middle = np.repeat(line, len(vertices) // len(line), axis=0)
    rounded = np.sign(vertices - middle) * np.abs((vertices - middle) / 0.03).clip(0, 1) ** 0.4
    return middle + rounded * (0.0, 0.007, 0.032)


def table_lamp() -> bpy.types.Object:
    """A lamp with a brass foot and a lit fabric shade, 46 cm."""
    brass = metal("brass", (0.7, 0.45, 0.15), 0.25)
    shade = glowing("lamp shade", (0.95, 0.72, 0.42), 0.5)
    trim = fabric("shade trim", (0.6, 0.45, 0.25), (0.75, 0.6, 0.38))
    base = [(0, 0), (0.078, 0), (0.08, 0.003), (0.079, 0.01), *spline([(0.074, 0.014), (0.04, 0.018), (0.014, 0.03)])]
    column = spline([(0.014, 0.03), (0.0085, 0.05), (0.0085, 0.12), (0.0145, 0.13), (0.0145, 0.137), (0.0085, 0.147)])
    rims = [
        [(r, h), (r + 0.0015, h), (r + 0.0015, h + 0.008), (r, h + 0.008)]
        for r, h in ((0.1545, 0.265), (0.0955, 0.457))
    ]
    bulb = bpy.data.lights.new("bulb", "POINT")
    bulb.energy, bulb.color, bulb.shadow_soft_size = 3.0, (1.0, 0.75, 0.48), 0.04
    carrier = bpy.data.objects.new("bulb", bulb)
    carrier.location = (0, 0, 0.36)
    bpy.context.scene.collection.objects.link(carrier)
    return group(
        "Lamp",
        [
            carrier,
            mesh_object("foot", *turned([*base, *column, (0.0085, 0.3), (0, 0.3)]), brass),
            mesh_object("shade", *turned([(0.155, 0.265), (0.096, 0.465)]), shade),
            *(mesh_object("rim", *turned(rim), trim) for rim in rims),
        ],
    )


def pillow() -> bpy.types.Object:
    """A plump cushion leaning back, 40 cm."""
    cloth = fabric("pillow cloth", (0.55, 0.4, 0.08), (0.75, 0.56, 0.14), 500.0)
    steps = np.linspace(-1, 1, 61)
    x, y = (axis.ravel() for axis in np.meshgrid(steps, steps))
    fullness = np.clip((1 - x**2) * (1 - y**2), 0, 1) ** 0.42
    shrink_x, shrink_y = 1 - 0.1 * (1 - y**2), 1 - 0.1 * (1 - x**2)
    flat = np.column_stack([0.2 * x * shrink_x, 0.2 * y * shrink_y])
    count = len(steps)
    front = [
        [r * count + c, r * count + c + 1, (r + 1) * count + c + 1, (r + 1) * count + c]
        for r in range(count - 1)
        for c in range(count - 1)
    ]
    back = [[index + count * count for index in reversed(face)] for face in front]
    vertices = np.vstack([np.column_stack([flat, 0.07 * fullness]), np.column_stack([flat, -0.07 * fullness])])
    lean = math.radians(72)
    turn = np.array([[1, 0, 0], [0, math.cos(lean), -math.sin(lean)], [0, math.sin(lean), math.cos(lean)]])
    return group("Pillow", [mesh_object("cushion", vertices @ turn.T + (0, 0, 0.185), front + back, cloth)])
