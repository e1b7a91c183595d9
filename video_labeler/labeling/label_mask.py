"""Which labels may be shown, and which objects must not even be marked (docs/adr/0006-hidden-labels.md)."""

import difflib
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from video_labeler.errors import SettingsError
from video_labeler.frames import Label
from video_labeler.labeling.hierarchy import LabelHierarchy, folded_name
from video_labeler.labeling.picking import order_rows
from video_labeler.models.base import Scores
from video_labeler.models.labels import known_labels
from video_labeler.settings import LabelListSettings

_log = logging.getLogger(__name__)

_ALIKE = 0.7
"""The similarity of two names (difflib's) from which one may be a misspelling of the other."""

Rows = npt.NDArray[np.bool_]
"""One yes or no for each label, ``bool``, (labels,)."""


@dataclass(frozen=True, slots=True)
class LabelMask:
    """What the lists of labels mean for one labeler.

    ``allowed``: the labels that may be shown; ``hidden``: those of the hide list, whose objects are not marked either.
    """

    allowed: Rows
    hidden: Rows
    hierarchy: LabelHierarchy

    def masked(self, scores: Scores) -> Scores:
        """The scores (labels,) with 0 for labels that must not be shown."""
        return np.where(self.allowed, scores, np.float32(0.0))

    def suppresses(self, scores: Scores, threshold: float) -> bool:
        """Whether an object with these scores (labels,), before the mask, must not be marked.

        That is the case where a hidden label would head it, has its highest score, even below ``threshold``, or is
        confident without a broader label that may be shown; and where none of its labels may be shown, including its
        heading or likeliest one.
        """
        highest = int(np.argmax(scores))
        confident = np.flatnonzero(scores >= threshold).tolist()
        heading = order_rows(confident, scores, self.hierarchy)[0] if confident else highest
        if self.hidden[highest] or self.hidden[heading] or self._names_hidden(confident):
            return True
        return not self.allowed[confident].any() and not self.allowed[heading]

    def _names_hidden(self, confident: Sequence[int]) -> bool:
        """Whether a hidden label is among the confident ones without a broader one that may be shown."""
        sayable = {row for row in confident if self.allowed[row]}
        return any(self.hidden[row] and sayable.isdisjoint(self.hierarchy.ancestors(row)) for row in confident)


def label_mask(lists: LabelListSettings, hierarchy: LabelHierarchy) -> LabelMask | None:
    """The mask for a labeler with the labels of ``hierarchy``; ``None`` where the lists are empty.

    Names that the labeler does not know have no effect: an ``only`` list of such names allows nothing.
    """
    if not lists.only and not lists.hide:
        return None
    hidden = _covered(lists.hide, hierarchy)
    allowed = _covered(lists.only, hierarchy) if lists.only else np.ones(len(hierarchy), dtype=np.bool_)
    return LabelMask(allowed & ~hidden, hidden, hierarchy)


def check_label_names(lists: LabelListSettings, labels: Sequence[Label]) -> None:
    """Check that every name of the lists is among ``labels``.

    Models with other labels may be used with the same lists, so for them an unknown name is only logged.

    Raises:
        SettingsError: the labels are those of the full model, and a name is none of them.
    """
    unknown = _unknown((*lists.only, *lists.hide), labels)
    if not unknown:
        return
    if tuple(label.name for label in labels) == tuple(label.name for label in known_labels()):
        raise SettingsError(_no_such_label(unknown[0], labels))
    _log.warning("The model has no label called %s.", " or ".join(map(repr, unknown)))


def name_problem(lists: LabelListSettings, labels: Sequence[Label]) -> str:
    """A sentence about the first name of the lists that is not in ``labels``, with suggestions; empty if all are known.

    For names that are being typed; :func:`check_label_names` is for settings.
    """
    unknown = _unknown((*lists.only, *lists.hide), labels)
    return _no_such_label(unknown[0], labels) if unknown else ""


def unknown_names(lists: LabelListSettings, labels: Sequence[Label]) -> tuple[str, ...]:
    """The names of the lists that none of ``labels`` has, each once."""
    return tuple(dict.fromkeys(_unknown((*lists.only, *lists.hide), labels)))


def allows_nothing(lists: LabelListSettings, labels: Sequence[Label]) -> bool:
    """Whether no label may be shown, since all that are allowed are unknown."""
    return bool(lists.only) and len(_unknown(lists.only, labels)) == len(lists.only)


def _unknown(wanted: Iterable[str], labels: Sequence[Label]) -> list[str]:
    names = {folded_name(label.name) for label in labels}
    return [name for name in wanted if folded_name(name) not in names]


def _no_such_label(name: str, labels: Sequence[Label]) -> str:
    names = {folded_name(label.name): label.name for label in labels}
    near = [names[alike] for alike in difflib.get_close_matches(folded_name(name), names, 2, _ALIKE)]
    hint = f"Did you mean {' or '.join(near)}?" if near else "Names are written as the model writes them."
    return f"There is no label {name!r} to show or to hide. {hint}"


def _covered(wanted: Iterable[str], hierarchy: LabelHierarchy) -> Rows:
    """A mask of the labels with those names, and of all narrower ones."""
    folded = {folded_name(name) for name in wanted}
    named = {row for row, name in enumerate(hierarchy.names) if folded_name(name) in folded}
    rows = [row in named or not named.isdisjoint(hierarchy.ancestors(row)) for row in range(len(hierarchy))]
    return np.array(rows, dtype=np.bool_)
