"""Writes the bytes of a ``saved_model.pb`` by hand, with whatever a hostile one may hold."""

from collections.abc import Mapping, Sequence


def varint(value: int) -> bytes:
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number: int, *contents: bytes | str) -> bytes:
    """A field of that number for each of the contents."""
    parts = [content.encode() if isinstance(content, str) else content for content in contents]
    return b"".join(varint(number << 3 | 2) + varint(len(part)) + part for part in parts)


def node(name: str, operation: str, *inputs: str, calls: Sequence[str] = (), listed: Sequence[str] = ()) -> bytes:
    """A node; ``calls`` are functions that its attributes name, ``listed`` those in lists of functions."""
    attributes = [field(1, f"f{number}") + field(2, field(10, field(1, call))) for number, call in enumerate(calls)]
    attributes += [field(1, "list") + field(2, field(1, field(9, *[field(1, call) for call in listed])))]
    return field(1, name) + field(2, operation) + field(3, *inputs) + field(5, *attributes)


def function(name: str, *nodes: bytes, arguments: Sequence[str] = ()) -> bytes:
    signature = field(1, name) + field(2, *[field(1, argument) for argument in arguments])
    return field(1, signature) + field(3, *nodes)


def meta_graph(
    *nodes: bytes,
    functions: Sequence[bytes] = (),
    outputs: Sequence[str] = (),
    collections: Mapping[str, bytes] | None = None,
    saver: tuple[str, str, str] | None = None,
    called: Sequence[str] = (),
) -> bytes:
    """A graph with a signature of these outputs, a saver (file name, save, restore), and functions of its objects."""
    graph = field(1, *nodes) + field(2, field(1, *functions))
    content = field(2, graph)
    if saver is not None:
        content += field(3, b"".join(field(number, text) for number, text in enumerate(saver, start=1)))
    for key, value in (collections or {}).items():
        content += field(4, field(1, key) + field(2, value))
    tensors = [field(1, f"out{number}") + field(2, field(1, output)) for number, output in enumerate(outputs)]
    content += field(5, field(1, "serving_default") + field(2, field(2, *tensors)))
    objects = field(1, *[field(8, field(1, name)) for name in called])
    return content + field(7, objects)


def saved_model(*graphs: bytes) -> bytes:
    return b"\x08\x01" + field(2, *graphs)
