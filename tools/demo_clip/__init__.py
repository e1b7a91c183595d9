"""The demo clip: everyday objects modelled for it, their stage, the camera's way, and the truth about each frame.

Runs in an environment with Blender's ``bpy`` (docs/demo-clip.md); nothing of the application imports it.
Lengths are metres, z is up, angles are radians, colours are linear RGB 0..1.
"""
