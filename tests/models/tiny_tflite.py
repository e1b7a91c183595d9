"""Builds TFLite files of one operation, so that what a model answers is known without a training."""

from dataclasses import dataclass

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

TYPES = {"float32": schema.TensorType.FLOAT32, "int8": schema.TensorType.INT8, "uint8": schema.TensorType.UINT8}


@dataclass(frozen=True)
class Quantisation:
    scale: float
    zero_point: int


def tensor(name, shape, dtype="float32", buffer=0, quantisation=None, *, type_=None):
    result = schema.TensorT()
    result.name = name.encode()
    result.shape = list(shape)
    result.type = TYPES[dtype] if type_ is None else type_
    result.buffer = buffer
    if quantisation:
        result.quantization = schema.QuantizationParametersT()
        result.quantization.scale = [quantisation.scale]
        result.quantization.zeroPoint = [quantisation.zero_point]
    return result


def operator(inputs, outputs, options=None, options_type=0, code=0):
    result = schema.OperatorT()
    result.opcodeIndex = code
    result.inputs, result.outputs = list(inputs), list(outputs)
    result.builtinOptions, result.builtinOptionsType = options, options_type
    return result


def model(codes, tensors, operators, inputs, outputs, buffers=(), metadata=None):
    """The bytes of a model; ``buffers`` are constants, numbered from 1; 0 is the empty one."""
    result = schema.ModelT()
    result.version = 3
    result.operatorCodes = []
    for code in codes:
        item = schema.OperatorCodeT()
        item.builtinCode = code
        item.deprecatedBuiltinCode = min(code, 127)
        item.version = 1
        result.operatorCodes.append(item)
    graph = schema.SubGraphT()
    graph.tensors, graph.operators = list(tensors), list(operators)
    graph.inputs, graph.outputs = list(inputs), list(outputs)
    result.subgraphs = [graph]
    result.buffers = [schema.BufferT()]
    for content in [*buffers, *([metadata] if metadata else [])]:
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(content, np.uint8)
        result.buffers.append(buffer)
    if metadata:
        entry = schema.MetadataT()
        entry.name, entry.buffer = b"TFLITE_METADATA", len(result.buffers) - 1
        result.metadata = [entry]
    builder = flatbuffers.Builder(1024)
    builder.Finish(result.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())


def mean_colour(dtype="float32", quantisation=None, *, side=8, name="scores", metadata=None, quantised_first=None):
    """A model that answers the mean of each colour, [1, 3]: what it says tells what pixels it was fed.

    ``quantised_first`` puts a quantising layer before the mean, as converters do for float models with integer insides.
    """
    shape, axes = [1, side, side, 3], np.array([1, 2], np.int32).tobytes()
    options = schema.ReducerOptionsT()
    mean, quantise, dequantise = (
        schema.BuiltinOperator.MEAN,
        schema.BuiltinOperator.QUANTIZE,
        schema.BuiltinOperator.DEQUANTIZE,
    )
    axes_tensor = tensor("axes", [2], buffer=1, type_=schema.TensorType.INT32)
    reducer = schema.BuiltinOptions.ReducerOptions
    if quantised_first is None:
        tensors = [tensor("image", shape, dtype, 0, quantisation), axes_tensor]
        tensors.append(tensor(name, [1, 3], dtype, 0, quantisation))
        return model([mean], tensors, [operator([0, 1], [2], options, reducer)], [0], [2], [axes], metadata)
    tensors = [
        tensor("image", shape),
        axes_tensor,
        tensor("inside", shape, "int8", 0, quantised_first),
        tensor("mean", [1, 3], "int8", 0, quantised_first),
        tensor(name, [1, 3]),
    ]
    operators = [
        operator([0], [2], code=0),
        operator([2, 1], [3], options, reducer, code=1),
        operator([3], [4], code=2),
    ]
    return model([quantise, mean, dequantise], tensors, operators, [0], [4], [axes], metadata)


def normalising_metadata(mean, std):
    """TFLite metadata that says how the input's pixels are normalised."""
    builder = flatbuffers.Builder(256)

    def floats(values):
        builder.StartVector(4, len(values), 4)
        for value in reversed(values):
            builder.PrependFloat32(value)
        return builder.EndVector()

    def table(fields):
        builder.StartObject(max(fields) + 1)
        for number, (kind, value) in fields.items():
            if kind == "offset":
                builder.PrependUOffsetTRelativeSlot(number, value, 0)
            else:
                builder.PrependUint8Slot(number, value, 0)
        return builder.EndObject()

    def tables(item):
        builder.StartVector(4, 1, 4)
        builder.PrependUOffsetTRelative(item)
        return builder.EndVector()

    means, stds = floats(mean), floats(std)
    options = table({0: ("offset", means), 1: ("offset", stds)})
    unit = table({0: ("byte", 1), 1: ("offset", options)})
    image = table({4: ("offset", tables(unit))})
    graph = table({2: ("offset", tables(image))})
    root = table({3: ("offset", tables(graph))})
    builder.Finish(root, file_identifier=b"M001")
    return bytes(builder.Output())


def crashing():
    """A model that is well formed and kills its interpreter: a branch whose two ways are itself, without end."""
    options = schema.IfOptionsT()
    options.thenSubgraphIndex = options.elseSubgraphIndex = 0
    shape = [1, 8, 8, 3]
    tensors = [
        tensor("condition", [1], buffer=1, type_=schema.TensorType.BOOL),
        tensor("image", shape),
        tensor("scores", shape),
    ]
    branch = operator([0, 1], [2], options, schema.BuiltinOptions.IfOptions)
    return model([schema.BuiltinOperator.IF], tensors, [branch], [1], [2], [b"\1"])
