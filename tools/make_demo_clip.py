"""Makes assets/demo.mp4 and assets/demo_truth.json, and other views of the same objects (docs/demo-clip.md)."""

import argparse
import logging
from pathlib import Path

from demo_clip.catalogue import BUILDERS
from demo_clip.clip import render_clip
from demo_clip.encoding import encode
from demo_clip.views import render_views

ASSETS = Path(__file__).resolve().parent.parent / "assets"
MOST_BYTES = 4_000_000


def main() -> None:
    """The command line."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    arguments = _parser().parse_args()
    if arguments.command == "clip":
        truth, video = arguments.output.with_name(f"{arguments.output.stem}_truth.json"), arguments.output
        render_clip(
            arguments.frames, truth, arguments.width, arguments.width * 9 // 16, arguments.samples, arguments.step
        )
        quality = encode(arguments.frames, video, MOST_BYTES, arguments.step)
        logging.info("wrote %s: %d bytes, rate factor %d", video, video.stat().st_size, quality)
    else:
        for path in render_views(arguments.object, arguments.count, arguments.folder):
            logging.info("wrote %s", path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    clip = commands.add_parser("clip", help="render and encode the demo clip; it goes on where it was stopped")
    clip.add_argument("--frames", type=Path, required=True, help="folder for the rendered frames")
    clip.add_argument("--output", type=Path, default=ASSETS / "demo.mp4")
    clip.add_argument("--width", type=int, default=1280, help="pixels to render; the clip itself is 1280x720")
    clip.add_argument("--samples", type=int, default=4, help="rays a pixel")
    clip.add_argument("--step", type=int, default=1, help="render only every so many-th frame: for a quick look")
    views = commands.add_parser("views", help="render other views of one object")
    views.add_argument("object", choices=sorted(BUILDERS))
    views.add_argument("count", type=int)
    views.add_argument("folder", type=Path)
    return parser


if __name__ == "__main__":
    main()
