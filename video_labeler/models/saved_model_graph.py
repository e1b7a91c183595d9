"""Reads the graph of a ``saved_model.pb`` without TensorFlow: its operations and their connections.

The numbers are those of the fields in TensorFlow's ``saved_model.proto``, ``meta_graph.proto``, ``graph.proto``,
``function.proto``, ``node_def.proto``, ``attr_value.proto`` and ``saved_object_graph.proto``.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from video_labeler.models.protobuf_wire import WireError, WireReader, text_of

_META_GRAPHS = 2
_GRAPH, _SAVER, _COLLECTIONS, _SIGNATURES, _ASSETS, _OBJECTS = 2, 3, 4, 5, 6, 7
_NODES, _LIBRARY = 1, 2
_FUNCTIONS = 1
_FUNCTION_SIGNATURE, _FUNCTION_NODES = 1, 3
_SIGNATURE_NAME, _SIGNATURE_ARGUMENTS = 1, 2
_NODE_NAME, _NODE_OPERATION, _NODE_INPUTS, _NODE_ATTRIBUTES = 1, 2, 3, 5
_KEY, _VALUE = 1, 2
_ATTRIBUTE_LIST, _ATTRIBUTE_FUNCTION, _LIST_FUNCTIONS = 1, 10, 9
_OBJECT_NODES, _OBJECT_FUNCTIONS = 1, 2
_OBJECT_FUNCTION, _OBJECT_BARE_FUNCTION = 6, 8
_SAVERS = "savers"
_DEEPEST = 32


@dataclass(frozen=True, slots=True)
class Node:
    """One operation: ``inputs`` name nodes or arguments, ``functions`` what it may call besides ``operation``."""

    name: str
    operation: str
    inputs: tuple[str, ...]
    functions: tuple[str, ...]

    @property
    def calls(self) -> tuple[str, ...]:
        """Everything that it may call; an operation may be a function of the library."""
        return (self.operation, *self.functions)


@dataclass(frozen=True, slots=True)
class Function:
    """A function of a graph's library."""

    name: str
    arguments: tuple[str, ...]
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Saver:
    """What restores and saves the variables: the nodes' names."""

    file_name: str = ""
    save: str = ""
    restore: str = ""


@dataclass(frozen=True, slots=True)
class MetaGraph:
    """One graph of a SavedModel.

    ``mentioned`` holds every text in its signatures, collections and assets, so the nodes that may be run; ``called``
    the functions that its objects offer.
    """

    nodes: tuple[Node, ...]
    functions: tuple[Function, ...]
    saver: Saver
    mentioned: frozenset[str]
    called: frozenset[str]


def read_graphs(content: bytes, most_fields: int) -> list[MetaGraph]:
    """The graphs in the bytes of a ``saved_model.pb``.

    Raises:
        WireError: it is damaged, or has more than ``most_fields`` fields.
    """
    reader = _GraphReader(WireReader(most_fields))
    return [reader.meta_graph(found) for found in reader.wire.messages(memoryview(content), _META_GRAPHS)]


def node_of(tensor: str) -> str:
    """The node that a tensor's name refers to: ``x`` for ``x:0`` and ``^x``."""
    return tensor.removeprefix("^").partition(":")[0]


class _TooDeepError(WireError):
    """Messages are nested more deeply than any reader would follow."""


