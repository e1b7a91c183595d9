"""Changes of bytes as they happen to files, and as somebody would make them who looks for a weakness."""

import random

_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, 2**64 - 1)
_WIDTHS = (1, 2, 4, 8)


def mutated(content: bytes, rng: random.Random) -> bytes:
    """The content with one to eight changes."""
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        rng.choice(_CHANGES)(changed, rng)
    return bytes(changed)


def _flip(content: bytearray, rng: random.Random) -> None:
    if content:
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)


def _set(content: bytearray, rng: random.Random) -> None:
    if content:
        content[rng.randrange(len(content))] = rng.randrange(256)


def _number(content: bytearray, rng: random.Random) -> None:
    width = rng.choice(_WIDTHS)
    if len(content) >= width:
        at = rng.randrange(len(content) - width + 1)
        number = rng.choice(_NUMBERS) % (1 << 8 * width)
        content[at : at + width] = number.to_bytes(width, rng.choice(("little", "big")))


def _cut(content: bytearray, rng: random.Random) -> None:
    del content[rng.randrange(len(content) + 1) :]


def _remove(content: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(content) + 1)
    del content[at : at + rng.randrange(1, 600)]


def _repeat(content: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(content) + 1)
    content[at:at] = content[at : at + rng.randrange(1, 600)] * rng.choice((1, 2, 50))


def _insert(content: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(content) + 1)
    content[at:at] = rng.randbytes(rng.randrange(1, 64))


def _move(content: bytearray, rng: random.Random) -> None:
    begin = rng.randrange(len(content) + 1)
    part = content[begin : begin + rng.randrange(1, 600)]
    at = rng.randrange(len(content) + 1)
    content[at : at + len(part)] = part


_CHANGES = (_flip, _flip, _set, _number, _number, _cut, _remove, _repeat, _insert, _move)
