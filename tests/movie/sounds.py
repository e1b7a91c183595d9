"""Sound for clips, made with the ffmpeg command."""

import hashlib
import subprocess
from pathlib import Path

import av


def add_sound(clip: Path, target: Path, *codecs: str, seconds: float | None = None, offset_s: float = 0.0) -> Path:
    """A copy of ``clip`` with a tone for each codec (default: one, AAC), as long as it or ``seconds``."""
    codecs = codecs or ("aac",)
    with av.open(str(clip)) as container:
        length = seconds or float(container.duration or 0) / av.time_base
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(clip)]
    for number in range(len(codecs)):
        tone = f"sine=frequency={440 * (number + 1)}:sample_rate=48000:duration={length}"
        command += ["-itsoffset", str(offset_s), "-f", "lavfi", "-i", tone]
    command += ["-map", "0:v", "-c:v", "copy"]
    for number, codec in enumerate(codecs):
        command += ["-map", f"{number + 1}:a", f"-c:a:{number}", codec, "-strict", "-2"]
    subprocess.run([*command, str(target)], check=True, timeout=60)
    return target


def sound_of(path: Path, stream: int = 0) -> list[str]:
    """A checksum of each packet of a sound stream."""
    with av.open(str(path)) as container:
        packets = container.demux(container.streams.audio[stream])
        return [hashlib.sha256(bytes(packet)).hexdigest() for packet in packets if packet.size]


def sound_times(path: Path, stream: int = 0) -> list[float]:
    """When each packet of a sound stream begins, in seconds."""
    with av.open(str(path)) as container:
        packets = container.demux(container.streams.audio[stream])
        return [float(packet.pts * packet.time_base) for packet in packets if packet.size and packet.pts is not None]