class _GraphReader:
    def __init__(self, wire: WireReader) -> None:
        self.wire = wire

    def meta_graph(self, message: memoryview) -> MetaGraph:
        """One graph with everything that may run its nodes. Parts of a repeated field are merged, as in every
        reader.
        """
        nodes: list[Node] = []
        functions: list[Function] = []
        saver = Saver()
        mentioned: set[str] = set()
        called: set[str] = set()
        for number, value in self.wire.fields(message):
            if isinstance(value, int):
                continue
            if number == _GRAPH:
                nodes += map(self._node, self.wire.messages(value, _NODES))
                for library in self.wire.messages(value, _LIBRARY):
                    functions += map(self._function, self.wire.messages(library, _FUNCTIONS))
            elif number == _SAVER:
                saver = self._saver(value, saver)
            elif number in (_SIGNATURES, _ASSETS) or (
                number == _COLLECTIONS and self.wire.texts(value, _KEY) != [_SAVERS]
            ):
                mentioned |= self._texts_in(value)
            elif number == _OBJECTS:
                called |= self._called(value)
        return MetaGraph(tuple(nodes), tuple(functions), saver, frozenset(mentioned), frozenset(called))

    def _function(self, message: memoryview) -> Function:
        names: list[str] = []
        arguments: list[str] = []
        for signature in self.wire.messages(message, _FUNCTION_SIGNATURE):
            names += self.wire.texts(signature, _SIGNATURE_NAME)
            for argument in self.wire.messages(signature, _SIGNATURE_ARGUMENTS):
                arguments += self.wire.texts(argument, _KEY)
        nodes = tuple(map(self._node, self.wire.messages(message, _FUNCTION_NODES)))
        return Function(_only(names), tuple(arguments), nodes)

    def _node(self, message: memoryview) -> Node:
        names: list[str] = []
        operations: list[str] = []
        inputs: list[str] = []
        functions: list[str] = []
        for number, value in self.wire.fields(message):
            if number == _NODE_NAME:
                names.append(text_of(value))
            elif number == _NODE_OPERATION:
                operations.append(text_of(value))
            elif number == _NODE_INPUTS:
                inputs.append(text_of(value))
            elif number == _NODE_ATTRIBUTES and not isinstance(value, int):
                functions += self._functions_in(value, _DEEPEST)
        return Node(_only(names), _only(operations), tuple(inputs), tuple(functions))

    def _functions_in(self, entry: memoryview, deepest: int) -> Iterator[str]:
        """The functions that an entry of a map of attributes names."""
        if not deepest:
            raise _TooDeepError("it is nested too deeply")
        for attribute in self.wire.messages(entry, _VALUE):
            for number, value in self.wire.fields(attribute):
                if isinstance(value, int):
                    continue
                if number == _ATTRIBUTE_FUNCTION:
                    yield from self._function_named(value, deepest)
                elif number == _ATTRIBUTE_LIST:
                    for function in self.wire.messages(value, _LIST_FUNCTIONS):
                        yield from self._function_named(function, deepest)

    def _function_named(self, message: memoryview, deepest: int) -> Iterator[str]:
        yield from self.wire.texts(message, _KEY)
        for entry in self.wire.messages(message, _VALUE):
            yield from self._functions_in(entry, deepest - 1)

    def _saver(self, message: memoryview, before: Saver) -> Saver:
        texts = {1: before.file_name, 2: before.save, 3: before.restore}
        for number, value in self.wire.fields(message):
            if number in texts:
                texts[number] = node_of(text_of(value))
        return Saver(texts[1], texts[2], texts[3])

    def _called(self, message: memoryview) -> set[str]:
        called: set[str] = set()
        for entry in self.wire.messages(message, _OBJECT_FUNCTIONS):
            called.update(self.wire.texts(entry, _KEY))
        for node in self.wire.messages(message, _OBJECT_NODES):
            for kind in (_OBJECT_FUNCTION, _OBJECT_BARE_FUNCTION):
                for function in self.wire.messages(node, kind):
                    called |= self._texts_in(function)
        return called

    def _texts_in(self, message: memoryview, deepest: int = _DEEPEST) -> set[str]:
        """Every text in a message with unknown fields, including those in what may be nested messages."""
        if not deepest:
            raise _TooDeepError("it is nested too deeply")
        texts = set()
        for _, value in self.wire.fields(message):
            if isinstance(value, int):
                continue
            with suppress(WireError):
                texts.add(node_of(text_of(value)))
            try:
                texts |= self._texts_in(value, deepest - 1)
            except _TooDeepError:
                raise
            except WireError:
                continue
        return texts


def _only(texts: list[str]) -> str:
    """The text of a field that must occur once: of several, readers might use different ones.

    Raises:
        WireError: there is none, or several.
    """
    if len(texts) != 1 or not texts[0]:
        raise WireError("a name is missing or repeated")
    return texts[0]
