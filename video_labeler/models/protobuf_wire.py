"""Reads the fields of protobuf messages, without their descriptions: enough to look into a file before it is trusted.

Groups, which are obsolete but skipped by every reader, are read as if their fields were the message's own.
"""

from collections.abc import Iterator

Value = int | memoryview
"""A number, or the bytes of a text, of packed numbers or of a message inside."""

_VARINT, _EIGHT, _BYTES, _GROUP, _GROUP_END, _FOUR = range(6)
_LONGEST_VARINT = 10


class WireError(ValueError):
    """The bytes are not a protobuf message."""


class WireReader:
    """Reads messages with up to ``most`` fields in total, so that no file can block its reader for long."""

    def __init__(self, most: int) -> None:
        self._left = most

    def fields(self, message: memoryview) -> Iterator[tuple[int, Value]]:
        """Number and value of each field, in the order of the bytes.

        Raises:
            WireError: the bytes are not a message, or there are too many fields.
        """
        position, end, depth = 0, len(message), 0
        while position < end:
            self._left -= 1
            if self._left < 0:
                raise WireError("there are too many fields")
            key, position = _varint(message, position)
            number, kind = key >> 3, key & 7
            if not 0 < number < 1 << 29:
                raise WireError("a field has no number")
            if kind == _VARINT:
                value, position = _varint(message, position)
                yield number, value
            elif kind == _BYTES:
                length, position = _varint(message, position)
                yield number, _slice(message, position, length)
                position += length
            elif kind in (_EIGHT, _FOUR):
                length = 8 if kind == _EIGHT else 4
                yield number, int.from_bytes(_slice(message, position, length), "little")
                position += length
            elif kind == _GROUP:
                depth += 1
            elif kind == _GROUP_END and depth:
                depth -= 1
            else:
                raise WireError("a field has an unknown type")
        if depth:
            raise WireError("a group has no end")

    def messages(self, message: memoryview, number: int) -> Iterator[memoryview]:
        """The bytes of each field of that number.

        Raises:
            WireError: the bytes are not a message, or such a field is a number.
        """
        for found, value in self.fields(message):
            if found == number:
                yield _bytes(value)

    def texts(self, message: memoryview, number: int) -> list[str]:
        """The texts of the fields of that number.

        Raises:
            WireError: the bytes are not a message, or such a field is not a text in UTF-8.
        """
        return [text_of(value) for value in self.messages(message, number)]


def text_of(value: Value) -> str:
    """The text in a field.

    Raises:
        WireError: it is not a text in UTF-8.
    """
    try:
        return str(_bytes(value), "utf-8")
    except UnicodeDecodeError as error:
        raise WireError("a text is not in UTF-8") from error


def _bytes(value: Value) -> memoryview:
    if isinstance(value, int):
        raise WireError("a field has the wrong type")
    return value


def _slice(message: memoryview, position: int, length: int) -> memoryview:
    if length > len(message) - position:
        raise WireError("a field is longer than its message")
    return message[position : position + length]


def _varint(message: memoryview, position: int) -> tuple[int, int]:
    value = 0
    for index in range(_LONGEST_VARINT):
        if position + index >= len(message):
            raise WireError("the message ends within a number")
        byte = message[position + index]
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value & (1 << 64) - 1, position + index + 1
    raise WireError("a number is too long")
