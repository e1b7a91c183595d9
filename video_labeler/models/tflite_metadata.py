"""Reads from a TFLite file's metadata how its float pixels are normalised.

The metadata is a flatbuffer inside the model, laid out by ``metadata_schema.fbs`` of TensorFlow Lite Support; the field
numbers below are those of that schema and of TFLite's ``schema.fbs``.
"""

import struct
from typing import Any

_MODEL_BUFFERS, _MODEL_METADATA = 4, 6
_BUFFER_DATA = 0
_METADATA_NAME, _METADATA_BUFFER = 0, 1
_SUBGRAPHS = 3
_INPUT_TENSORS = 2
_PROCESS_UNITS = 4
_OPTIONS_TYPE, _OPTIONS = 0, 1
_NORMALIZATION_OPTIONS = 1
_MEAN, _STD = 0, 1


def normalisation(content: bytes) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    """Mean and standard deviation by which the first input's pixels are normalised; ``None`` if unknown.

    Both have one entry, or one for each colour.
    """
    try:
        return _normalisation(content)
    # Unreadable metadata is treated as none; the interpreter has read the model itself.
    except (struct.error, IndexError, TypeError, ValueError, OverflowError):
        return None


def _normalisation(content: bytes) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    metadata = _metadata(content)
    if metadata is None:
        return None
    for subgraph in _tables(_root(metadata), _SUBGRAPHS)[:1]:
        for tensor in _tables(subgraph, _INPUT_TENSORS)[:1]:
            for unit in _tables(tensor, _PROCESS_UNITS):
                found = _mean_and_std(unit)
                if found:
                    return found
    return None


def _mean_and_std(unit: Any) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    from flatbuffers import number_types  # type: ignore[import-untyped]

    kind = unit.Offset(4 + 2 * _OPTIONS_TYPE)
    where = unit.Offset(4 + 2 * _OPTIONS)
    if not kind or not where:
        return None
    if unit.Get(number_types.Uint8Flags, unit.Pos + kind) != _NORMALIZATION_OPTIONS:
        return None
    options = _table(unit.Bytes, unit.Indirect(unit.Pos + where))
    mean, std = _floats(options, _MEAN), _floats(options, _STD)
    usable = len(mean) == len(std) and len(mean) in (1, 3) and all(value > 0 for value in std)
    return (mean, std) if usable else None


def _metadata(content: bytes) -> bytes | None:
    model = _root(content)
    buffers = _tables(model, _MODEL_BUFFERS)
    for entry in _tables(model, _MODEL_METADATA):
        where = entry.Offset(4 + 2 * _METADATA_NAME)
        if where and entry.String(entry.Pos + where) == b"TFLITE_METADATA":
            return _bytes(buffers[_buffer_index(entry)], _BUFFER_DATA)
    return None


def _buffer_index(entry: Any) -> int:
    from flatbuffers import number_types

    where = entry.Offset(4 + 2 * _METADATA_BUFFER)
    return int(entry.Get(number_types.Uint32Flags, entry.Pos + where)) if where else 0


def _root(content: bytes) -> Any:
    return _table(content, struct.unpack_from("<I", content)[0])


def _table(content: bytes, position: int) -> Any:
    from flatbuffers.table import Table  # type: ignore[import-untyped]

    return Table(content, position)


def _tables(table: Any, field: int) -> list[Any]:
    where = table.Offset(4 + 2 * field)
    if not where:
        return []
    start, length = table.Vector(where), table.VectorLen(where)
    if length * 4 > len(table.Bytes):
        raise ValueError("A vector is longer than the file")
    return [_table(table.Bytes, table.Indirect(start + 4 * i)) for i in range(length)]


def _floats(table: Any, field: int) -> tuple[float, ...]:
    where = table.Offset(4 + 2 * field)
    if not where:
        return ()
    return struct.unpack_from(f"<{min(table.VectorLen(where), 16)}f", table.Bytes, table.Vector(where))


def _bytes(table: Any, field: int) -> bytes:
    where = table.Offset(4 + 2 * field)
    if not where:
        return b""
    start = table.Vector(where)
    return bytes(table.Bytes[start : start + table.VectorLen(where)])
