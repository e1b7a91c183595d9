"""Converts pictures of any depth, colours and transparency to upright BGR on white."""

import io
import struct
from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow
from PIL import ImageOps

from video_labeler.opencv import cv2
from video_labeler.pixels import Image
from video_labeler.sources.transparency import on_white

_WHITES: Final = (1.0, 255.0, 1023.0, 4095.0, 16383.0, 65535.0)
"""The value of white at each usual bit depth; the first is for fractions."""

_BRIGHT_SHARE: Final = 99.5
"""The percentage of an HDR picture's values that stay below white."""

_LONG_COUNT: Final = 2.0**24
"""Whole numbers above this use all 32 bits; of smaller ones the largest is white."""

_HDR_LIMIT: Final = 64.0
"""Fractions up to this are HDR; larger values are those of a bit depth."""

_STRIP_PIXELS: Final = 2**22
"""How much is converted at once."""

_DEEP_MODES: Final = frozenset({"I", "F", "I;16", "I;16L", "I;16B", "I;16N"})


def turn_upright(picture: Pillow.Image) -> None:
    """Rotate a loaded picture once as its EXIF data or its container say; unreadable data are ignored."""
    if picture.format == "TIFF":
        return  # Pillow turns these when it loads them.
    try:
        ImageOps.exif_transpose(picture, in_place=True)
    except (ArithmeticError, LookupError, OSError, SyntaxError, TypeError, ValueError, struct.error):
        return


def turned(image: Image, exif_orientation: int) -> Image:
    """Pixels rotated and mirrored by an EXIF orientation (1 to 8)."""
    from video_labeler.sources.orientation import Orientation

    known = (
        *(Orientation.UPRIGHT, Orientation.MIRRORED, Orientation.UPSIDE_DOWN, Orientation.MIRRORED_UPSIDE_DOWN),
        *(Orientation.TRANSPOSED, Orientation.TURNED_RIGHT, Orientation.ANTITRANSPOSED, Orientation.TURNED_LEFT),
    )
    return known[exif_orientation - 1].applied(image) if 1 <= exif_orientation <= len(known) else image


def bgr_on_white(picture: Pillow.Image) -> Image:
    """A loaded picture's pixels: BGR, ``uint8``, (height, width, 3), contiguous, on white."""
    if picture.mode in _DEEP_MODES:
        values = np.asarray(picture)
        tags = getattr(picture, "tag_v2", {})
        # Pillow takes all 32-bit integers as signed; TIFF's tag 339 is 2 if they are.
        if picture.mode == "I" and 32 in tags.get(258, ()) and tags.get(339, (1,))[0] == 1:
            values = values.view(np.uint32)
        grey = eight_bits(values)
        # TIFF may count from white to black.
        if tags.get(262) == 0:
            grey = np.asarray(255 - grey, dtype=np.uint8)
        return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    width, height = picture.size
    image = np.empty((height, width, 3), dtype=np.uint8)
    # Some programs write an empty fourth channel for an opaque picture.
    is_clear = picture.has_transparency_data and any(_alpha(part).getextrema()[1] for _, part in _parts(picture))
    for rows, part in _parts(picture):
        cv2.cvtColor(np.asarray(_rgb(part, on_white=is_clear)), cv2.COLOR_RGB2BGR, dst=image[rows])
    return image


def _parts(picture: Pillow.Image) -> Iterator[tuple[slice, Pillow.Image]]:
    """A picture in strips: a large one is not held in several forms at once."""
    width, height = picture.size
    for rows in _strips(height, width):
        is_whole = rows == slice(0, height)
        yield rows, picture if is_whole else picture.crop((0, rows.start, width, rows.stop))


def _strips(height: int, width: int) -> Iterator[slice]:
    """The rows of each strip."""
    rows = max(1, _STRIP_PIXELS // width)
    for top in range(0, height, rows):
        yield slice(top, min(height, top + rows))


def _alpha(picture: Pillow.Image) -> Pillow.Image:
    return picture.convert("RGBA").getchannel("A")


def _rgb(picture: Pillow.Image, *, on_white: bool) -> Pillow.Image:
    profile = picture.info.get("icc_profile")
    if not picture.has_transparency_data:
        return _in_common_colours(picture, profile)
    clear = picture.convert("RGBA")
    colours = _in_common_colours(clear.convert("RGB"), profile)
    if not on_white:
        return colours
    white = Pillow.new("RGB", picture.size, "white")
    white.paste(colours, mask=clear.getchannel("A"))
    return white


def _in_common_colours(picture: Pillow.Image, profile: object) -> Pillow.Image:
    """Convert to sRGB; without a usable profile, plainly to RGB."""
    told = profile if isinstance(profile, bytes) and picture.mode in {"RGB", "CMYK"} else None
    if picture.mode != "LAB" and told is None:
        # Pillow would copy one that is RGB already.
        return picture if picture.mode == "RGB" else picture.convert("RGB")
    from PIL import ImageCms

    try:
        own = ImageCms.createProfile("LAB") if told is None else ImageCms.getOpenProfile(io.BytesIO(told)).profile
        changed = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return picture.convert("RGB")
    return picture.convert("RGB") if changed is None else changed


def eight_bits(values: npt.NDArray[np.generic]) -> Image:
    """Convert values of any depth to bytes: white is that of the smallest usual depth that holds them all.

    HDR values (fractions above 1) are dimmed until all but the brightest spots are below white.
    """
    if values.dtype == np.uint8:
        return np.asarray(values, dtype=np.uint8)
    is_fraction = np.issubdtype(values.dtype, np.floating)
    light: npt.NDArray[np.generic] = values
    if is_fraction:
        light = np.nan_to_num(np.asarray(values, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    brightest = float(light.max(initial=0))
    whites: tuple[float, ...] = _WHITES if is_fraction else _WHITES[1:]
    if np.issubdtype(values.dtype, np.integer) and brightest > _LONG_COUNT:
        whites = (2.0 ** (8 * values.dtype.itemsize - (values.dtype.kind == "i")) - 1.0,)
    if whites[0] == 1.0 and 1.0 < brightest <= _HDR_LIMIT:
        white = max(1.0, float(np.percentile(np.asarray(light, dtype=np.float32), _BRIGHT_SHARE)))
    else:
        white = next((white for white in whites if brightest <= white), brightest)
    image = np.empty(values.shape, dtype=np.uint8)
    for rows in _strips(len(values), max(1, values[0].size)):
        strip = np.asarray(light[rows], dtype=np.float32)
        image[rows] = np.clip(strip * (255.0 / white) + 0.5, 0, 255)
    return image


def bgr_of_values(values: npt.NDArray[np.generic]) -> Image:
    """Pixels of any depth, (height, width) or with 1, 3 (BGR) or 4 (BGR and alpha) channels, as BGR on white."""
    image = eight_bits(values)
    if image.ndim == 2 or image.shape[2] == 1:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    return np.ascontiguousarray(image) if image.shape[2] == 3 else on_white(image)
