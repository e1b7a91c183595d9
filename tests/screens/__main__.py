"""Paints contact sheets of every state, one for each size, scale and theme, to be looked at.

Run: python -m tests.screens [FOLDER] (make screens)
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SIZES = ((480, 360, 1), (1024, 600, 1), (1920, 1080, 1), (1920, 1080, 2))
THEMES = ("light", "dark")


def main(folder: Path) -> None:
    """Make the sheets, each in a process of its own, since a screen's size and scale are of the whole process."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        for width, height, scale in SIZES:
            screen = Path(temporary) / "screen.json"
            described = {"name": "screen", "x": 0, "y": 0, "width": width, "height": height, "dpr": 1}
            described |= {"logicalDpi": 96, "logicalBaseDpi": 96}
            screen.write_text(json.dumps({"screens": [described]}))
            for theme in THEMES:
                sheet = folder / f"{width}x{height}{f' at {scale}' if scale > 1 else ''} {theme}.png"
                subprocess.run(
                    [sys.executable, "-m", "tests.screens.sheet", str(sheet), theme],
                    env={
                        **os.environ,
                        "QT_QPA_PLATFORM": f"offscreen:configfile={screen}",
                        "QT_SCALE_FACTOR": str(scale),
                    },
                    check=True,
                )
                print(sheet, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo-output/screens"))
