"""Every colour of the window, in light and dark."""

from dataclasses import dataclass

STAGE = "#0c0e11"
"""The background of the picture, in light and dark: nothing should compete with it."""


@dataclass(frozen=True, slots=True)
class Colours:
    """Every colour of the window, as ``#rrggbb``. Text has a contrast of 4.5:1 (WCAG AA) on each of its surfaces."""

    window: str
    surface: str
    raised: str
    border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_soft: str
    record: str
    warning: str
    good: str


LIGHT = Colours(
    window="#f3f4f6",
    surface="#ffffff",
    raised="#e9ebef",
    border="#d3d7de",
    text="#181c22",
    muted="#545d6a",
    accent="#0b62c4",
    on_accent="#ffffff",
    accent_soft="#dbe9fa",
    record="#c8202b",
    warning="#8a5200",
    good="#1a7340",
)
DARK = Colours(
    window="#15181d",
    surface="#1c2026",
    raised="#282d35",
    border="#363c46",
    text="#eceef1",
    muted="#a4acb8",
    accent="#62adff",
    on_accent="#07172a",
    accent_soft="#203550",
    record="#ff6369",
    warning="#f2b34c",
    good="#5cc98a",
)
