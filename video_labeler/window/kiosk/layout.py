"""The layout of a screen of any shape: the picture, the exhibitor's strip, the day's gallery."""

from dataclasses import dataclass
from typing import Self

from PyQt6.QtCore import QRectF, QSizeF

_UPRIGHT_BELOW = 1.15
"""Screens with a smaller ratio of width to height count as portrait."""

HERO, CELEBRATED, INVITATION, COVER = 9.0, 12.0, 7.4, 7.0
NAME, LINE, CAPTION, COUNT = 4.4, 3.6, 2.7, 7.0
"""Text heights in hundredths of the screen's height: readable from three metres on a 32-inch screen."""

_BAR, _STRIP_UPRIGHT, _GALLERY_UPRIGHT = 13.4, 12.0, 26.0
_STRIP_SHARE = 0.46


@dataclass(frozen=True, slots=True)
class Layout:
    """Rectangles in the window's own units. ``unit``: a hundredth of the height, smaller on narrow screens.

    ``strip`` is empty without an exhibitor; ``upright``: the screen is in portrait orientation.
    """

    stage: QRectF
    strip: QRectF
    gallery: QRectF
    unit: float
    upright: bool

    @classmethod
    def of(cls, size: QSizeF, strip_units: float) -> Self:
        """The layout of a window of that size; ``strip_units``: the strip's preferred width, 0 for none."""
        width, height = max(1.0, size.width()), max(1.0, size.height())
        if width / height < _UPRIGHT_BELOW:
            return cls._upright(width, height, with_strip=strip_units > 0)
        unit = height / 100
        top = height - round(_BAR * unit)
        split = round(min(width * _STRIP_SHARE, strip_units * unit))
        return cls(
            QRectF(0, 0, width, top),
            QRectF(0, top, split, height - top),
            QRectF(split, top, width - split, height - top),
            unit,
            upright=False,
        )

    @classmethod
    def _upright(cls, width: float, height: float, *, with_strip: bool) -> Self:
        unit = min(height, 1.3 * width) / 100
        top = round(_STRIP_UPRIGHT * unit) if with_strip else 0
        bottom = height - round(_GALLERY_UPRIGHT * unit)
        return cls(
            QRectF(0, top, width, bottom - top),
            QRectF(0, 0, width, top),
            QRectF(0, bottom, width, height - bottom),
            unit,
            upright=True,
        )

    @property
    def bars(self) -> QRectF:
        """The strip and the gallery if they are side by side; else the gallery."""
        return self.gallery if self.upright else self.strip.united(self.gallery)
