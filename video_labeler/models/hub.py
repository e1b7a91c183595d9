"""Runs SavedModels with TensorFlow; the only module that imports it."""

import importlib.util
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from video_labeler.errors import ModelFormatError
from video_labeler.models.base import Pictures, Tensor, TensorSpec
from video_labeler.models.native_output import native_stderr_dropped
from video_labeler.models.pixels import UNIT, PixelRange

_SIGNATURES = ("image_classification", "default", "serving_default")
_SCORE_OUTPUTS = ("probabilities", "logits", "default", "output_0")
_TOO_NEW = (3, 14)
"""The first Python version without a TensorFlow release, as in the dependencies in ``pyproject.toml``."""

_FALLBACK_SIDE = 224
"""Pixels, for models that take any size: the size at which most image models are trained."""


@dataclass(frozen=True, slots=True)
class HubFunction:
    """The function of a SavedModel that takes pictures: ``call`` maps a tensor to named tensors."""

    name: str
    call: Callable[[Any], dict[str, Any]]
    shape: tuple[int | None, ...]
    dtype: str


class HubEngine:
    """A SavedModel, in the TF2 form (callable) or the TF1 Hub form (signatures)."""

    def __init__(self, folder: Path, name: str, threads: int = 1) -> None:
        """Load the SavedModel in ``folder``; ``name`` is used in messages.

        Raises:
            ModelFormatError: it is damaged, or has no function from pictures to scores.
        """
        self.name = name
        self._tf, module = _load(folder, name, threads)
        self.function = _image_function(module, name)
        # The functions hold only weak references to their variables.
        self._module = module
        height, width = (side or _FALLBACK_SIDE for side in self.function.shape[1:3])
        self.input_size = (width, height)
        shape = tuple(side or -1 for side in self.function.shape)
        self.inputs = (TensorSpec(self.function.name, 0, shape, self.function.dtype),)
        self.outputs: tuple[TensorSpec, ...] = ()
        self.pixel_range = UNIT if self.function.dtype == "float32" else PixelRange(self.function.dtype)

    def run(self, pictures: Pictures) -> tuple[Tensor, ...]:
        """The scores for all pictures, ``float32`` (pictures, labels), as the one output.

        Raises:
            ModelFormatError: TensorFlow refused to compute, or the model was closed.
        """
        if self._module is None:
            raise ModelFormatError(f"The model {self.name} is closed already: load it again.")
        try:
            named = self.function.call(self._tf.constant(self.pixel_range.prepare(pictures)))
        except (self._tf.errors.OpError, TypeError, ValueError) as error:
            raise ModelFormatError(f"The model {self.name} failed while computing; it is probably damaged.") from error
        return (_scores(named, len(pictures), self.name),)

    def close(self) -> None:
        """Release the model."""
        self._module = None


def tensorflow_lack() -> str:
    """What to do if TensorFlow or TensorFlow Hub is missing, as a sentence; empty if both are installed."""
    if all(importlib.util.find_spec(name) is not None for name in ("tensorflow", "tensorflow_hub")):
        return ""
    if sys.version_info >= _TOO_NEW:
        version = ".".join(map(str, sys.version_info[:2]))
        return f"TensorFlow has no release for Python {version}: for such models use Python 3.11 to 3.13."
    return 'Install them: pip install tensorflow tensorflow-hub "setuptools<82".'


def _load(folder: Path, name: str, threads: int) -> tuple[Any, Any]:
    # TensorFlow reads these when it is imported: no log messages, and no search for graphics cards.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    with native_stderr_dropped():
        tf, hub = _tensorflow()
        _use_threads(tf, threads)
        try:
            return tf, hub.load(str(folder))
        except Exception as error:
            raise ModelFormatError(
                f"{name} is damaged, or not a SavedModel that TensorFlow can load: download it again."
            ) from error


def _tensorflow() -> tuple[Any, Any]:
    import warnings

    with warnings.catch_warnings():
        # tensorflow-hub imports pkg_resources, which warns about its deprecation.
        warnings.simplefilter("ignore")
        import tensorflow as tf
        import tensorflow_hub as hub
    tf.get_logger().setLevel("ERROR")
    return tf, hub


def _use_threads(tf: Any, threads: int) -> None:
    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:
        # TensorFlow is already running with another number.
        return


def _image_function(module: Any, name: str) -> HubFunction:
    signatures = dict(getattr(module, "signatures", None) or {})
    ordered = [key for key in _SIGNATURES if key in signatures] + [key for key in signatures if key not in _SIGNATURES]
    for key in ordered:
        found = _from_signature(key, signatures[key])
        if found is not None:
            return found
    called = _from_callable(module)
    if called is not None:
        return called
    raise ModelFormatError(
        f"{name} has no function from pictures to scores: a SavedModel must take [pictures, height, width, 3] pixels."
    )


def _from_signature(key: str, signature: Any) -> HubFunction | None:
    inputs = signature.structured_input_signature[1]
    if len(inputs) != 1:
        return None
    ((argument, spec),) = inputs.items()

    def call(tensor: Any) -> dict[str, Any]:
        return dict(signature(**{argument: tensor}))

    return _function(f"signature {key}", call, spec)


def _from_callable(module: Any) -> HubFunction | None:
    def call(tensor: Any) -> dict[str, Any]:
        outputs = module(tensor)
        return dict(outputs) if isinstance(outputs, dict) else {"default": outputs}

    if not callable(module):
        return None
    for concrete in getattr(module.__call__, "concrete_functions", ()):
        specs = concrete.structured_input_signature[0]
        found = _function("the model itself", call, specs[0]) if specs else None
        if found is not None:
            return found
    return None


def _function(name: str, call: Callable[[Any], dict[str, Any]], spec: Any) -> HubFunction | None:
    if getattr(getattr(spec, "shape", None), "rank", None) != 4 or spec.dtype.name not in ("float32", "uint8"):
        return None
    shape = tuple(spec.shape.as_list())
    return HubFunction(name, call, shape, spec.dtype.name) if shape[3] in (3, None) else None


def _scores(named: dict[str, Any], count: int, name: str) -> Tensor:
    ordered = sorted(named, key=lambda key: _SCORE_OUTPUTS.index(key) if key in _SCORE_OUTPUTS else len(_SCORE_OUTPUTS))
    for key in ordered:
        values = np.asarray(named[key])
        if values.ndim >= 2 and values.shape[0] == count and values.size == count * values.shape[-1] > count:
            return values.reshape(count, -1).astype(np.float32)
    shapes = ", ".join(str(list(np.shape(values))) for values in named.values())
    raise ModelFormatError(f"{name} is not a labeler: its outputs are {shapes}, where [pictures, labels] is needed.")
