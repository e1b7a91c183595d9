"""What a picture file holds, of whatever depth, colours and transparency, as it is looked at: upright, on white."""

import io
import struct
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow
from PIL import ImageCms, ImageOps

from video_labeler.frames import Image
from video_labeler.opencv import cv2
from video_labeler.sources.transparency import on_white

_WHITES: Final = (1.0, 255.0, 1023.0, 4095.0, 16383.0, 65535.0)
"""What white is in pictures of each usual depth; the first is that of fractions."""

_BRIGHT_SHARE: Final = 99.5
"""Per cent of a picture's values, of unlimited brightness, that stay below white."""

_LONG_COUNT: Final = 2.0**24
"""Whole numbers above this use all their bits; smaller ones may count anything, and the largest of them is white."""

_HDR_LIMIT: Final = 64.0
"""Fractions up to this are light brighter than white; larger values are a depth of bits."""

_DEEP_MODES: Final = frozenset({"I", "F", "I;16", "I;16L", "I;16B", "I;16N"})


def turn_upright(picture: Pillow.Image) -> None:
    """Turn a loaded picture as its EXIF data or its container say, once; what cannot be read of them is ignored."""
    if picture.format == "TIFF":
        return  # Pillow turns these when it loads them.
    try:
        ImageOps.exif_transpose(picture, in_place=True)
    except (ArithmeticError, LookupError, OSError, SyntaxError, TypeError, ValueError, struct.error):
        return


def turned(image: Image, exif_orientation: int) -> Image:
    """Pixels turned as an EXIF orientation (1 to 8) says."""
    from video_labeler.sources.orientation import Orientation

    known = (
        *(Orientation.UPRIGHT, Orientation.MIRRORED, Orientation.UPSIDE_DOWN, Orientation.MIRRORED_UPSIDE_DOWN),
        *(Orientation.TRANSPOSED, Orientation.TURNED_RIGHT, Orientation.ANTITRANSPOSED, Orientation.TURNED_LEFT),
    )
    return known[exif_orientation - 1].applied(image) if 1 <= exif_orientation <= len(known) else image


def bgr_on_white(picture: Pillow.Image) -> Image:
    """A loaded picture's pixels: BGR, ``uint8``, (height, width, 3), contiguous; what is transparent is white."""
    if picture.mode in _DEEP_MODES:
        values = np.asarray(picture)
        tags = getattr(picture, "tag_v2", {})
        # Pillow takes all whole numbers of 32 bits for signed ones; TIFF's tag 339 says 2 where they are.
        if picture.mode == "I" and 32 in tags.get(258, ()) and tags.get(339, (1,))[0] == 1:
            values = values.view(np.uint32)
        grey = eight_bits(values)
        # TIFF may count from white to black.
        if tags.get(262) == 0:
            grey = np.asarray(255 - grey, dtype=np.uint8)
        return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    return np.asarray(cv2.cvtColor(np.asarray(_rgb(picture)), cv2.COLOR_RGB2BGR), dtype=np.uint8)


def _rgb(picture: Pillow.Image) -> Pillow.Image:
    profile = picture.info.get("icc_profile")
    alpha = None
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        alpha = picture.getchannel("A")
    picture = _in_common_colours(picture if alpha is None else picture.convert("RGB"), profile)
    # Some programs write an empty fourth channel, and mean a picture that covers everything.
    if alpha is None or alpha.getextrema()[1] == 0:
        return picture
    white = Pillow.new("RGB", picture.size, "white")
    white.paste(picture, mask=alpha)
    return white


def _in_common_colours(picture: Pillow.Image, profile: object) -> Pillow.Image:
    """In sRGB; without a profile that can be used, the plain way."""
    try:
        if picture.mode == "LAB":
            source = ImageCms.createProfile("LAB")
        elif isinstance(profile, bytes) and picture.mode in {"RGB", "CMYK"}:
            source = ImageCms.getOpenProfile(io.BytesIO(profile)).profile
        else:
            return picture.convert("RGB")
        changed = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return picture.convert("RGB")
    return picture.convert("RGB") if changed is None else changed


def eight_bits(values: npt.NDArray[np.generic]) -> Image:
    """Values of any depth as bytes: white is what the smallest usual depth has that holds them all.

    Light without a limit (fractions above 1) is dimmed until all but its brightest spots are below white.
    """
    if values.dtype == np.uint8:
        return np.asarray(values, dtype=np.uint8)
    light = np.nan_to_num(np.asarray(values, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    brightest = float(light.max(initial=0.0))
    whites: tuple[float, ...] = _WHITES if np.issubdtype(values.dtype, np.floating) else _WHITES[1:]
    if np.issubdtype(values.dtype, np.integer) and brightest > _LONG_COUNT:
        whites = (2.0 ** (8 * values.dtype.itemsize - (values.dtype.kind == "i")) - 1.0,)
    if whites[0] == 1.0 and 1.0 < brightest <= _HDR_LIMIT:
        white = max(1.0, float(np.percentile(light, _BRIGHT_SHARE)))
    else:
        white = next((white for white in whites if brightest <= white), brightest)
    return np.asarray(np.clip(light * (255.0 / white) + 0.5, 0, 255), dtype=np.uint8)


def bgr_of_values(values: npt.NDArray[np.generic]) -> Image:
    """Pixels of any depth, (height, width) or with 1, 3 (BGR) or 4 (BGR and alpha) channels, as BGR on white."""
    image = eight_bits(values)
    if image.ndim == 2 or image.shape[2] == 1:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    return np.ascontiguousarray(image) if image.shape[2] == 3 else on_white(image)
