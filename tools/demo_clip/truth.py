"""Where an object is in the picture: the box around what is seen of its projected mesh."""

from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray

_SMALLEST = 1.0
"""Slivers narrower than this, in pixels, are not in the picture."""

_NEAREST = 0.01
"""What is nearer than this before the lens, in metres, or behind it, is not in the picture."""


@dataclass(frozen=True, slots=True)
class WireFrame:
    """An object's mesh in the scene: vertices (count, 3) in metres, and edges (count, 2) by their vertices' rows."""

    vertices: NDArray[np.float64]
    edges: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Visible:
    """The part of an object that is in the picture.

    ``box`` is x_min, y_min, x_max, y_max in pixels, origin top left, max exclusive, around what is in the picture;
    ``share`` (0..1) is that box's area in that of the box that the object would have in a boundless picture.
    """

    box: tuple[float, float, float, float]
    share: float


def wire_frame(thing: bpy.types.Object) -> WireFrame:
    """The meshes of an object and its parts, where they are now."""
    bpy.context.view_layer.update()
    vertices, edges, count = [], [], 0
    for part in [thing, *thing.children_recursive]:
        if part.type != "MESH":
            continue
        mesh, matrix = part.data, np.array(part.matrix_world)
        local = np.empty(len(mesh.vertices) * 3, dtype=np.float32)
        mesh.vertices.foreach_get("co", local)
        ends = np.empty(len(mesh.edges) * 2, dtype=np.int32)
        mesh.edges.foreach_get("vertices", ends)
        vertices.append(local.reshape(-1, 3).astype(float) @ matrix[:3, :3].T + matrix[:3, 3])
        edges.append(ends.reshape(-1, 2) + count)
        count += len(mesh.vertices)
    return WireFrame(np.vstack(vertices), np.vstack(edges))


def visible_part(thing: WireFrame, scene: bpy.types.Scene) -> Visible | None:
    """What the scene's camera sees of an object; ``None`` where nothing of it is in the picture.

    Other objects that stand in the way are not looked at.
    """
    size = np.array([scene.render.resolution_x, scene.render.resolution_y], dtype=float)
    at, before = _projected(thing.vertices, scene)
    if not before.any():
        return None
    low, high = at[before].min(axis=0), at[before].max(axis=0)
    if (high <= 0).any() or (low >= size).any():
        return None
    whole = np.prod(high - low)
    if (low < 0).any() or (high > size).any():
        segments = at[thing.edges[before[thing.edges].all(axis=1)]]
        ends = _clipped(segments, size)
        if len(ends) == 0:
            return None
        low, high = ends.min(axis=0), ends.max(axis=0)
    if (high - low).min() < _SMALLEST:
        return None
    x_min, y_min, x_max, y_max = (round(float(value), 1) for value in (*low, *high))
    return Visible((x_min, y_min, x_max, y_max), round(float(np.prod(high - low) / whole), 3))


def _projected(points: NDArray[np.float64], scene: bpy.types.Scene) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Where the camera sees points, (count, 2), in pixels of the picture; and which of them are before it."""
    camera, render = scene.camera, scene.render
    to_camera = np.linalg.inv(np.array(camera.matrix_world))
    seen = points @ to_camera[:3, :3].T + to_camera[:3, 3]
    focal = camera.data.lens / camera.data.sensor_width * render.resolution_x
    before = seen[:, 2] < -_NEAREST
    depth = np.where(before, -seen[:, 2], 1.0)
    across = render.resolution_x / 2 + focal * seen[:, 0] / depth
    down = render.resolution_y / 2 - focal * seen[:, 1] / depth
    return np.column_stack([across, down]), before


def _clipped(segments: NDArray[np.float64], size: NDArray[np.float64]) -> NDArray[np.float64]:
    """The ends, (count, 2), of the parts of segments (count, 2, 2) between 0 and ``size`` (Liang, Barsky 1984)."""
    start, way = segments[:, 0], segments[:, 1] - segments[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        bounds = np.stack([-start / way, (size - start) / way])
    outside = (way == 0) & ((start < 0) | (start > size))
    bounds[:, way == 0] = np.array([[-np.inf], [np.inf]])
    enter = np.maximum(bounds.min(axis=0).max(axis=1), 0.0)
    leave = np.minimum(bounds.max(axis=0).min(axis=1), 1.0)
    kept = (enter <= leave) & ~outside.any(axis=1)
    start, way = start[kept], way[kept]
    return np.vstack([start + way * enter[kept, None], start + way * leave[kept, None]])
