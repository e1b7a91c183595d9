"""Copies the packets of a recording into another file, and compares the two."""

import itertools
import os
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream

from video_labeler.files.durable_file import DurableFile
from video_labeler.files.opening import existing_file
from video_labeler.movie.attached_files import attach, attached_files, is_attached
from video_labeler.movie.copied_stream import CopiedStream
from video_labeler.movie.movie_file import FORMATS
from video_labeler.movie.mp4_subtitles_off import switch_subtitles_off
from video_labeler.movie.source_tracks import own_tags
from video_labeler.sources.containers import MEDIA_OPTIONS, open_media, readable_tags

_BLANK_TEXT = b"\0\0"


@dataclass(frozen=True, slots=True)
class Content:
    """The contents of a file: for each stream the number and a checksum of its packets; frames and seconds."""

    packets: tuple[tuple[int, int], ...]
    frames: int
    seconds: float


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    """Open a recording of this user without following links, neither of the path nor inside the file."""
    options = MEDIA_OPTIONS | {"protocol_whitelist": "file"}
    # Unbuffered: FFmpeg has its own buffer.
    with (
        os.fdopen(existing_file(path), "rb", buffering=0) as file,
        open_media(file, options) as container,
    ):
        yield container


def _packets(container: InputContainer) -> "Iterator[Packet[Any]]":
    """The complete packets up to the end of the file, without empty timed text of MP4."""
    try:
        for packet in container.demux():
            if packet.dts is not None and packet.size and not packet.is_corrupt and not _is_blank(packet):
                yield packet
    except (av.FFmpegError, OSError):
        # This is where the crash cut the file off.
        return


def _is_blank(packet: "Packet[Any]") -> bool:
    """Whether it is an empty timed text, of which muxers write as many as they need."""
    return packet.size == len(_BLANK_TEXT) and packet.stream.type == "subtitle" and bytes(packet) == _BLANK_TEXT


def content_of(path: Path) -> Content:
    """Read a file to its end, or to where a crash cut it off; empty where it cannot be read."""
    with ExitStack() as stack:
        try:
            container = stack.enter_context(_opened(path))
        except (av.FFmpegError, ValueError):
            return Content((), 0, 0.0)
        checks = {stream.index: (0, 0) for stream in container.streams}
        frames, first_s, end_s = 0, None, 0.0
        for packet in _packets(container):
            count, check = checks[packet.stream_index]
            checks[packet.stream_index] = (count + 1, zlib.crc32(bytes(packet), check))
            if packet.stream.type == "video" and packet.pts is not None:
                frames += 1
                begins_s = float(packet.pts * packet.time_base)
                first_s = begins_s if first_s is None else first_s
                end_s = max(end_s, begins_s + float((packet.duration or 0) * packet.time_base))
        return Content(tuple(checks.values()), frames, round(end_s - (first_s or 0.0), 1))


def remux(path: Path, draft: DurableFile, descriptor: int) -> None:
    """Copy all complete packets of a recording into an empty file of the same kind, also open as ``descriptor``.

    Raises:
        OSError: the copy cannot be written.
        av.FFmpegError: the recording cannot be copied.
    """
    options = {"avoid_negative_ts": "disabled"}
    with _opened(path) as source, av.open(draft, "w", format=FORMATS[path.suffix.lower()], options=options) as copy:
        copy.metadata.update(own_tags(source.metadata))
        streams = {stream.index: _added(copy, stream) for stream in source.streams if not is_attached(stream)}
        with _opened(path) as again:
            attach(copy, attached_files(again))
        ends = _cue_ends(path)
        for packet in _packets(source):
            if packet.stream_index not in streams:
                continue
            end = ends.get((packet.stream_index, packet.pts))
            if end is not None and packet.pts is not None:
                packet.duration = end - packet.pts
            packet.stream = streams[packet.stream_index]
            copy.mux(packet)
    with open(descriptor, "r+b", buffering=0, closefd=False) as file:
        if path.suffix.lower() == ".mp4":
            switch_subtitles_off(file)
        os.fsync(file.fileno())


def _cue_ends(path: Path) -> dict[tuple[int, int | None], int]:
    """The end of each cue of an MP4, by its stream and start: only the next sample gives it, not the fragment."""
    if path.suffix.lower() != ".mp4":
        return {}
    starts: dict[int, set[int]] = {}
    with _opened(path) as source:
        texts = source.streams.subtitles
        try:
            for packet in source.demux(*texts) if texts else ():
                if packet.pts is not None:
                    starts.setdefault(packet.stream_index, set()).add(packet.pts)
        except (av.FFmpegError, OSError):
            return {}
    return {(index, start): end for index, at in starts.items() for start, end in itertools.pairwise(sorted(at))}


def _added(copy: OutputContainer, stream: Stream) -> Any:
    added: Any = copy.add_stream_from_template(stream) if stream.type == "video" else CopiedStream(copy, stream).stream
    added.time_base = stream.time_base
    added.disposition = stream.disposition
    added.metadata.update(readable_tags(stream.metadata))
    return added


def last_picture_decodes(path: Path) -> bool:
    """Whether the last picture of a file can be decoded.

    Raises:
        av.FFmpegError: it is damaged.
    """
    with _opened(path) as container:
        if container.duration:
            container.seek(max(0, container.duration - 2 * av.time_base))
        return any(True for _ in container.decode(video=0))
