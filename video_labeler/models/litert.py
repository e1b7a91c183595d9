"""Runs TFLite files with LiteRT, without TensorFlow."""

import threading
from collections.abc import Mapping
from typing import Any

import numpy as np

from video_labeler import limits
from video_labeler.errors import ModelFormatError
from video_labeler.models import tflite_metadata
from video_labeler.models.base import Pictures, Tensor, TensorSpec
from video_labeler.models.native_output import native_stderr_dropped
from video_labeler.models.pixels import PixelRange, RangeOrigin, from_limits

_PIXEL_TYPES = ("uint8", "int8", "float32")
_FALLBACK_SIDE = 224
"""Pixels, for models that take any size: the size at which most image models are trained."""


class LiteRtEngine:
    """One interpreter with one image input. Calls from several threads wait for each other.

    Measured with the full models on two cores: a second interpreter thread nearly halves the time of a picture
    (labeler 5.1 to 2.9 ms, localizer 7.7 to 4.5 ms), as much as two interpreters side by side would, and a batch in
    one call gains nothing. So ``threads`` go to the interpreter, and batches are run picture by picture.
    """

    def __init__(self, content: bytes, name: str, threads: int = 1) -> None:
        """Load a model from a file's bytes; ``name`` is used in messages.

        Raises:
            ModelFormatError: the bytes are not a usable TFLite model with one image input.
        """
        self.name = name
        self._lock = threading.Lock()
        interpreter = _interpreter(content, name, threads)
        self.inputs = tuple(map(_tensor_spec, interpreter.get_input_details()))
        self.outputs = tuple(map(_tensor_spec, interpreter.get_output_details()))
        self._input = _image_input(self.inputs, name)
        if len(self.outputs) > limits.TENSORS:
            raise ModelFormatError(f"{name} has {len(self.outputs)} outputs, but a labeler or localizer has a few.")
        _, height, width, _ = self._input.shape
        self.input_size = (width, height)
        self.pixel_range = _pixel_range(self._input, interpreter, content)
        self._interpreter: Any = interpreter

    def run(self, pictures: Pictures) -> tuple[Tensor, ...]:
        """Each output for all pictures, ``float32`` in real (dequantised) numbers, (pictures, ...).

        Raises:
            ModelFormatError: the interpreter refused to compute, or the model was closed.
        """
        prepared = self.pixel_range.prepare(pictures)
        with self._lock:
            each = [self._run_one(picture) for picture in prepared]
        return tuple(np.stack(tensors) for tensors in zip(*each, strict=True))

    def close(self) -> None:
        """Release the interpreter."""
        with self._lock:
            self._interpreter = None

    def _run_one(self, picture: Any) -> list[Tensor]:
        interpreter = self._interpreter
        if interpreter is None:
            raise ModelFormatError(f"The model {self.name} is closed already: load it again.")
        try:
            interpreter.set_tensor(self._input.index, picture[np.newaxis])
            interpreter.invoke()
            raw = [interpreter.get_tensor(spec.index) for spec in self.outputs]
        except (RuntimeError, ValueError) as error:
            raise ModelFormatError(f"The model {self.name} failed while computing; it is probably damaged.") from error
        return [_dequantised(values, spec) for values, spec in zip(raw, self.outputs, strict=True)]


def _interpreter(content: bytes, name: str, threads: int) -> Any:
    if len(content) < 8 or content[4:8] != b"TFL3":
        raise ModelFormatError(f"{name} is not a TFLite model: its first bytes are not those of one.")
    with native_stderr_dropped():
        from ai_edge_litert.interpreter import Interpreter

        try:
            interpreter = Interpreter(model_content=content, num_threads=threads)
            _fix_open_sizes(interpreter)
            interpreter.allocate_tensors()
        except (RuntimeError, ValueError, MemoryError) as error:
            raise ModelFormatError(
                f"{name} is damaged, or needs operations that LiteRT does not have: get the file again."
            ) from error
    return interpreter


def _fix_open_sizes(interpreter: Any) -> None:
    for details in interpreter.get_input_details():
        signature = tuple(map(int, details["shape_signature"]))
        if len(signature) == 4 and -1 in signature[1:3]:
            sides = tuple(side if side > 0 else _FALLBACK_SIDE for side in signature[1:3])
            interpreter.resize_tensor_input(details["index"], (1, *sides, signature[3]))


def _tensor_spec(details: Mapping[str, Any]) -> TensorSpec:
    scale, zero_point = details["quantization"]
    return TensorSpec(
        name=str(details["name"]),
        index=int(details["index"]),
        shape=tuple(map(int, details["shape"])),
        dtype=np.dtype(details["dtype"]).name,
        scale=float(scale),
        zero_point=int(zero_point),
    )


def _image_input(inputs: tuple[TensorSpec, ...], name: str) -> TensorSpec:
    if len(inputs) != 1:
        raise ModelFormatError(f"{name} takes {len(inputs)} inputs, but a labeler or localizer takes one picture.")
    spec = inputs[0]
    if len(spec.shape) != 4 or spec.shape[0] != 1 or spec.shape[3] != 3 or min(spec.shape) < 1:
        raise ModelFormatError(f"{name} takes {list(spec.shape)}, but a picture is [1, height, width, 3].")
    if spec.dtype not in _PIXEL_TYPES:
        raise ModelFormatError(f"{name} takes {spec.dtype} numbers, but pixels are uint8, int8 or float32.")
    return spec


def _pixel_range(spec: TensorSpec, interpreter: Any, content: bytes) -> PixelRange:
    if spec.dtype != "float32":
        return PixelRange(spec.dtype)
    normalisation = tflite_metadata.normalisation(content)
    if normalisation:
        return PixelRange("float32", *normalisation, RangeOrigin.METADATA)
    for details in interpreter.get_tensor_details():
        if tuple(map(int, details["shape"])) == spec.shape and np.dtype(details["dtype"]).name in (
            "int8",
            "uint8",
        ):
            found = _quantised_limits(_tensor_spec(details))
            if found:
                return from_limits(*found, RangeOrigin.QUANTISATION)
    return from_limits(0.0, 1.0, RangeOrigin.ASSUMED)


def _quantised_limits(spec: TensorSpec) -> tuple[float, float] | None:
    if not spec.is_quantised:
        return None
    stored = np.iinfo(spec.dtype)
    low = (stored.min - spec.zero_point) * spec.scale
    high = (stored.max - spec.zero_point) * spec.scale
    # Calibrated limits come near, not exactly onto, the range that the pixels had.
    nearest = min(((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0)), key=lambda r: abs(r[0] - low) + abs(r[1] - high))
    tolerance = 0.1 * (nearest[1] - nearest[0])
    return nearest if abs(nearest[0] - low) + abs(nearest[1] - high) <= tolerance else None


def _dequantised(values: Any, spec: TensorSpec) -> Tensor:
    real = np.asarray(values, dtype=np.float32)
    if spec.is_quantised:
        real = (real - np.float32(spec.zero_point)) * np.float32(spec.scale)
    return real[0] if real.ndim and real.shape[0] == 1 else real
