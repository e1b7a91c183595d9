"""Things that run: wall clock, laptop, loudspeaker."""

import math

import bpy
import numpy as np

from demo_clip.materials import metal, plain, wallpaper, wood
from demo_clip.meshes import Points, box, group, mesh_object, spline, text, turned


def wall_clock() -> bpy.types.Object:
    """A round clock that shows ten past ten, 30 cm; its back, at y = 0, belongs on a wall, its middle on the origin."""
    rim = plain("clock rim", (0.03, 0.2, 0.25), 0.2, Coat_Weight=0.4)
    face = plain("clock face", (0.86, 0.85, 0.82), 0.6)
    black = plain("clock black", (0.01, 0.01, 0.01), 0.4)
    red = plain("clock red", (0.6, 0.02, 0.02), 0.4)
    frame = [
        (0, 0.0),
        (0.148, 0.0),
        *spline([(0.15, 0.005), (0.15, 0.03), (0.145, 0.036), (0.137, 0.034), (0.133, 0.022)]),
    ]
    flat = [
        (*turned(frame), rim),
        (*turned([(0.134, 0.021), (0, 0.021)]), face),
        (*turned([(0.007, 0.03), (0.006, 0.032), (0, 0.032)], 32), black),
    ]
    for hour in range(1, 13):
        angle = math.radians(90 - 30 * hour)
        vertices, faces = text(str(hour), 0.02)
        flat.append((vertices + np.array([0.1 * math.cos(angle), 0.1 * math.sin(angle), 0.0215]), faces, black))
    for minute in range(60):
        length = 0.009 if minute % 5 == 0 else 0.005
        flat.append(
            (*_pointer(6 * minute, 0.129 - length, 0.129, 0.0012 if minute % 5 == 0 else 0.0006, 0.0215), black)
        )
    flat.append((*_pointer(305, -0.02, 0.068, 0.0034, 0.025), black))
    flat.append((*_pointer(60, -0.024, 0.1, 0.0026, 0.027), black))
    flat.append((*_pointer(215, -0.03, 0.112, 0.0008, 0.029), red))
    upright = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
    return group(
        "Wall clock", [mesh_object("clock part", vertices @ upright.T, faces, paint) for vertices, faces, paint in flat]
    )


def _pointer(
    clockwise: float, start: float, end: float, half_width: float, height: float
) -> tuple[Points, list[list[int]]]:
    """A flat bar from the middle outwards, that many degrees clockwise from twelve."""
    angle = math.radians(90 - clockwise)
    along, across = np.array([math.cos(angle), math.sin(angle), 0]), np.array([-math.sin(angle), math.cos(angle), 0])
    low = np.array(
        [
            along * r + across * w
            for r, w in ((start, half_width), (end, half_width * 0.7), (end, -half_width * 0.7), (start, -half_width))
        ]
    )
    vertices = np.vstack([low + np.array([0, 0, height]), low + np.array([0, 0, height + 0.0012])])
    return vertices, [[4, 7, 6, 5], [0, 4, 5, 1], [1, 5, 6, 2], [2, 6, 7, 3], [3, 7, 4, 0]]


def laptop() -> bpy.types.Object:
    """An open laptop with a lit screen, 32 cm wide."""
    shell = metal("aluminium", (0.62, 0.63, 0.65), 0.35)
    black = plain("laptop black", (0.012, 0.012, 0.014), 0.35)
    key = plain("keys", (0.02, 0.02, 0.022), 0.5)
    pad = metal("trackpad", (0.5, 0.51, 0.53), 0.45)
    parts = [
        box("base", (0.32, 0.22, 0.012), (0, 0, 0.007), shell, 0.005),
        box("pad", (0.1, 0.062, 0.001), (0, -0.066, 0.0131), pad, 0),
    ]
    parts.append(box("well", (0.285, 0.108, 0.0006), (0, 0.03, 0.0131), black, 0))
    for row in range(6):
        count = 14
        for column in range(count):
            if row == 0 and 4 <= column <= 8:
                continue
            x = (column - (count - 1) / 2) * 0.0201
            parts.append(box("key", (0.0172, 0.0148, 0.002), (x, -0.015 + row * 0.0178, 0.0143), key, 0.0008))
    parts.append(box("space", (0.0985, 0.0148, 0.002), ((6 - 6.5) * 0.0201, -0.015, 0.0143), key, 0.0008))
    lid = [
        box("lid", (0.32, 0.006, 0.21), (0, 0.003, 0.105), shell, 0.0028),
        box("bezel", (0.314, 0.001, 0.204), (0, -0.0003, 0.105), black, 0.0),
        box("screen", (0.298, 0.001, 0.184), (0, -0.0008, 0.108), wallpaper("screen", 0.9), 0.0),
    ]
    for part in lid:
        part.rotation_euler = (math.radians(-18), 0, 0)
        part.location = (0, 0.108, 0.011)
    return group("Laptop", parts + lid)


def loudspeaker() -> bpy.types.Object:
    """A bookshelf loudspeaker of two drivers in a wooden case, 36 cm."""
    case = wood("speaker case", (0.08, 0.03, 0.012), (0.2, 0.085, 0.035), "z", 0.3)
    front = plain("speaker front", (0.012, 0.012, 0.012), 0.45)
    rubber = plain("surround", (0.01, 0.01, 0.01), 0.6)
    cone = plain("cone", (0.06, 0.06, 0.065), 0.55)
    ring = metal("driver ring", (0.45, 0.45, 0.47), 0.3)
    parts = [
        box("case", (0.2, 0.25, 0.36), (0, 0, 0.18), case, 0.006),
        box("front", (0.194, 0.01, 0.354), (0, -0.124, 0.18), front, 0.003),
    ]
    for height, size in ((0.125, 0.075), (0.275, 0.036)):
        lines = [
            ([(size, 0.0), (size * 1.12, 0.0), (size * 1.12, 0.004), (size, 0.005)], ring),
            (spline([(size, 0.004), (size * 0.92, 0.008), (size * 0.84, 0.002)]), rubber),
            ([(size * 0.84, 0.002), (size * 0.3, -0.25 * size)], cone),
            (
                [
                    (0, 0.1 * size),
                    *spline([(0.01 * size, 0.1 * size), (size * 0.2, -0.02 * size), (size * 0.33, -0.24 * size)]),
                ],
                rubber,
            ),
        ]
        parts.append(mesh_object("hole", *_facing(*turned([(size, 0.0005), (0, 0.0005)]), height), front))
        parts += [mesh_object("driver", *_facing(*turned(line), height, 0.26 * size), paint) for line, paint in lines]
    return group("Loudspeaker", parts)


def _facing(
    vertices: Points, faces: list[list[int]], height: float, forward: float = 0.0
) -> tuple[Points, list[list[int]]]:
    """A turned part with its axis towards the viewer, on the front of the loudspeaker."""
    return np.column_stack([vertices[:, 0], -0.1292 - forward - vertices[:, 2], vertices[:, 1] + height]), faces
