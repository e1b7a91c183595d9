"""From numbered pictures to the video file."""

import math
import subprocess
from pathlib import Path

from demo_clip.choreography import RATE

_FINEST, _COARSEST = 22, 34
"""x264's constant rate factors to try: finer than the first looks the same, and six more halve the file."""


def encode(folder: Path, output: Path, most_bytes: int, step: int = 1) -> int:
    """Encode ``frame_0000.png`` and so on as H.264, as finely as ``most_bytes`` allow; the rate factor that did.

    Runs ``ffmpeg``. ``step`` says that only every so many-th frame is there.

    Raises:
        subprocess.CalledProcessError: ffmpeg failed; its last words are on standard error.
        ValueError: the pictures cannot be made that small.
    """
    factor = _FINEST
    while factor <= _COARSEST:
        _run(folder, output, factor, RATE / step)
        size = output.stat().st_size
        if size <= most_bytes:
            return factor
        factor += max(1, math.floor(6 * math.log2(size / most_bytes)))
    raise ValueError(f"The pictures in {folder} do not fit into {most_bytes} bytes.")


def _run(folder: Path, output: Path, factor: int, rate: float) -> None:
    command = ["ffmpeg", "-y", "-v", "error", "-framerate", str(rate)]
    command += ["-pattern_type", "glob", "-i", str(folder / "frame_????.png")]
    command += ["-vf", "scale=1280:720:flags=lanczos:out_color_matrix=bt709:out_range=tv,format=yuv420p"]
    command += ["-c:v", "libx264", "-preset", "slower", "-crf", str(factor), "-g", str(5 * RATE)]
    command += ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    subprocess.run([*command, "-movflags", "+faststart", str(output)], check=True)
