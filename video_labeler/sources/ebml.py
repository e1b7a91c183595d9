"""Reads the heads of EBML's elements (RFC 8794), of which Matroska and WebM files are made."""

from typing import BinaryIO

EBML, SEGMENT = 0x1A45DFA3, 0x18538067


def element(file: BinaryIO) -> tuple[int, int | None]:
    """The identity of the next element, and how long it is: ``None`` where it does not tell.

    Raises:
        ValueError: there is none.
    """
    identity, _ = _number(file)
    value, bits = _number(file)
    length = value & ((1 << bits) - 1)
    return identity, None if length == (1 << bits) - 1 else length


def _number(file: BinaryIO) -> tuple[int, int]:
    """A number of variable length with its marker, and how many bits of it count without that."""
    first = file.read(1)
    if not first or first[0] == 0:
        raise ValueError("not EBML")
    length = 9 - first[0].bit_length()
    return int.from_bytes(first + file.read(length - 1), "big"), 7 * length
