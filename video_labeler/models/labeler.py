"""A labeler on top of any engine: crops in, a score for each label out."""

from collections.abc import Sequence

import numpy as np

from video_labeler.errors import ModelFormatError
from video_labeler.frames import Label
from video_labeler.models.base import Engine, Scores, Tensor
from video_labeler.models.score_kind import probabilities
from video_labeler.pixels import Image
from video_labeler.settings import ScoreKind


class ModelLabeler:
    """A labeler that runs on an engine; ``output`` is the index of the output with the scores.

    ``digest`` identifies the model's content.
    """

    def __init__(
        self,
        name: str,
        engine: Engine,
        labels: tuple[Label, ...],
        kind: ScoreKind,
        *,
        output: int = 0,
        digest: str = "",
    ) -> None:
        self.name = name
        self.digest = digest
        self.labels = labels
        self.score_kind = kind
        self._engine = engine
        self._output = output

    @property
    def input_size(self) -> tuple[int, int]:
        """Width and height of the crops it takes, pixels."""
        return self._engine.input_size

    def scores(self, crops: Sequence[Image]) -> Scores:
        """The probability of each label for each crop: RGB ``uint8`` of ``input_size`` in, (crops, labels) out.

        Raises:
            ValueError: a crop is not of ``input_size``, or not ``uint8``.
            ModelFormatError: the model fails while computing.
        """
        if not len(crops):
            return np.zeros((0, len(self.labels)), np.float32)
        width, height = self.input_size
        for crop in crops:
            if crop.shape != (height, width, 3) or crop.dtype != np.uint8:
                raise ValueError(f"A crop must be uint8 ({height}, {width}, 3), not {crop.dtype} {crop.shape}")
        raw = raw_scores(self._engine.run(np.stack(crops)), self._output)
        if raw.shape[-1] != len(self.labels):
            raise ModelFormatError(f"The model {self.name} returned a different number of scores: use another one.")
        if not np.isfinite(raw).all():
            raise ModelFormatError(f"The model {self.name} returned invalid numbers; it is probably damaged.")
        return probabilities(raw, self.score_kind)

    def close(self) -> None:
        """Release the model."""
        self._engine.close()


def raw_scores(outputs: tuple[Tensor, ...], output: int = 0) -> Tensor:
    """The chosen output as (crops, labels), whatever dimensions of length 1 the model adds."""
    chosen = outputs[output]
    return chosen.reshape(chosen.shape[0], -1)
