"""Makes the README's pictures of the window anew: the demo on a real screen, in light and in dark.

Run: python -m tests.screens.readme [FOLDER] (make pictures), where the full model is on the disk.
"""

import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from tests.window.real_screen import RealWindow, wait_for, x_server
from video_labeler.settings import Settings, Theme, WindowSettings
from video_labeler.settings_file import save_settings

_PLAYED = 0.74
"""Of the demo: by then the laptop is there, and most of what comes before it is in the list of what was seen."""

_SLIDER = (98, 700, 696)
"""Where the line of the position begins and ends in the window, and its height there; in pixels."""

_COLOURS = 256


def picture(theme: Theme) -> Image.Image:
    """The window, without its frame, as it pauses in the middle of the demo."""
    with tempfile.TemporaryDirectory() as temporary, x_server() as display:
        folder = Path(temporary)
        settings = folder / "settings.toml"
        save_settings(Settings(window=WindowSettings(theme=theme)), settings)
        command = [sys.executable, "-m", "video_labeler", "window", "demo", "--settings", str(settings)]
        window = RealWindow(display, command, folder)
        try:
            number = window.titled("^Demo")
            window.focus(number)
            # The frame rate is this computer's.
            window.keys("i")
            place = _place(window, number)
            wait_for(lambda: _played(window.picture().crop(place)) >= _PLAYED, 300.0)
            window.keys("k")
            time.sleep(1.0)
            return window.picture().crop(place)
        finally:
            window.kill()


def _played(shown: Image.Image) -> float:
    """How far the demo is: the share of its slider that has the colour of its beginning."""
    left, right, height = _SLIDER
    colours = [shown.getpixel((x, height)) for x in range(left, right)]
    return sum(colour == colours[0] for colour in colours) / len(colours)


def _place(window: RealWindow, number: str) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the window on its screen, in pixels: where the pointer is in its corner."""
    words = window.tool("mousemove", "--window", number, "0", "0", "getmouselocation", "--shell").split()
    corner = {name: int(value) for name, value in (word.split("=") for word in words)}
    window.tool("mousemove", "0", "0")
    width, height = window.size(number)
    return corner["X"], corner["Y"], corner["X"] + width, corner["Y"] + height


def main(folder: Path) -> None:
    """Make both pictures."""
    for theme in (Theme.LIGHT, Theme.DARK):
        path = folder / f"window-{theme.value}.png"
        shown = picture(theme)
        # Few colours, but the rare ones among them, such as the red of the record button.
        few = shown.quantize(_COLOURS, Image.Quantize.MAXCOVERAGE)
        shown.quantize(palette=few, dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)
        print(path, path.stat().st_size, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures"))
