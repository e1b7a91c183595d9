"""Pixels that are partly transparent, on white: once for pictures in files and for those of videos."""

import numpy as np

from video_labeler.pixels import Image

_STRIP_PIXELS = 2**18
"""What is worked on at a time, since what lies between takes several times the memory of the pixels."""


def on_white(pixels: Image) -> Image:
    """BGR, (height, width, 3), of BGRA on white; where all of it is transparent, its colours are what is meant."""
    colours = np.ascontiguousarray(pixels[:, :, :3])
    if pixels[:, :, 3].max(initial=0) == 0 or pixels[:, :, 3].min(initial=255) == 255:
        return colours
    rows = max(1, _STRIP_PIXELS // pixels.shape[1])
    for top in range(0, pixels.shape[0], rows):
        strip = colours[top : top + rows]
        share = pixels[top : top + rows, :, 3, np.newaxis].astype(np.uint16)
        strip[:] = (strip * share + 255 * (255 - share) + 127) // 255
    return colours
