"""Decides where in a file decoding may begin: the pictures from there on must be those of reading all of it."""

import math
from collections.abc import Iterator, Sequence
from itertools import chain, dropwhile, groupby
from pathlib import Path

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from video_labeler import limits
from video_labeler.sources.containers import size_of
from video_labeler.sources.whole_file import is_whole

_SAMPLES = 256


def has_exact_index(container: InputContainer, streams: Sequence[Stream], path: Path | None) -> bool:
    """Whether seeking gives the times that reading the streams from the beginning gives: by an index on one clock.

    ``path`` is that of a local file. Formats without such an index are searched by the times in them, which may fall
    or jump in between; a Matroska file that goes on behind its end holds a second recording.
    """
    if (container.duration or 0) / av.time_base > limits.LONGEST_PICTURE_S:
        return False
    kind = container.format.name
    if kind.startswith("mov"):
        return all(map(_is_in_order, streams))
    return kind.startswith("matroska") and path is not None and is_whole(path, kind)


def _is_in_order(stream: Stream) -> bool:
    """Whether an edit list plays everything once, in the order of the file, but for its beginning and its end."""
    entries, count = stream.index_entries, len(stream.index_entries)
    # Of a fragmented file, neither is known before it is read. Sound may have many samples to an entry.
    if isinstance(stream, VideoStream) and stream.frames and count != stream.frames:
        return False
    places = [entries[at].pos for at in range(0, count, max(1, count // _SAMPLES))]
    stretches = [is_left_out for is_left_out, _ in groupby(entry.is_discard for entry in entries)]
    return places == sorted(places) and stretches.count(False) <= 1


def tells_times(container: InputContainer, video: VideoStream) -> bool:
    """Whether a file tells when each picture is shown. AVI does not where they are stored in another order."""
    return container.format.name != "avi" or not video.codec_context.has_b_frames


def is_cut_off(container: InputContainer, streams: Sequence[Stream]) -> bool:
    """Whether a file ends before what its index holds of these streams, which is in order."""
    size = size_of(container)
    last = [entries[len(entries) - 1] for stream in streams if len(entries := stream.index_entries)]
    return any(entry.pos + entry.size > size for entry in last)


def from_key_frame(packets: "Iterator[Packet[VideoStream]]", stamp: int) -> "Iterator[Packet[VideoStream]]":
    """The packets from the last key frame that is shown at or before a time, in ticks, without seeking."""
    group: list[Packet[VideoStream]] = []
    held = 0
    latest = -math.inf
    for packet in packets:
        coded = packet.pts if packet.dts is None else packet.dts
        # Behind one without a time, or one that is shown as late, times depend on what was before.
        shown = math.inf if packet.pts is None else packet.pts
        if packet.is_keyframe and latest < shown <= stamp:
            group.clear()
            held = 0
        group.append(packet)
        held += packet.size
        latest = max(latest, shown)
        if held > limits.QUEUED_PACKETS or (coded is not None and coded > stamp):
            break
    yield from group
    yield from packets


def begins_by(head: "Sequence[Packet[VideoStream]]", stamp: int) -> bool:
    """Whether the first packets are a key frame that is shown at or before a time, in ticks, and others with times.

    Decoders guess the times that are missing, from all that was before.
    """
    times = [packet.pts for packet in head if packet.size]
    return bool(times) and None not in times and head[0].is_keyframe and (head[0].pts or 0) <= stamp


def from_true_key_frame(key: "Packet[VideoStream]", pictures: Iterator[VideoFrame]) -> Iterator[VideoFrame] | None:
    """The pictures from that of ``key`` on, the first packet decoded; ``None`` if it needs others before it.

    Those that are shown before it are left out: they may refer to what was not decoded.
    """
    start = key.pts or 0
    shown = dropwhile(lambda picture: picture.pts is not None and picture.pts < start, pictures)
    first = next(shown, None)
    if first is None or first.pts != start or not first.key_frame or first.is_corrupt:
        return None
    return chain((first,), shown)
