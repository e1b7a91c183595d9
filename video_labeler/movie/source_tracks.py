"""Plans how the tracks of a file other than its pictures get into a recording."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream

from video_labeler import limits
from video_labeler.movie.attached_files import AttachedFile, attached_files, is_attached
from video_labeler.movie.copied_stream import can_be_copied, codec_of
from video_labeler.movie.decoded_sound import SoundFormat
from video_labeler.sources.containers import readable_tags
from video_labeler.text.address_text import without_secrets

_TRIED_PACKETS = 60
"""After this many packets without decoded sound, a stream counts as undecodable."""

_LANGUAGE = 40
"""The most characters of a language's name in a sentence."""

_LOOKED_AT_PACKETS = 2000
"""Packets of all streams: a film whose sound begins late is not read to its end for it."""

_CONTAINER_NAMES = {"mp4": "MP4", "matroska": "Matroska"}

TEXT_CODECS = (
    "mov_text",
    "subrip",
    "text",
    "webvtt",
    "ass",
    "ssa",
    "eia_608",
    "hdmv_text_subtitle",
    "subviewer",
    "microdvd",
)
"""Subtitle codecs that FFmpeg decodes to text; the others are pictures."""

_KEPT_MARKS = (
    Disposition.default
    | Disposition.forced
    | Disposition.comment
    | Disposition.dub
    | Disposition.original
    | Disposition.hearing_impaired
    | Disposition.visual_impaired
    | Disposition.captions
    | Disposition.descriptions
    | Disposition.lyrics
    | Disposition.karaoke
)
_KEPT_STREAM_TAGS = ("language", "title")

_NAMED = 12
"""The most names in a sentence; the rest are counted."""

_TECHNICAL = re.compile(
    r"major_brand|minor_version|compatible_brands|encoder|encoded_by|handler_name|vendor_id|duration|"
    r"device_?conformance_?template|wmfsdk.*|isvbr|_statistics.*|number_of_.*|bps|timecode|ismlivestream|"
    r"com\.android\.(version|capture\.fps)|creation_?date|metadatacreator|hasaudio|hasvideo|hasmetadata|can.*|"
    r"service_(name|provider)|variant_bitrate|software|modification_date|company_name|product_.*|.*_version(_num)?|"
    r".*_(uid|umid|ul|platform)|uid",
    re.IGNORECASE,
)
"""Metadata that describes the container or its writer, and would be wrong in a copy."""

_OTHER_NAMES = {
    "com.apple.quicktime.location.iso6709": "location",
    "com.apple.quicktime.creationdate": "date",
    "com.apple.quicktime.title": "title",
    "com.apple.quicktime.artist": "artist",
    "com.apple.quicktime.author": "artist",
    "com.apple.quicktime.comment": "comment",
    "com.apple.quicktime.copyright": "copyright",
    "com.apple.quicktime.description": "description",
    "com.apple.quicktime.keywords": "keywords",
    "location-eng": "location",
    "author": "artist",
}

_IN_MP4 = re.compile(
    "title|artist|album_artist|composer|album|date|comment|genre|copyright|grouping|lyrics|description|synopsis|show|"
    "episode_id|network|keywords|location|creation_time|track|disc"
)
"""The metadata that FFmpeg writes into an MP4."""


class Way(Enum):
    """How a track gets into the recording."""

    COPY = "copy"
    CONVERT = "convert"
    """Sound becomes AAC, subtitles become the container's own text."""


