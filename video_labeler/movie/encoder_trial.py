"""Run as a program: encodes a few frames with the named encoder, and fails where decoding does not give them back.

``python -m video_labeler.movie.encoder_trial NAME WIDTH HEIGHT KEY=VALUE...``
"""

import sys
from collections.abc import Mapping
from fractions import Fraction

import av
import numpy as np

_FRAMES = 8
_GREY = (60, 180)
_TOLERANCE = 12


def try_encoder(name: str, size: tuple[int, int], options: Mapping[str, str]) -> None:
    """Encode pictures of two greys, decode them, and compare.

    Raises:
        RuntimeError: other pictures came back.
        av.FFmpegError: the encoder or its driver refuses.
    """
    encoder = av.CodecContext.create(name, "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height = size
    encoder.pix_fmt = "yuv420p"
    encoder.time_base = Fraction(1, 30)
    encoder.framerate = Fraction(30)
    encoder.options = dict(options)
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    packets = []
    for index in range(_FRAMES):
        grey = _GREY[index % 2]
        picture = av.VideoFrame.from_ndarray(np.full((size[1] * 3 // 2, size[0]), grey, np.uint8), format="yuv420p")
        picture.pts, picture.time_base = index, encoder.time_base
        packets += encoder.encode(picture)
    packets += encoder.encode(None)
    pictures = [picture for packet in packets for picture in decoder.decode(packet)] + decoder.decode(None)
    means = [float(picture.to_ndarray()[: size[1]].mean()) for picture in pictures]
    wanted = [_GREY[index % 2] for index in range(_FRAMES)]
    if len(means) != _FRAMES or any(abs(is_ - want) > _TOLERANCE for is_, want in zip(means, wanted, strict=True)):
        raise RuntimeError(f"{name} gave back {len(means)} pictures of brightness {means}")


if __name__ == "__main__":
    try_encoder(
        sys.argv[1],
        (int(sys.argv[2]), int(sys.argv[3])),
        dict(word.split("=", 1) for word in sys.argv[4:]),
    )
