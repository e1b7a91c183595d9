"""A PIN as stored in a settings file: in plain digits, or as a hash that does not reveal it."""

import os
import re

_LONGEST = 12
_DIGITS = re.compile(rf"[0-9]{{1,{_LONGEST}}}")
_HASH = re.compile(r"scrypt:(?P<cost>\d{1,2}):(?P<salt>[A-Za-z0-9_-]{22}):(?P<key>[A-Za-z0-9_-]{43})")
_COST, _LEAST_COST, _MOST_COST = 15, 10, 17
"""Powers of two. The usual one takes a tenth of a second and 32 MB; the limit keeps it from minutes and gigabytes."""
_BLOCK = 8
_SALT_BYTES, _KEY_BYTES = 16, 32


def is_pin(text: str) -> bool:
    """Whether the text can be typed on a number pad."""
    return _DIGITS.fullmatch(text) is not None


def is_stored_pin(text: str) -> bool:
    """Whether the text is a PIN, or the hash of one."""
    match = _HASH.fullmatch(text)
    return is_pin(text) if match is None else _LEAST_COST <= int(match["cost"]) <= _MOST_COST


def hashed(pin: str) -> str:
    """A salted hash of a PIN, different for each call."""
    salt = os.urandom(_SALT_BYTES)
    return f"scrypt:{_COST}:{_text(salt)}:{_text(_key(pin, salt, _COST))}"


def fits(typed: str, stored: str) -> bool:
    """Whether the digits match the stored PIN; a hash takes a tenth of a second."""
    import binascii
    import hmac

    match = _HASH.fullmatch(stored)
    if match is None:
        return hmac.compare_digest(typed.encode(), stored.encode())
    try:
        salt, key = _bytes(match["salt"]), _bytes(match["key"])
    except binascii.Error:
        return False
    return hmac.compare_digest(_key(typed, salt, int(match["cost"])), key)


def _key(pin: str, salt: bytes, cost: int) -> bytes:
    import hashlib

    count = 1 << cost
    room = 2 * 128 * count * _BLOCK
    return hashlib.scrypt(pin.encode(), salt=salt, n=count, r=_BLOCK, p=1, maxmem=room, dklen=_KEY_BYTES)


def _text(data: bytes) -> str:
    import base64

    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    import base64

    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
