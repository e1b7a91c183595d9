"""The gate for SavedModels, which are programs: only operations that image networks need may pass.

It looks only at the bytes, before TensorFlow is started. The operations that restore and save variables touch files
and are in every SavedModel, so they are allowed only where nothing but the loader can run them: on the file that the
loader names.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from video_labeler import limits
from video_labeler.assets import asset
from video_labeler.errors import ModelFormatError
from video_labeler.models.protobuf_wire import WireError
from video_labeler.models.saved_model_graph import Function, MetaGraph, Node, node_of, read_graphs
from video_labeler.text.shown import shown

_LIST = "saved_model_operations.txt"
_LIKE_AN_OPERATION = re.compile(r"_*[A-Z]|.*>")
"""Names of TensorFlow's operations; its functions are named ``__inference_...`` or ``cond_true_1``."""


@dataclass(frozen=True, slots=True)
class AllowedOperations:
    """The operations that only compute, those that restore variables, and those that save them."""

    computing: frozenset[str]
    restoring: frozenset[str]
    saving: frozenset[str]


@cache
def allowed_operations() -> AllowedOperations:
    """The list that ships with the package."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in asset(_LIST).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kind, colon, words = line.rpartition(":")
            found[kind if colon else ""].update(words.split())
    return AllowedOperations(frozenset(found[""]), frozenset(found["restores"]), frozenset(found["saves"]))


def check_saved_model(content: bytes, name: str) -> None:
    """Check the bytes of a ``saved_model.pb``; ``name`` is used in messages.

    Raises:
        ModelFormatError: it is damaged, or does more than an image network needs.
    """
    try:
        graphs = read_graphs(content, limits.GRAPH_FIELDS)
    except WireError as error:
        raise ModelFormatError(f"{name} is not a SavedModel that can be read ({error}): download it again.") from error
    if not graphs:
        raise ModelFormatError(f"{name} is damaged: its saved_model.pb holds no graph.")
    for graph in graphs:
        _GraphGate(graph, name).check()


class _GraphGate:
    def __init__(self, graph: MetaGraph, name: str) -> None:
        self._graph = graph
        self._name = name
        self._allowed = allowed_operations()
        self._library = {function.name: function for function in graph.functions}

    def check(self) -> None:
        """Raise an error for the first operation that image networks do not need."""
        if len(self._library) < len(self._graph.functions):
            raise ModelFormatError(f"{self._name} is damaged: it has two functions with the same name.")
        for function in self._graph.functions:
            if _LIKE_AN_OPERATION.match(function.name):
                self._refuse(function.name, "has a function with the name of an operation,")
            self._check_operations(function.nodes)
        self._check_operations(self._graph.nodes)
        restoring = self._touching(self._allowed.restoring)
        saving = self._touching(self._allowed.saving)
        self._check_functions(restoring | saving, restoring)
        self._check_main(restoring, saving)

    def _check_operations(self, nodes: Iterable[Node]) -> None:
        known = self._allowed.computing | self._allowed.restoring | self._allowed.saving | self._library.keys()
        for node in nodes:
            if node.operation not in known:
                self._refuse(node.operation)
            for function in node.functions:
                if function not in self._library:
                    self._refuse(function)

    def _touching(self, operations: frozenset[str]) -> frozenset[str]:
        """Those operations, and the functions that use them."""
        functions = {f.name for f in self._graph.functions if any(node.operation in operations for node in f.nodes)}
        return operations | functions

    def _check_functions(self, touching: frozenset[str], restoring: frozenset[str]) -> None:
        """Check that no function calls one that touches files, and that restoring takes the file's name from its
        caller.
        """
        for called in sorted(self._graph.called & touching):
            self._refuse(called)
        for function in self._graph.functions:
            for node in function.nodes:
                for called in node.calls:
                    if called in touching and called in self._library:
                        self._refuse(called)
                if node.operation in restoring and not _is_first_argument(node, function):
                    self._refuse(node.operation)

    def _check_main(self, restoring: frozenset[str], saving: frozenset[str]) -> None:
        """Check that only the loader's saver reaches operations that touch files."""
        nodes = {node.name: node for node in self._graph.nodes}
        if len(nodes) < len(self._graph.nodes):
            raise ModelFormatError(f"{self._name} is damaged: it has two operations with the same name.")
        saver = self._graph.saver
        for node in self._graph.nodes:
            # The file's name is the first input, of the operation itself and of a function that restores.
            if not restoring.isdisjoint(node.calls) and (
                not node.inputs or not saver.file_name or _origin(node.inputs[0], nodes) != saver.file_name
            ):
                self._refuse(node.operation)
        after_saving = self._after(saving)
        after_restoring = self._after(restoring)
        for run in sorted(self._graph.mentioned | {saver.file_name}):
            if run in after_saving or run in after_restoring:
                self._refuse(after_saving.get(run) or after_restoring[run])
        if saver.restore in after_saving:
            self._refuse(after_saving[saver.restore])

    def _after(self, touching: frozenset[str]) -> dict[str, str]:
        """The nodes that touch files, or depend on one that does, each with its operation."""
        needed_by: dict[str, list[str]] = defaultdict(list)
        for node in self._graph.nodes:
            for source in node.inputs:
                needed_by[node_of(source)].append(node.name)
        after = {node.name: called for node in self._graph.nodes for called in node.calls if called in touching}
        waiting = list(after)
        while waiting:
            name = waiting.pop()
            for consumer in needed_by[name]:
                if consumer not in after:
                    after[consumer] = after[name]
                    waiting.append(consumer)
        return after

    def _refuse(self, operation: str, what: str = "uses the operation") -> None:
        named = shown(operation[:80])
        raise ModelFormatError(f"{self._name} {what} {named}, which image networks do not need: it is not loaded.")


def _is_first_argument(node: Node, function: Function) -> bool:
    return bool(node.inputs and function.arguments) and node.inputs[0].partition(":")[0] == function.arguments[0]


def _origin(tensor: str, nodes: dict[str, Node]) -> str:
    """The node that a tensor originally comes from, through nodes that pass it on unchanged."""
    name = node_of(tensor)
    for _ in range(len(nodes)):
        node = nodes.get(name)
        if node is None or node.operation != "Identity" or not node.inputs:
            break
        name = node_of(node.inputs[0])
    return name