@dataclass(frozen=True, slots=True)
class TrackPlan:
    """A stream of the source, how it is transferred, its metadata, and the format of converted sound."""

    stream: Stream
    way: Way
    tags: Mapping[str, str]
    marks: Disposition
    form: SoundFormat | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A named part of a file, in seconds."""

    start_s: float
    end_s: float
    title: str


@dataclass(frozen=True, slots=True)
class SourceTracks:
    """What comes along: tracks, entries, chapters (on the file's clock), attached files; and what is told to people.

    ``has_read``: packets of the file were read to find out.
    """

    tracks: tuple[TrackPlan, ...]
    tags: Mapping[str, str]
    chapters: tuple[Chapter, ...]
    attached: tuple[AttachedFile, ...]
    notes: tuple[str, ...]
    has_read: bool


def plan_tracks(
    container: InputContainer, container_format: str, *, sound: bool, changing: Mapping[int, SoundFormat] | None = None
) -> SourceTracks:
    """Plan everything but the pictures; reads the start of sound that must be converted.

    ``container_format`` is that of the recording, ``mp4`` or ``matroska``; without ``sound`` none comes along.
    ``changing``: the streams whose sound format changes midway, with the format to convert to.
    """
    planner = _Planner(container, container_format, changing or {})
    planner.plan_attached()
    if sound:
        planner.plan_sound()
    planner.plan_subtitles()
    planner.note_the_rest()
    tags, too_many = _bounded(_own_tags(container.metadata))
    left = [name for name in tags if container_format == "mp4" and not _IN_MP4.fullmatch(name)]
    if left:
        names = ", ".join(left[:_NAMED]) + (f" and {len(left) - _NAMED} more" if len(left) > _NAMED else "")
        planner.notes.append(f"{planner.kind} cannot hold this metadata of the file: {names}.")
    if too_many:
        planner.notes.append(f"Metadata of the file left out because it is too long or too much: {too_many}.")
    chapters = tuple(planner.plan_chapters())
    notes = tuple(planner.notes)
    return SourceTracks(tuple(planner.tracks), tags, chapters, planner.attached, notes, planner.has_read)


class _Planner:
    def __init__(self, container: InputContainer, container_format: str, changing: Mapping[int, SoundFormat]) -> None:
        self._container = container
        self._changing = changing
        self._format = container_format
        self.kind = _CONTAINER_NAMES[container_format]
        self.tracks: list[TrackPlan] = []
        self.notes: list[str] = []
        self.attached: tuple[AttachedFile, ...] = ()
        self.has_read = False

    def plan_attached(self) -> None:
        if self._format == "matroska":
            self.attached = attached_files(self._container)
            self.has_read = any(map(is_attached, self._container.streams.video))

    def plan_sound(self) -> None:
        streams = self._first(self._container.streams.audio, "sound")
        names = _names("sound", "sound track", streams)
        to_convert = []
        for stream, name in zip(streams, names, strict=True):
            if stream.index in self._changing:
                self._add(stream, Way.CONVERT, self._changing[stream.index])
                self.notes.append(f"The {name} was converted to AAC, because its format changes midway.")
            elif can_be_copied(stream, self._format):
                self._add(stream, Way.COPY)
            else:
                to_convert.append((stream, name))
        self.has_read = self.has_read or bool(to_convert)
        forms = _decoded_forms(self._container, [stream for stream, _ in to_convert])
        for stream, name in to_convert:
            form = forms.get(stream.index)
            if form is None:
                self.notes.append(f"The {name} cannot be decoded, and is left out.")
                continue
            self._add(stream, Way.CONVERT, form)
            self.notes.append(f"The {name} was converted to AAC, because {self.kind} cannot hold it.")
        self.tracks.sort(key=lambda track: track.stream.index)

    def plan_subtitles(self) -> None:
        streams = self._first(self._container.streams.subtitles, "subtitle")
        for stream, name in zip(streams, _names("subtitles", "subtitle track", streams), strict=True):
            if self._format == "matroska" and can_be_copied(stream, self._format) and codec_of(stream) != "mov_text":
                self._add(stream, Way.COPY)
            elif codec_of(stream) in TEXT_CODECS:
                self._add(stream, Way.CONVERT)
            else:
                verb = "are" if name.startswith("subtitles") else "is"
                self.notes.append(f"The {name} {verb} left out, because {self.kind} cannot hold them.")

    def plan_chapters(self) -> list[Chapter]:
        most = limits.CHAPTERS_OF_MP4 if self._format == "mp4" else limits.CHAPTERS
        entries = self._container.chapters()
        if len(entries) > most:
            self.notes.append(f"Left out: {len(entries) - most} of {len(entries)} chapters.")
        return list(_chapters(entries[:most]))

    def _first(self, streams: "tuple[Any, ...]", kind: str) -> "tuple[Any, ...]":
        """As many of the streams as the limit on tracks still allows."""
        room = limits.TRACKS - len(self.tracks)
        if len(streams) > room:
            self.notes.append(f"Left out: {len(streams) - room} of {len(streams)} {kind} tracks.")
        return streams[:room]

    def note_the_rest(self) -> None:
        streams = self._container.streams
        covers = [stream for stream in streams.video if stream.disposition & Disposition.attached_pic]
        # MP4 stores the names of chapters in a track as well.
        has_chapter_track = bool(self._container.chapters()) and "mp4" in self._container.format.name
        kept = sum(file.is_cover for file in self.attached)
        counts = (
            (len(covers) - kept, "cover picture"),
            (len(streams.data) - has_chapter_track, "data track"),
            (len(streams.attachments) - (len(self.attached) - kept), "attached file"),
            (len(streams.video) - len(covers) - 1, "further video track"),
        )
        left = [f"{count} {what}{'s' if count > 1 else ''}" for count, what in counts if count > 0]
        if left:
            self.notes.append(f"Left out: {', '.join(left)}.")

    def _add(self, stream: Stream, way: Way, form: SoundFormat | None = None) -> None:
        kept = (
            (key, value) for key, value in readable_tags(stream.metadata).items() if key.lower() in _KEPT_STREAM_TAGS
        )
        tags = {key: value[: limits.TRACK_NAME] for key, value in kept}
        self.tracks.append(TrackPlan(stream, way, tags, stream.disposition & _KEPT_MARKS, form))


def _names(alone: str, one_of: str, streams: "tuple[Any, ...]") -> list[str]:
    """The name of each stream in a sentence."""
    names = []
    for number, stream in enumerate(streams, 1):
        language = readable_tags(stream.metadata).get("language", "")[:_LANGUAGE]
        known = [word for word in (codec_of(stream), language if len(streams) > 1 else None) if word and word != "und"]
        details = f" ({', '.join(known)})" if known else ""
        names.append(f"{alone}{details}" if len(streams) == 1 else f"{one_of} {number}{details}")
    return names


def _decoded_forms(container: InputContainer, streams: list[AudioStream]) -> dict[int, SoundFormat]:
    """The format of each decodable stream, by its index; rewinds the file."""
    forms: dict[int, SoundFormat] = {}
    readable = [stream for stream in streams if stream.codec_context is not None]
    if not readable:
        return forms
    tried = dict.fromkeys((stream.index for stream in readable), 0)
    for packet in _packets(container):
        index = packet.stream_index
        if index not in tried or index in forms:
            continue
        tried[index] += 1
        try:
            frames: list[Any] = packet.decode()
        except (av.FFmpegError, ValueError):
            frames = []
        if frames:
            forms[index] = SoundFormat.nearest(frames[0].sample_rate, frames[0].layout.nb_channels)
        if all(at in forms or count >= _TRIED_PACKETS for at, count in tried.items()):
            break
    for stream in readable:
        # It begins later: its header must suffice.
        context = stream.codec_context
        if not tried[stream.index] and context.sample_rate and context.layout.nb_channels:
            forms[stream.index] = SoundFormat.nearest(context.sample_rate, context.layout.nb_channels)
    return forms


def _packets(container: InputContainer) -> "Iterator[Packet[Any]]":
    try:
        packets = (packet for packet in container.demux() if packet.size)
        yield from itertools.islice(packets, _LOOKED_AT_PACKETS)
    except (av.FFmpegError, OSError):
        # Nothing after that is needed to know the format.
        return


def own_tags(source: Mapping[str, str]) -> dict[str, str]:
    """The metadata of a file that matters to people, under FFmpeg's usual names, within limits.

    Secrets of addresses are removed.
    """
    return _bounded(_own_tags(source))[0]


def _own_tags(source: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in readable_tags(source).items():
        known = _OTHER_NAMES.get(name.lower(), name.lower())
        if not _TECHNICAL.fullmatch(known) and value.strip():
            yield known, value


def _bounded(entries: Iterable[tuple[str, str]]) -> tuple[dict[str, str], int]:
    """The metadata to copy, and how many entries are left out because they are too long or too many."""
    kept: dict[str, str] = {}
    letters = left_out = 0
    for name, value in entries:
        size = len(name) + len(value)
        if len(kept) >= limits.ENTRIES or size > limits.ENTRY_TEXT or letters + size > limits.ENTRIES_TEXT:
            left_out += 1
        elif name not in kept:
            kept[name] = without_secrets(value)
            letters += size
    return kept, left_out


def _chapters(entries: "Sequence[Any]") -> Iterator[Chapter]:
    for number, entry in enumerate(entries, 1):
        tick = entry["time_base"] or Fraction(1)
        title = readable_tags(entry.get("metadata", {})).get("title", "")[: limits.CHAPTER_TITLE] or f"Chapter {number}"
        yield Chapter(float(entry["start"] * tick), float(entry["end"] * tick), title)
