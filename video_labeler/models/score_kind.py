"""What a labeler's raw outputs are (probabilities or logits), and how they become probabilities."""

import numpy as np

from video_labeler.models.base import Engine, Pictures, Scores, Tensor
from video_labeler.settings import ScoreKind

PROBABILITY_SCALE = 1.0 / 256.0
"""The quantisation that TFLite prescribes for 8-bit outputs of sigmoid and softmax."""

_LABELS_SCORED_EACH_ON_ITS_OWN = 631
"""The Mobile Object Labeler's number of labels: its logits are for sigmoid."""


def probabilities(raw: Tensor, kind: ScoreKind) -> Scores:
    """Turn raw outputs (crops, labels) of a known kind into probabilities 0..1."""
    if kind is ScoreKind.SIGMOID:
        # tanh neither overflows nor warns, however large the logit.
        return np.asarray(0.5 * (1.0 + np.tanh(0.5 * raw)), np.float32)
    if kind is ScoreKind.SOFTMAX:
        powers = np.exp(raw - raw.max(axis=-1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)
    return np.clip(raw, 0.0, 1.0)


def kind_from_values(raw: Tensor) -> ScoreKind:
    """Guess the kind from raw outputs (pictures, labels) for a few pictures.

    Numbers inside 0..1 are probabilities. Others are logits: of sigmoids for the 631 labels of the Mobile Object
    Labeler, otherwise of a softmax, as nearly all other classifiers are trained.
    """
    tolerance = 1e-3
    if raw.min() >= -tolerance and raw.max() <= 1.0 + tolerance:
        return ScoreKind.PROBABILITY
    return ScoreKind.SIGMOID if raw.shape[-1] == _LABELS_SCORED_EACH_ON_ITS_OWN else ScoreKind.SOFTMAX


def probe_pictures(engine: Engine) -> Pictures:
    """Three pictures that tell logits from probabilities: grey, a ramp, and noise (always the same)."""
    width, height = engine.input_size
    shape = (height, width, 3)
    grey = np.full(shape, 128, np.uint8)
    ramp = np.broadcast_to(np.linspace(0, 255, width).astype(np.uint8)[np.newaxis, :, np.newaxis], shape)
    noise = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    return np.stack([grey, ramp, noise])
