"""Finds sound whose format changes midway: a copy of it would play at the wrong speed."""

from itertools import islice
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer

from video_labeler.movie.decoded_sound import SoundFormat
from video_labeler.sources.containers import open_file, size_of
from video_labeler.sources.running_clock import readable_sound
from video_labeler.sources.whole_file import is_whole

_BROADCASTS = ("mpeg",)
"""Containers, by the start of FFmpeg's name, in which the sound format may change at any time."""
_JOINED_BY_CHANCE = "matroska"

_READ_WHOLE_BYTES = 64_000_000
_SAMPLES = 32
_EVERY_S = 0.5
_TRIED_PACKETS = 400


def changing_forms(opened: InputContainer, path: Path) -> dict[int, SoundFormat]:
    """The sound streams in a file whose rate or channels change, each with the format that keeps most of it.

    Where the kind of file allows such changes, it is opened once more to listen; of a large one only samples are.

    Raises:
        FFmpegError, OSError, ValueError: the file cannot be read.
    """
    kind = opened.format.name
    may_change = kind.startswith(_BROADCASTS) or (kind.startswith(_JOINED_BY_CHANCE) and not is_whole(path, kind))
    if not may_change or not opened.streams.audio:
        return {}
    with open_file(str(path.absolute())) as container:
        streams = readable_sound(container)
        found: dict[int, set[tuple[int, int]]] = {stream.index: set() for stream in streams}
        if path.stat().st_size <= _READ_WHOLE_BYTES:
            _look(container.demux(*streams), found)
        else:
            for sample in range(_SAMPLES):
                container.seek(size_of(container) * sample // _SAMPLES, unsupported_byte_offset=True)
                _look(islice(container.demux(*streams), _TRIED_PACKETS), found)
    return {
        index: SoundFormat.nearest(max(rate for rate, _ in forms), max(channels for _, channels in forms))
        for index, forms in found.items()
        if len(forms) > 1
    }


def _look(packets: Any, found: dict[int, set[tuple[int, int]]]) -> None:
    """Decode occasional packets."""
    last_s: dict[int, float] = {}
    try:
        for packet in packets:
            stamp = packet.dts if packet.pts is None else packet.pts
            at_s = float(stamp * packet.time_base) if stamp is not None else 0.0
            if packet.size and not 0 <= at_s - last_s.get(packet.stream_index, -1.0) < _EVERY_S:
                for frame in _decoded(packet):
                    last_s[packet.stream_index] = at_s
                    found[packet.stream_index].add((frame.sample_rate, frame.layout.nb_channels))
    except (av.FFmpegError, OSError):
        # Damage is reported by whoever reads the stream.
        return


def _decoded(packet: Any) -> Any:
    try:
        return packet.decode()
    except (av.FFmpegError, ValueError):
        return []
