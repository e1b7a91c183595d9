"""What stands where, and how the camera passes it."""

import math
from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray

from demo_clip.camera import look_at
from demo_clip.catalogue import BUILDERS
from demo_clip.stage import WALL_Y

RATE = 24
"""Frames a second."""

DURATION_S = 20.0

_FIRST_S = 1.2
_STEADINESS = 0.62
"""How much the camera slows down at each object: 0 passes evenly, 1 stops."""


@dataclass(frozen=True, slots=True)
class Stop:
    """An object, its place (metres) and turn, and the camera's place when it faces the object.

    The camera looks at ``target_z`` from ``distance``, ``over`` radians above the horizontal.
    """

    name: str
    x: float
    y: float
    turn: float
    target_z: float
    distance: float
    over: float
    z: float = 0.0


STOPS = (
    Stop("Mug", 0.00, 0.00, -0.35, 0.050, 0.55, 0.24),
    Stop("Teapot", 0.31, 0.02, 0.12, 0.075, 0.80, 0.22),
    Stop("Wine bottle", 0.72, 0.00, -0.10, 0.145, 1.12, 0.14),
    Stop("Wall clock", 1.32, WALL_Y - 0.001, 0.0, 0.43, 1.28, 0.02, 0.45),
    Stop("Football", 1.84, 0.02, 0.0, 0.110, 1.10, 0.18),
    Stop("Banana", 2.25, -0.02, 0.15, 0.045, 0.68, 0.28),
    Stop("Orange", 2.52, 0.00, 0.0, 0.045, 0.52, 0.22),
    Stop("Laptop", 2.92, 0.02, 0.28, 0.105, 0.98, 0.26),
    Stop("Vase", 3.38, 0.00, 0.0, 0.125, 1.15, 0.16),
    Stop("Lamp", 3.95, 0.05, 0.0, 0.225, 1.55, 0.12),
)
"""In the order in which the camera passes them, at even times."""


def place_objects() -> dict[str, bpy.types.Object]:
    """Build the objects of the clip at their places, by name."""
    placed = {}
    for stop in STOPS:
        thing = BUILDERS[stop.name]()
        thing.location = (stop.x, stop.y, stop.z)
        thing.rotation_euler = (0, 0, stop.turn)
        placed[stop.name] = thing
    return placed


def move_camera(camera: bpy.types.Object, time_s: float) -> None:
    """Put the camera where it is at that time of the clip."""
    x, y, z, distance, over = _between_stops(time_s)
    around = 0.16 * math.sin(0.9 * time_s + 0.4)
    sway = 0.004 * distance * np.array([math.sin(2.3 * time_s), 0.0, math.sin(3.1 * time_s + 1)])
    target = np.array([x, y, z])
    direction = np.array([math.sin(around) * math.cos(over), -math.cos(around) * math.cos(over), math.sin(over)])
    look_at(camera, target + direction * distance + sway, target)


def _between_stops(time_s: float) -> NDArray[np.float64]:
    """Target x, y, z, distance and height angle: a smooth line through all stops (Catmull-Rom)."""
    keys = np.array([(stop.x, stop.y, stop.target_z, stop.distance, stop.over) for stop in STOPS])
    pause = (DURATION_S - 2 * _FIRST_S) / (len(STOPS) - 1)
    place = (time_s - _FIRST_S) / pause
    index = min(max(math.floor(place), 0), len(STOPS) - 2)
    u = _eased(place - index)
    a, b, c, d = np.vstack([2 * keys[0] - keys[1], keys, 2 * keys[-1] - keys[-2]])[index : index + 4]
    line: NDArray[np.float64] = 0.5 * (
        2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u**2 + (3 * b - a - 3 * c + d) * u**3
    )
    return line


def _eased(u: float) -> float:
    """From 0 to 1, slower towards both; beyond them it goes on at the speed that it has there."""
    if 0 <= u <= 1:
        return u - _STEADINESS * math.sin(2 * math.pi * u) / (2 * math.pi)
    beyond = u if u < 0 else u - 1
    return u - beyond + beyond * (1 - _STEADINESS)
