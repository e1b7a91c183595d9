"""The hierarchy of labels: a "Wine bottle" is a Bottle, and a Bottle is a Container."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from video_labeler.assets import asset
from video_labeler.errors import LabelFileError
from video_labeler.frames import Label

HIERARCHY_FILE = "label_hierarchy.csv"
_COLUMNS = ["row", "name", "parents"]


@dataclass(frozen=True, slots=True)
class LabelHierarchy:
    """The broader labels of each label, by row; a label may have several parents, and there are no cycles."""

    names: tuple[str, ...]
    _parents: tuple[tuple[int, ...], ...]
    _ancestors: tuple[frozenset[int], ...]
    _depths: tuple[int, ...]
    _specificities: tuple[float, ...]

    @classmethod
    def from_parents(cls, names: Sequence[str], parents: Sequence[Sequence[int]]) -> Self:
        """The hierarchy in which label ``row`` has the direct parents ``parents[row]``.

        Raises:
            LabelFileError: a parent is not a row, there is a cycle, or the lengths differ.
        """
        if len(names) != len(parents):
            raise LabelFileError(f"There are {len(names)} labels, but parents for {len(parents)}.")
        for row, above in enumerate(parents):
            for parent in above:
                if not 0 <= parent < len(names):
                    raise LabelFileError(f"{names[row]} (row {row}) has the parent {parent}, which is not a row.")
        order = _broad_to_narrow(names, parents)
        ancestors: list[frozenset[int]] = [frozenset()] * len(names)
        depths = [0] * len(names)
        for row in order:
            above = parents[row]
            if above:
                ancestors[row] = frozenset(above).union(*(ancestors[parent] for parent in above))
                depths[row] = 1 + max(depths[parent] for parent in above)
        return cls(
            tuple(names),
            tuple(tuple(above) for above in parents),
            tuple(ancestors),
            tuple(depths),
            _specificities(ancestors),
        )

    @classmethod
    def flat(cls, names: Sequence[str]) -> Self:
        """The hierarchy in which no label is broader than another: for models with other labels."""
        return cls.from_parents(names, [()] * len(names))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a CSV file with the columns row, name and parents (rows, separated by spaces); others are for people.

        Raises:
            LabelFileError: the file cannot be read, a row is missing or repeated, a parent is unknown, or
                there is a cycle.
        """
        names: list[str] = []
        parents: list[list[int]] = []
        try:
            with path.open(encoding="utf-8", newline="") as file:
                lines = csv.reader(file)
                if next(lines, [])[:3] != _COLUMNS:
                    raise LabelFileError(f"{path} does not begin with the columns {', '.join(_COLUMNS)}.")
                for row, name, above in (line[:3] for line in lines):
                    if int(row) != len(names):
                        raise LabelFileError(f"{path} has row {row} where row {len(names)} belongs.")
                    names.append(name)
                    parents.append([int(parent) for parent in above.split()])
        except OSError as error:
            raise LabelFileError(f"{path} cannot be read: {error.strerror}.") from error
        except (ValueError, csv.Error) as error:
            raise LabelFileError(f"{path} is damaged near the label of row {len(names)}: {error}.") from error
        try:
            return cls.from_parents(names, parents)
        except LabelFileError as error:
            raise LabelFileError(f"{path} is inconsistent. {error}") from error

    def __len__(self) -> int:
        return len(self.names)

    def parents(self, row: int) -> tuple[int, ...]:
        """The directly broader labels; empty at the top."""
        return self._parents[row]

    def ancestors(self, row: int) -> frozenset[int]:
        """All broader labels, without the label itself."""
        return self._ancestors[row]

    def descendants(self, row: int) -> frozenset[int]:
        """All narrower labels, without the label itself."""
        return frozenset(other for other, above in enumerate(self._ancestors) if row in above)

    def depth(self, row: int) -> int:
        """The length of the longest path to the top: 0 for a label without parents."""
        return self._depths[row]

    def specificity(self, row: int) -> float:
        """How informative the label is: 1 for one with nothing narrower, closer to 0 the more it covers.

        The information content of Seco, Veale and Hayes (2004): one minus the logarithm of the number of labels
        it covers, itself included, over the logarithm of the number of all labels.
        """
        return self._specificities[row]


def folded_name(name: str) -> str:
    """A label's name for comparing: without regard to case and extra blanks."""
    return " ".join(name.split()).casefold()


def hierarchy_for(labels: Sequence[Label]) -> LabelHierarchy:
    """The shipped hierarchy if it covers exactly these labels, otherwise a flat one.

    Raises:
        LabelFileError: the shipped file is damaged.
        VideoLabelerError: it is missing.
    """
    names = tuple(label.name for label in labels)
    shipped = LabelHierarchy.load(asset(HIERARCHY_FILE))
    return shipped if shipped.names == names else LabelHierarchy.flat(names)


def _broad_to_narrow(names: Sequence[str], parents: Sequence[Sequence[int]]) -> list[int]:
    """All rows, each after its parents (Kahn's algorithm)."""
    children: list[list[int]] = [[] for _ in parents]
    missing = [len(above) for above in parents]
    for row, above in enumerate(parents):
        for parent in above:
            children[parent].append(row)
    order = [row for row, count in enumerate(missing) if count == 0]
    for row in order:
        for child in children[row]:
            missing[child] -= 1
            if missing[child] == 0:
                order.append(child)
    if len(order) < len(parents):
        stuck = next(row for row, count in enumerate(missing) if count)
        raise LabelFileError(f"{names[stuck]} (row {stuck}) is broader than itself, or below such a label.")
    return order


def _specificities(ancestors: Sequence[frozenset[int]]) -> tuple[float, ...]:
    """For each row, 1 - log(labels covered) / log(all labels)."""
    covered = [1] * len(ancestors)
    for above in ancestors:
        for row in above:
            covered[row] += 1
    whole = math.log(max(2, len(ancestors)))
    return tuple(1.0 - math.log(count) / whole for count in covered)
