"""What the program and the process that runs a model say to each other: a line of JSON, and bytes behind it.

Neither side trusts the other's lengths, and nothing is unpickled: the process may be under a hostile model's command.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from video_labeler import limits
from video_labeler.files.reading import parsed_json


class MessageError(Exception):
    """What came is not a message, or is cut off."""


@dataclass(frozen=True, slots=True)
class Message:
    """Named plain values, and bytes."""

    values: Mapping[str, Any]
    content: bytes = b""


def send(stream: IO[bytes], values: Mapping[str, Any], content: bytes | memoryview = b"") -> None:
    """Write a message.

    Raises:
        OSError: nobody reads.
    """
    head = json.dumps({**values, "size": len(content)}).encode()
    stream.write(head + b"\n")
    stream.write(content)
    stream.flush()


def receive(stream: IO[bytes], most: int) -> Message:
    """Read a message with at most ``most`` bytes behind its line.

    Raises:
        MessageError: it is none, is larger, or is cut off.
        OSError: it cannot be read.
    """
    head = stream.readline(limits.MESSAGE)
    try:
        values = parsed_json(head)
    except ValueError as error:
        raise MessageError("The line is not JSON") from error
    size = values.pop("size", None) if isinstance(values, dict) else None
    if not isinstance(size, int) or not 0 <= size <= most:
        raise MessageError("The size is not one")
    content = stream.read(size)
    if len(content) != size:
        raise MessageError("The bytes are cut off")
    return Message(values, content)
