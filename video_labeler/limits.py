"""Every limit on what untrusted models, media and files may demand of this computer, in one place.

Sizes are bytes, times are seconds. Each limit is far above what any model, video or picture in use needs.
"""

from collections.abc import Callable
from dataclasses import dataclass

_MB = 1024**2
_GB = 1024**3

TFLITE_FILE = 2 * _GB
"""A flatbuffer cannot be larger."""

DOWNLOAD = 2 * _GB
"""The largest image models of TensorFlow Hub stay below."""

UNPACKED = 4 * _GB
UNPACKED_AT_LEAST = 256 * _MB
UNPACKED_RATIO = 20
"""Weights hardly compress, so an archive that grows by more than this is a bomb."""

MEMBERS = 1_000
"""Files and folders in an archive or folder of a SavedModel."""

MEMBER_HEADERS = 128 * 1024
"""What may come before a member of a tar: its header, and the long names and records that belong to it."""

MEMBER_NAME = 1_024
MEMBER_DEPTH = 16

GRAPH_FILE = 2 * _GB
"""A protobuf message cannot be larger."""

GRAPH_FIELDS = 10_000_000
"""Of the graph of a SavedModel; a large one has a few hundred thousand, and a million are read in a second or two."""

TFLITE_MEMORY = 6 * _GB
SAVED_MODEL_MEMORY = 16 * _GB
"""Address space, of which TensorFlow reserves much more than it uses."""

TENSORS = 64
"""Inputs and outputs of a model; a detector has about ten."""

MESSAGE = 1 * _MB
OUTPUT = 1 * _GB
"""Bytes of an answer from the process that runs a model: messages, and output tensors."""

STILL_PIXELS = 250_000_000
"""Of one picture in a file: a telephone's largest has 200 million; decoded, a picture takes about ten bytes a pixel."""

PICTURE_FILE = 1 * _GB
"""One picture as it is stored; a camera with 150 million pixels of 16 bits writes 0.9 GB."""

PICTURE_HELD = 128 * _MB
"""The file of a picture or animation whose decoder holds several copies of it: GIF, WebP, AVIF and HEIF."""

NETPBM_IN_LETTERS = 64 * _MB
"""A Netpbm picture with its numbers in letters, which are read at about 5 MB a second."""

PAGES = 1_000
"""Pages of a TIFF that are counted."""

JPEG_SCANNED = 20 * STILL_PIXELS
"""Pixels of all the scans of a JPEG, each of which covers the whole picture; progressive ones have about ten."""

JPEG_FILE = 256 * _MB
"""How much is read of a JPEG that does not decode as it should."""

VIDEO_PIXELS = 8192 * 8192
"""Of each picture of a video or a stream, several of which are in memory at once; 8K has 33 million."""

DECODED_PIXELS = VIDEO_PIXELS
"""Of all the pictures of a video that threads decode at once: eight of 4K, two of 8K, one of the largest."""

ANIMATION_PIXELS = 4096 * 4096
"""Of each picture of an animation, which its decoder holds half a dozen times; 4K has 8 million."""

ANIMATION_PICTURES = 100_000
"""Pictures of an animation: more than an hour."""

MEDIA_BLOCK = 288 * _MB
"""Of memory that FFmpeg takes at once, for a packet or the pixels of a picture; the largest picture has 256."""

ATTACHED = 64 * _MB
"""Fonts and covers within one video, all together; a film with a dozen fonts has about half of it."""

HELD = 256 * _MB
"""Attachments, tags, index and covers of a file, which are read into memory, some twice, as it is opened."""

FILE_PARTS = 1_000
"""Recordings concatenated in one file."""

STREAMS = 256
"""Pictures, sound, subtitles and attachments in one file or stream; a whole television channel has about a hundred."""

ENTRIES = 1_000
ENTRY_TEXT = 64 * 1024
ENTRIES_TEXT = 256 * 1024
"""Metadata that is copied from a file, such as its title: entries, characters in one, and characters in all."""

CHAPTERS = 1_000
CHAPTERS_OF_MP4 = 255
CHAPTER_TITLE = 1_000
"""Chapters of a file, and characters of a title; a long audio book has about a hundred."""

TRACKS = 64
TRACK_NAME = 1_000
"""Sound and subtitle tracks that are copied (a film disc has up to 64), and characters of a name."""

SUBTITLE_TEXT = 64 * 1024
SUBTITLE = 4 * _MB
STANDING_TEXTS = 64
"""Bytes of one text, and of one subtitle of any kind; how many texts of a track are shown at once."""

LONGEST_PICTURE_S = 6 * 3600.0
"""The longest that a picture is shown; an MP4 cannot hold much more, and times that jump further are not believed."""

QUEUED_FRAMES = 256 * _MB
"""Pixels of the frames that wait in one queue; of frames that have more, only one waits. Eight of 4K fit."""

QUEUED_PACKETS = 64 * _MB
"""Received packets of a stream that wait to be decoded: more than a second of any camera."""

PLAYLIST = 4 * _MB
PLAYLISTS = 64
"""Bytes of a playlist, and number of playlists at one address; 4 MB list four days of segments."""

PIECE = 32 * _MB
PIECES = 64 * _MB
LISTED_PIECES = 20_000
"""Segments of a playlist: bytes kept of one and of all for a second reader, and how many are read ahead."""

REDIRECTS = 8

OPENING_S = 30.0
"""For probing a file or an address, even on a slow disk; a million entries would take an hour."""

ANSWER_S = 10.0
"""For everything before the body of a web server's response."""

SLOWEST = 1_000
PATIENCE_S = 60.0
"""The lowest rate of a web recording, in bytes per second, and how long to wait before it is enforced."""

COPY_RESERVE = 200 * 10**6
COPY_CHECKED = 64 * _MB
"""Disk space that the copy of a web recording leaves free, and after how many bytes that is checked again."""

PICTURE_S = 5.0
BATCH_S = 20.0
"""How long a model may take per picture, and in addition per batch, on a slow and busy computer."""

LABEL_FILE = 4 * _MB
"""A label file, and all label lists inside a model together; real lists are far smaller."""

LABEL_TEXT = 300
"""Letters of a label's name or id; the longest of ImageNet have about 130."""

CHUNK = 1 * _MB
"""Bytes copied at a time."""

LABEL_ZIP_DIRECTORY = 64 * 1024
"""The directory of the zip inside a model, which lists a handful of files."""


def unpacked_bytes(packed: int) -> int:
    """The most bytes that an archive of ``packed`` bytes may unpack to, headers included."""
    return min(UNPACKED, max(UNPACKED_AT_LEAST, UNPACKED_RATIO * packed))


def run_s(pictures: int) -> float:
    """Seconds after which a model that was given a batch of this size counts as hanging."""
    return BATCH_S + PICTURE_S * pictures


Progress = Callable[[int, int], None]
"""Called with the bytes so far and the total in bytes (0 where unknown)."""


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """Seconds to wait for a connection, for the next bytes, and for the whole of one address."""

    connect_s: float = 5.0
    silence_s: float = 10.0
    total_s: float = 600.0
