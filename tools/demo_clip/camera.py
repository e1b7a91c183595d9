"""The camera, and where it looks."""

import math

import bpy
import numpy as np
from numpy.typing import NDArray


def add_camera(scene: bpy.types.Scene, lens: float = 50.0) -> bpy.types.Object:
    """A camera with that focal length (mm, on a 36 mm sensor), slightly out of focus off its subject."""
    data = bpy.data.cameras.new("camera")
    data.lens, data.sensor_width, data.clip_start = lens, 36.0, 0.01
    data.dof.use_dof = True
    data.dof.aperture_fstop = 11.0
    camera = bpy.data.objects.new("camera", data)
    scene.collection.objects.link(camera)
    scene.camera = camera
    return camera


def look_at(camera: bpy.types.Object, place: NDArray[np.float64], target: NDArray[np.float64]) -> None:
    """Put the camera at ``place``, and turn it to ``target``, which is in focus."""
    away = target - place
    distance = float(np.linalg.norm(away))
    camera.location = place
    camera.rotation_euler = (math.pi / 2 + math.asin(away[2] / distance), 0, -math.atan2(away[0], away[1]))
    camera.data.dof.focus_distance = distance
