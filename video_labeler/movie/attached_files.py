"""Files attached to a video, such as the fonts of its subtitles, and its cover picture.

Matroska can hold them. A fragmented MP4, which stays readable after a crash, turns a cover into an unplayable track.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import av
from av.container import InputContainer, OutputContainer
from av.stream import AttachmentStream, Disposition, Stream
from av.video.stream import VideoStream

from video_labeler import limits

_PICTURES = {"mjpeg": ("image/jpeg", ".jpg"), "png": ("image/png", ".png"), "bmp": ("image/bmp", ".bmp")}
"""Cover formats, by FFmpeg's name of their codec."""

_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file attached to a video, or its cover; ``kind`` is its media type."""

    name: str
    kind: str
    content: bytes
    is_cover: bool = False


def is_attached(stream: Stream) -> bool:
    """Whether a stream is an attached file or a cover, without times."""
    return isinstance(stream, AttachmentStream) or bool(stream.disposition & Disposition.attached_pic)


def attached_files(container: InputContainer) -> tuple[AttachedFile, ...]:
    """The files attached to a video that has just been opened, as far as they can be copied."""
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
    """Attach files to a Matroska file whose streams exist, but hold no packets yet."""
    for file in files:
        container.add_attachment(file.name, file.kind, file.content)
