"""Files whose clock starts anew or jumps in the middle, as they come of joining files by cat."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from video_labeler.sources.moving_picture import MovingPicture

SOUND_RATE = 8000
RATE = 10


def write_part(
    path: Path,
    *,
    seconds: float = 2.0,
    start_s: float = 0.0,
    sound: bool = True,
    sound_ahead_s: float = 0.0,
    b_frames: int = 0,
    size: tuple[int, int] = (160, 120),
    rate: int = RATE,
    codec: str = "libx264",
) -> Path:
    """A clip of the moving test picture whose pictures begin at ``start_s``, and its sound ``sound_ahead_s`` before."""
    picture = MovingPicture(*size)
    with av.open(str(path), "w", options={"avoid_negative_ts": "disabled"}) as output:
        video = output.add_stream(codec, rate=rate)
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        if codec == "libx264":
            video.options = {"g": "10", "bf": str(b_frames)}
        heard = (
            output.add_stream("mp2" if path.suffix == ".mpg" else "aac", rate=44100, layout="mono") if sound else None
        )
        packets = []
        for index in range(round(seconds * rate)):
            frame = av.VideoFrame.from_ndarray(picture.draw(index), format="bgr24")
            frame.pts, frame.time_base = index, Fraction(1, rate)
            packets += video.encode(frame)
        packets += video.encode(None)
        shift = [(packet, start_s) for packet in packets]
        if heard is not None:
            count = round((seconds + sound_ahead_s) * 44100)
            for begin in range(0, count - 1151, 1152):
                tone = np.sin(np.arange(begin, begin + 1152) / 20)[np.newaxis]
                samples = (tone * 9000).astype(np.int16) if path.suffix == ".mpg" else tone.astype(np.float32)
                kind = "s16" if path.suffix == ".mpg" else "fltp"
                audio = av.AudioFrame.from_ndarray(samples, format=kind, layout="mono")
                audio.sample_rate, audio.pts, audio.time_base = 44100, begin, Fraction(1, 44100)
                shift += [(packet, start_s - sound_ahead_s) for packet in heard.encode(audio)]
            shift += [(packet, start_s - sound_ahead_s) for packet in heard.encode(None)]
        for packet, by_s in shift:
            ticks = round(by_s / packet.time_base)
            packet.pts, packet.dts = packet.pts + ticks, packet.dts + ticks
        shift.sort(key=lambda item: item[0].dts * item[0].time_base)
        for packet, _ in shift:
            output.mux(packet)
    return path


def joined(target: Path, *parts: Path) -> Path:
    """The parts one behind the other, as cat writes them."""
    target.write_bytes(b"".join(part.read_bytes() for part in parts))
    return target


def sound_packets(path: Path) -> int:
    """How many packets of sound a file holds."""
    with av.open(str(path)) as container:
        return sum(packet.size > 0 for packet in container.demux(container.streams.audio[0]))
