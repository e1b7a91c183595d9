"""Meshes from arrays: turned, swept, boxed and round bodies, and text."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

import bmesh
import bpy
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Positions or colours, (count, 3)."""

_SMOOTH_BELOW = math.radians(40)


def mesh_object(
    name: str,
    vertices: Points,
    faces: Sequence[Sequence[int]],
    material: bpy.types.Material,
    colors: Points | None = None,
) -> bpy.types.Object:
    """An object of these faces, shaded smooth but for edges sharper than 40 degrees.

    ``colors``, one a vertex, become the attribute "Color" (see ``materials.painted``).
    """
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices.tolist(), [], faces)
    mesh.validate()
    mesh.shade_smooth()
    mesh.set_sharp_from_angle(angle=_SMOOTH_BELOW)
    if colors is not None:
        attribute = mesh.color_attributes.new("Color", "FLOAT_COLOR", "POINT")
        attribute.data.foreach_set("color", np.column_stack([colors, np.ones(len(colors))]).ravel())
    mesh.materials.append(material)
    made = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(made)
    return made


def group(name: str, parts: Iterable[bpy.types.Object]) -> bpy.types.Object:
    """One object of many: an empty at the origin that carries ``parts``."""
    root = bpy.data.objects.new(name, None)
    root.empty_display_size = 0.01
    bpy.context.scene.collection.objects.link(root)
    for part in parts:
        part.parent = root
    return root


def spline(points: Sequence[Sequence[float]], steps: int = 8) -> NDArray[np.float64]:
    """A smooth line through ``points`` (Catmull-Rom), ``steps`` points from each to the next."""
    given = np.asarray(points, dtype=float)
    padded = np.vstack([2 * given[0] - given[1], given, 2 * given[-1] - given[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    line = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
    ]
    return np.vstack([*line, given[-1:]])


def turned(profile: Sequence[Sequence[float]], segments: int = 96) -> tuple[Points, list[list[int]]]:
    """The body that a line of (radius, height) sweeps around the z axis; it closes where the radius is 0."""
    angles = np.linspace(0, 2 * math.pi, segments, endpoint=False)
    rings: list[list[int]] = []
    vertices: list[tuple[float, float, float]] = []
    for radius, height in profile:
        first = len(vertices)
        if radius < 1e-9:
            vertices.append((0.0, 0.0, float(height)))
            rings.append([first] * segments)
        else:
            vertices += [(radius * math.cos(a), radius * math.sin(a), float(height)) for a in angles]
            rings.append(list(range(first, first + segments)))
    return np.array(vertices), _between(rings)


def swept(
    path: Sequence[Sequence[float]], radii: Sequence[float] | float, sides: int = 24, flatten: float = 1.0
) -> tuple[Points, list[list[int]]]:
    """A tube along ``path`` with a radius at each point, capped; ``flatten`` squeezes it across."""
    line = np.asarray(path, dtype=float)
    thickness = np.broadcast_to(np.asarray(radii, dtype=float), (len(line),))
    tangents = np.gradient(line, axis=0)
    tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
    across = np.cross(tangents[0], (0.0, 0.0, 1.0) if abs(tangents[0][2]) < 0.9 else (0.0, 1.0, 0.0))
    angles = np.linspace(0, 2 * math.pi, sides, endpoint=False)[:, None]
    vertices, rings = [], []
    for point, tangent, radius in zip(line, tangents, thickness, strict=True):
        across = across - tangent * np.dot(across, tangent)
        across /= np.linalg.norm(across)
        up = np.cross(tangent, across)
        rings.append(list(range(len(rings) * sides, (len(rings) + 1) * sides)))
        vertices.append(point + radius * (np.cos(angles) * across * flatten + np.sin(angles) * up))
    faces = _between(rings)
    faces += [rings[0], rings[-1][::-1]]
    return np.vstack(vertices), faces


def ball(radius: float, detail: int = 6) -> tuple[Points, list[list[int]]]:
    """A sphere around the origin of evenly spread triangles; each step of ``detail`` has four times as many."""
    shape = bmesh.new()
    bmesh.ops.create_icosphere(shape, subdivisions=detail, radius=radius)
    vertices = np.array([vertex.co for vertex in shape.verts], dtype=float)
    faces = [[vertex.index for vertex in face.verts] for face in shape.faces]
    shape.free()
    return vertices, faces


def box(
    name: str,
    size: Sequence[float],
    center: Sequence[float],
    material: bpy.types.Material,
    bevel: float = 0.002,
) -> bpy.types.Object:
    """A box of that size around ``center`` with rounded edges."""
    shape = bmesh.new()
    bmesh.ops.create_cube(shape, size=1.0)
    for vertex in shape.verts:
        vertex.co = [vertex.co[axis] * size[axis] + center[axis] for axis in range(3)]
    if bevel > 0:
        bmesh.ops.bevel(shape, geom=shape.edges, offset=bevel, segments=4, profile=0.5, affect="EDGES")
    shape.verts.index_update()
    vertices = np.array([vertex.co for vertex in shape.verts], dtype=float)
    faces = [[vertex.index for vertex in face.verts] for face in shape.faces]
    shape.free()
    return mesh_object(name, vertices, faces, material)


def text(words: str, height: float, thickness: float = 0.0005) -> tuple[Points, list[list[int]]]:
    """Words as a flat body in the xy plane, centred on the origin, facing +z; ``height`` is that of the letters."""
    curve = bpy.data.curves.new("text", "FONT")
    curve.body = words
    curve.align_x, curve.align_y = "CENTER", "CENTER"
    curve.size = height * 1.4
    curve.extrude = thickness / 2
    carrier = bpy.data.objects.new("text", curve)
    bpy.context.scene.collection.objects.link(carrier)
    made = bpy.data.meshes.new_from_object(carrier.evaluated_get(bpy.context.evaluated_depsgraph_get()))
    vertices = np.array([vertex.co for vertex in made.vertices], dtype=float).reshape(-1, 3)
    faces = [list(face.vertices) for face in made.polygons]
    bpy.data.objects.remove(carrier)
    bpy.data.curves.remove(curve)
    bpy.data.meshes.remove(made)
    return vertices, faces


def wrapped(vertices: Points, radius: float, height: float) -> Points:
    """A flat thing of the xy plane laid around an upright cylinder, its middle towards -y at ``height``."""
    angles = vertices[:, 0] / radius
    out = radius + vertices[:, 2]
    return np.column_stack([out * np.sin(angles), -out * np.cos(angles), vertices[:, 1] + height])


def _between(rings: Sequence[Sequence[int]]) -> list[list[int]]:
    """The faces between each closed ring of vertices and the next; a ring of one vertex is a tip."""
    faces = []
    for low, high in pairwise(rings):
        for i in range(len(low)):
            j = (i + 1) % len(low)
            corners = list(dict.fromkeys([low[i], low[j], high[j], high[i]]))
            if len(corners) > 2:
                faces.append(corners)
    return faces
