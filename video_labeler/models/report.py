"""Explains a model in plain words: its tensors, ranges, labels, and what does not fit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from video_labeler.errors import ModelFormatError
from video_labeler.models.base import DescribedEngine, Tensor, TensorSpec
from video_labeler.models.catalog import ModelRole
from video_labeler.models.form import ModelForm
from video_labeler.models.isolated_engine import IsolatedEngine, tried_engine
from video_labeler.models.labels import embedded_labels, known_labels
from video_labeler.models.localizer import decoder_for
from video_labeler.models.pixels import PixelRange, RangeOrigin
from video_labeler.models.score_kind import kind_from_values
from video_labeler.models.score_output import choose_output, choose_score_kind
from video_labeler.system.background_task import StopSignal


@dataclass(frozen=True, slots=True)
class TensorReport:
    """One input or output: ``quantisation`` is empty if the values are not quantised."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    quantisation: str = ""


@dataclass(frozen=True, slots=True)
class ModelReport:
    """A description of a model: ``role`` is ``labeler``, ``localizer`` or empty; ``problems`` are sentences.

    ``needs_trust``: it is a program that has not been trusted yet, so nothing more is known about it.
    """

    name: str
    role: str = ""
    inputs: tuple[TensorReport, ...] = ()
    outputs: tuple[TensorReport, ...] = ()
    pixels: str = ""
    scores: str = ""
    label_count: int = 0
    labels: str = ""
    problems: tuple[str, ...] = ()
    needs_trust: bool = False

    @property
    def is_usable(self) -> bool:
        """Whether it can be used."""
        return not self.problems


def inspect_tflite(
    content: bytes, name: str, *, deadline_s: float | None = None, stop: StopSignal | None = None
) -> ModelReport:
    """Load and try a TFLite file's content in a separate process, and report on it. Never raises.

    A crash, no answer within ``deadline_s`` seconds, and that ``stop`` was set meanwhile, are among the problems.
    """
    try:
        with _tried(ModelForm.TFLITE, name, content=content, deadline_s=deadline_s, stop=stop) as (engine, _):
            common = ModelReport(
                name,
                inputs=tuple(map(_tensor, engine.inputs)),
                outputs=tuple(map(_tensor, engine.outputs)),
                pixels=pixels_in_words(engine.pixel_range),
            )
            return _with_role(common, engine, content)
    except ModelFormatError as error:
        return ModelReport(name, problems=(str(error),))


def inspect_saved_model(folder: Path, name: str, *, stop: StopSignal | None = None) -> ModelReport:
    """As :func:`inspect_tflite`, for the SavedModel in a folder."""
    try:
        with _tried(ModelForm.SAVED_MODEL, name, folder=folder, stop=stop) as (engine, (raw,)):
            inputs, pixels = tuple(map(_tensor, engine.inputs)), pixels_in_words(engine.pixel_range)
    except ModelFormatError as error:
        return ModelReport(name, problems=(str(error),))
    labels, problems = _labels_in_words(raw.shape[-1], b"")
    return ModelReport(
        name,
        role=ModelRole.LABELER.value,
        inputs=inputs,
        outputs=(TensorReport("scores", (-1, raw.shape[-1]), "float32"),),
        pixels=pixels,
        scores=f"{kind_from_values(raw).value}, inferred from their values",
        label_count=raw.shape[-1],
        labels=labels,
        problems=problems,
    )


@contextmanager
def _tried(form: ModelForm, name: str, **what: Any) -> Iterator[tuple[IsolatedEngine, tuple[Tensor, ...]]]:
    engine, outputs = tried_engine(form, name, **what)
    try:
        yield engine, outputs
    finally:
        engine.close()


def pixels_in_words(pixels: PixelRange) -> str:
    """A pixel range in words, such as ``float32 from -1 to 1, known from the model's metadata``."""
    low, high = pixels.limits
    if pixels.origin is RangeOrigin.ASSUMED:
        return f"{pixels.dtype}, assumed to be from {low:g} to {high:g}, because the model does not say"
    return f"{pixels.dtype} from {low:g} to {high:g}, known from {pixels.origin.value}"


def _with_role(common: ModelReport, engine: DescribedEngine, content: bytes) -> ModelReport:
    try:
        decoder_for([spec.shape for spec in engine.outputs], common.name)
    except ModelFormatError:
        return _as_labeler(common, engine, content)
    return replace(common, role=ModelRole.LOCALIZER.value)


def _as_labeler(common: ModelReport, engine: DescribedEngine, content: bytes) -> ModelReport:
    try:
        output = choose_output(engine, common.name)
    except ModelFormatError:
        shapes = ", ".join(str(list(spec.shape)) for spec in engine.outputs)
        problem = f"{common.name} is neither a labeler nor a localizer: its outputs are {shapes}."
        return replace(common, problems=(problem,))
    count = engine.outputs[output].shape[-1]
    labels, problems = _labels_in_words(count, content)
    return replace(
        common,
        role=ModelRole.LABELER.value,
        scores=choose_score_kind(engine, output).value,
        label_count=count,
        labels=labels,
        problems=problems,
    )


def _labels_in_words(count: int, content: bytes) -> tuple[str, tuple[str, ...]]:
    if content and embedded_labels(content, count):
        return f"{count}, inside the model", ()
    if count == len(known_labels()):
        return f"{count}, assumed to be those of the Mobile Object Labeler V1", ()
    return "", (f"The model does not say what its {count} scores mean: give a list with --labels-file FILE.",)


def _tensor(spec: TensorSpec) -> TensorReport:
    quantisation = f"scale {spec.scale:.6g}, zero point {spec.zero_point}" if spec.is_quantised else ""
    return TensorReport(spec.name, spec.shape, spec.dtype, quantisation)
