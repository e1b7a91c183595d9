"""How pictures are made: Cycles on the processor, few samples, denoised."""

from pathlib import Path

import bpy


def set_up_rendering(scene: bpy.types.Scene, width: int, height: int, samples: int) -> None:
    """Render ``scene`` at that size (pixels) with ``samples`` rays a pixel."""
    render, cycles = scene.render, scene.cycles
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y, render.resolution_percentage = width, height, 100
    render.use_persistent_data = True
    render.use_motion_blur = False
    render.image_settings.file_format = "PNG"
    render.image_settings.color_mode = "RGB"
    render.image_settings.compression = 30
    scene.view_settings.view_transform = "Standard"
    scene.view_settings.look = "None"
    cycles.device = "CPU"
    cycles.samples = samples
    cycles.use_adaptive_sampling = True
    cycles.adaptive_threshold = 0.05
    cycles.use_denoising = True
    cycles.denoiser = "OPENIMAGEDENOISE"
    # With few samples, edges out of focus are as noisy in the guiding passes as in the picture: do without them.
    cycles.denoising_input_passes = "RGB"
    cycles.denoising_quality = "BALANCED"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 6, 1, 2
    cycles.transmission_bounces, cycles.transparent_max_bounces = 6, 6
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.blur_glossy = 1.0
    cycles.sample_clamp_indirect = 4.0


def render_still(scene: bpy.types.Scene, path: Path) -> None:
    """Render the current frame to a PNG file, which appears whole or not at all."""
    unfinished = path.with_name(f"{path.stem}.unfinished.png")
    scene.render.filepath = str(unfinished)
    bpy.ops.render.render(write_still=True)
    unfinished.rename(path)
