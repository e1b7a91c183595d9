"""Which labels of an object are shown, and in which order (docs/adr/0002-most-specific-label-first.md)."""

from collections.abc import Iterable, Sequence

import numpy as np

from video_labeler.frames import Label, LabeledObject, Prediction
from video_labeler.labeling.hierarchy import LabelHierarchy
from video_labeler.models.base import Scores


def pick(
    scores: Scores, hierarchy: LabelHierarchy, labels: Sequence[Label], threshold: float, top_k: int
) -> tuple[Prediction, ...]:
    """The labels to show, most specific first, at most ``top_k``; empty where nothing reaches ``threshold``.

    ``scores`` are the probabilities (0..1) of one object, ``float32``, (labels,).
    """
    confident = np.flatnonzero(scores >= threshold).tolist()
    ordered = order_rows(confident, scores, hierarchy)
    return tuple(Prediction(labels[row], float(scores[row])) for row in ordered[:top_k])


def order_rows(confident: Iterable[int], scores: Scores, hierarchy: LabelHierarchy) -> list[int]:
    """The rows of the confident labels in the order in which they are shown.

    Labels with a confident narrower one are broader names for the same thing. Of the others the first is the one
    that is most informative by its confidence times its specificity (the expected information of Deng et al., "Hedging
    your bets", CVPR 2012); then come its confident broader labels, from narrow to broad; then the next in the same way.
    """
    waiting = set(confident)
    broader: set[int] = set().union(*(hierarchy.ancestors(row) for row in waiting))
    specific = sorted(waiting - broader, key=lambda row: (-scores[row] * hierarchy.specificity(row), row))
    ordered: list[int] = []
    for row in specific:
        above = sorted(hierarchy.ancestors(row) & waiting, key=lambda parent: (-hierarchy.depth(parent), parent))
        ordered += [row, *above]
        waiting.difference_update(above)
    return ordered


def named_first(objects: Iterable[LabeledObject]) -> tuple[LabeledObject, ...]:
    """The same objects, those with a label first; otherwise in the order given."""
    return tuple(sorted(objects, key=lambda found: not found.predictions))
