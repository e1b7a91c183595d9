"""Looks through a playlist of HLS on this computer before FFmpeg opens it: it names files, and no other computer's."""

import re
from pathlib import Path
from urllib.parse import unquote

from video_labeler import limits
from video_labeler.files.reading import TooLargeError, read_bytes

IS_PLAYLIST = re.compile(rb"\s*(\xef\xbb\xbf)?#EXTM3U")

_NAMES = re.compile(
    r'^[ \t]*(?!#)(?P<entry>\S.*)|\bURI[ \t]*=[ \t]*"?(?P<attribute>[^",\r\n]+)', re.MULTILINE | re.IGNORECASE
)
_ELSEWHERE = re.compile(r"(?!file:///[^\\/])(file:)?[ \t]*[\\/]{2}", re.IGNORECASE)
_LISTS_OTHERS = re.compile(rb"#EXT-X-(STREAM-INF|MEDIA|I-FRAME-STREAM-INF)\b")


def check_playlist(path: Path) -> None:
    """Look through a playlist, and those that it names.

    Raises:
        ValueError: it has more entries than any, or names a file in the network, where Windows would log in.
        OSError: it cannot be read.
    """
    waiting, seen = [path], set[Path]()
    while waiting:
        playlist = waiting.pop()
        if playlist in seen:
            continue
        if len(seen) >= limits.PLAYLISTS:
            raise ValueError("more playlists than any has")
        seen.add(playlist)
        try:
            content = read_bytes(playlist, limits.PLAYLIST)
        except TooLargeError as error:
            raise ValueError("a playlist of more entries than any has") from error
        named = [match["entry"] or match["attribute"] for match in _NAMES.finditer(content.decode(errors="replace"))]
        if any(_ELSEWHERE.match(text) for name in named for text in (name, unquote(name))):
            raise ValueError("a playlist that names another computer")
        if _LISTS_OTHERS.search(content):
            waiting += [other for name in named if _is_playlist(other := playlist.parent / unquote(name))]


def _is_playlist(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return IS_PLAYLIST.match(file.read(16)) is not None
    except (OSError, ValueError):
        return False
