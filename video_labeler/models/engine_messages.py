"""The messages between the program and the process that runs a model: a line of JSON, followed by bytes.

Neither side trusts the other's lengths, and nothing is unpickled: a hostile model may control the process.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from video_labeler import limits
from video_labeler.files.reading import parsed_json


class MessageError(Exception):
    """The data is not a message, or is cut off."""


@dataclass(frozen=True, slots=True)
class Message:
    """Named values, and bytes."""

    values: Mapping[str, Any]
    content: bytes = b""


def send(stream: IO[bytes], values: Mapping[str, Any], content: bytes | memoryview = b"") -> None:
    """Write a message.

    Raises:
        OSError: the other side is gone.
    """
    head = json.dumps({**values, "size": len(content)}).encode()
    stream.write(head + b"\n")
    stream.write(content)
    stream.flush()


def receive(stream: IO[bytes], most: int) -> Message:
    """Read a message with at most ``most`` bytes after its line.

    Raises:
        MessageError: it is not a message, is larger, or is cut off.
        OSError: it cannot be read.
    """
    head = stream.readline(limits.MESSAGE)
    try:
        values = parsed_json(head)
    except ValueError as error:
        raise MessageError("The line is not JSON") from error
    size = values.pop("size", None) if isinstance(values, dict) else None
    if not isinstance(size, int) or not 0 <= size <= most:
        raise MessageError("The size is invalid")
    content = stream.read(size)
    if len(content) != size:
        raise MessageError("The bytes are cut off")
    return Message(values, content)
