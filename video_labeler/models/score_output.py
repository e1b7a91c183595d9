"""Finds the output of a model with the labels' scores, and their kind."""

from video_labeler.errors import ModelFormatError
from video_labeler.models.base import DescribedEngine, TensorSpec
from video_labeler.models.labeler import raw_scores
from video_labeler.models.score_kind import PROBABILITY_SCALE, kind_from_values, probe_pictures
from video_labeler.settings import ScoreKind


def choose_output(engine: DescribedEngine, name: str) -> int:
    """The index of the first output that is one list of numbers: [1, labels], or with more dimensions of length 1.

    Raises:
        ModelFormatError: there is none, so the model is not a labeler.
    """
    if any(len(spec.shape) == 3 and spec.shape[-1] == 4 for spec in engine.outputs):
        raise ModelFormatError(f"{name} is a detector, not a labeler: give it as the localizer, with --localizer.")
    for index, spec in enumerate(engine.outputs):
        if _is_score_list(spec):
            return index
    shapes = ", ".join(str(list(spec.shape)) for spec in engine.outputs)
    raise ModelFormatError(f"{name} is not a labeler: its outputs are {shapes}, where [1, labels] is needed.")


def choose_score_kind(engine: DescribedEngine, output: int) -> ScoreKind:
    """The kind of scores, inferred from the output's quantisation, or else from the scores of a few test pictures."""
    spec = engine.outputs[output]
    lowest = -128 if spec.dtype == "int8" else 0
    if spec.zero_point == lowest and abs(spec.scale - PROBABILITY_SCALE) < 1e-6:
        return ScoreKind.PROBABILITY
    return kind_from_values(raw_scores(engine.run(probe_pictures(engine)), output))


def _is_score_list(spec: TensorSpec) -> bool:
    return len(spec.shape) >= 2 and spec.shape[-1] > 1 and all(side == 1 for side in spec.shape[:-1])
