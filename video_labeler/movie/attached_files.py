"""Files that a video carries along, such as the fonts of its subtitles, and the picture on its cover.

Matroska holds them. A fragmented MP4, which a crash leaves readable, makes of a cover a track that nobody can play.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import av
from av.container import InputContainer, OutputContainer
from av.stream import AttachmentStream, Disposition, Stream
from av.video.stream import VideoStream

from video_labeler import limits

_PICTURES = {"mjpeg": ("image/jpeg", ".jpg"), "png": ("image/png", ".png"), "bmp": ("image/bmp", ".bmp")}
"""Covers, by how FFmpeg calls what they are coded in."""

_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file within a video, or the picture on its cover; ``kind`` is its media type."""

    name: str
    kind: str
    content: bytes
    is_cover: bool = False


def is_attached(stream: Stream) -> bool:
    """Whether a stream is a file or a cover, and has no times."""
    return isinstance(stream, AttachmentStream) or bool(stream.disposition & Disposition.attached_pic)


def attached_files(container: InputContainer) -> tuple[AttachedFile, ...]:
    """The files in a video that has just been opened, as far as they can be carried along."""
    found = [_cover(container, stream) for stream in container.streams.video if is_attached(stream)]
    found += [
        AttachedFile(stream.name or "file", stream.mimetype or _UNKNOWN, bytes(stream.data))
        for stream in container.streams.attachments
        if stream.data
    ]
    kept, left = [], limits.ATTACHED
    for file in found:
        if file is not None and len(file.content) <= left:
            left -= len(file.content)
            kept.append(file)
    return tuple(kept)


def _cover(container: InputContainer, stream: VideoStream) -> AttachedFile | None:
    codec = "" if stream.codec_context is None else stream.codec_context.codec.canonical_name
    if codec not in _PICTURES:
        return None
    try:
        content = next((bytes(packet) for packet in container.demux(stream) if packet.size), b"")
    except (av.FFmpegError, OSError):
        return None
    kind, suffix = _PICTURES[codec]
    return AttachedFile(f"cover{suffix}", kind, content, is_cover=True) if content else None


def attach(container: OutputContainer, files: Sequence[AttachedFile]) -> None:
    """Put files into a Matroska that has its other streams, and nothing in them yet."""
    for file in files:
        container.add_attachment(file.name, file.kind, file.content)
