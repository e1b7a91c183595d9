"""Procedural materials; none needs a picture file."""

from collections.abc import Sequence
from typing import Any

import bpy

Color = tuple[float, float, float]


class _Nodes:
    """A new material's nodes: a principled surface, and what feeds it."""

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.surface = self.tree.nodes["Principled BSDF"]
        self.output = self.tree.nodes["Material Output"]

    def add(self, kind: str, **inputs: Any) -> bpy.types.Node:
        """A node with these inputs: values, or sockets of other nodes. Spaces in names are underscores."""
        node = self.tree.nodes.new(f"ShaderNode{kind}")
        for name, value in inputs.items():
            self.put(node.inputs[name.replace("_", " ")], value)
        return node

    def put(self, socket: bpy.types.NodeSocket, value: Any) -> None:
        """Give an input its value or its source."""
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        else:
            socket.default_value = (*value, 1.0) if socket.type == "RGBA" and len(value) == 3 else value

    def set(self, **inputs: Any) -> None:
        """Inputs of the surface."""
        for name, value in inputs.items():
            self.put(self.surface.inputs[name.replace("_", " ")], value)

    def place(self, scale: Sequence[float] = (1, 1, 1)) -> bpy.types.NodeSocket:
        """Where on the object a point is, in metres times ``scale``."""
        where = self.add("TexCoord").outputs["Object"]
        return self.add("Mapping", Vector=where, Scale=scale).outputs["Vector"]

    def noise(self, scale: float, detail: float = 3.0, stretch: Sequence[float] = (1, 1, 1)) -> bpy.types.NodeSocket:
        """Soft noise around 0.5; ``scale`` is blotches a metre."""
        return self.add("TexNoise", Vector=self.place(stretch), Scale=scale, Detail=detail).outputs[0]

    def math(self, operation: str, *values: bpy.types.NodeSocket | float) -> bpy.types.NodeSocket:
        """A sum of numbers, or whatever ``operation`` makes of them."""
        node = self.add("Math")
        node.operation = operation
        for socket, value in zip(node.inputs, values, strict=False):
            self.put(socket, value)
        return node.outputs[0]

    def ramp(self, factor: bpy.types.NodeSocket, stops: Sequence[tuple[float, Color]]) -> bpy.types.NodeSocket:
        """Colours along ``factor``."""
        node = self.add("ValToRGB", Fac=factor)
        elements = node.color_ramp.elements
        while len(elements) < len(stops):
            elements.new(1.0)
        for element, (position, color) in zip(elements, stops, strict=True):
            element.position, element.color = position, (*color, 1.0)
        return node.outputs["Color"]

    def bump(self, height: bpy.types.NodeSocket, depth: float) -> None:
        """Relief; ``depth`` in metres."""
        self.set(Normal=self.add("Bump", Height=height, Distance=depth, Strength=0.8).outputs["Normal"])


def plain(name: str, color: Color, roughness: float = 0.5, **inputs: Any) -> bpy.types.Material:
    """One colour; further inputs of the principled surface by name, spaces written as underscores."""
    nodes = _Nodes(name)
    nodes.set(Base_Color=color, Roughness=roughness, **inputs)
    return nodes.material


def metal(name: str, color: Color, roughness: float = 0.25) -> bpy.types.Material:
    """Metal."""
    return plain(name, color, roughness, Metallic=1.0)


def mottled(
    name: str, dark: Color, light: Color, blotches: float, roughness: float = 0.4, relief: float = 0.0, **inputs: Any
) -> bpy.types.Material:
    """Two colours in soft blotches (so many a metre), with that relief in metres."""
    nodes = _Nodes(name)
    noise = nodes.noise(blotches)
    nodes.set(Base_Color=nodes.ramp(noise, [(0.35, dark), (0.65, light)]), Roughness=roughness, **inputs)
    if relief > 0:
        nodes.bump(noise, relief)
    return nodes.material


def painted(
    name: str, roughness: float = 0.4, grain: float = 0.0, relief: float = 0.0, **inputs: Any
) -> bpy.types.Material:
    """The colours of the mesh's vertices, with a relief of so many grains a metre."""
    nodes = _Nodes(name)
    color = nodes.add("VertexColor").outputs["Color"]
    nodes.set(Base_Color=color, Roughness=roughness, **inputs)
    if relief > 0:
        cells = nodes.add("TexVoronoi", Vector=nodes.place(), Scale=grain).outputs["Distance"]
        nodes.bump(cells, relief)
    return nodes.material


def wood(name: str, dark: Color, light: Color, along: str = "x", roughness: float = 0.4) -> bpy.types.Material:
    """Wood with its grain along one axis of the object."""
    nodes = _Nodes(name)
    stretch = {"x": (0.08, 1, 1), "y": (1, 0.08, 1), "z": (1, 1, 0.08)}[along]
    broad = nodes.noise(9.0, 4.0, stretch)
    fine = nodes.noise(160.0, 5.0, tuple(0.25 * s if s < 1 else s for s in stretch))
    rings = nodes.math("FRACT", nodes.math("MULTIPLY", broad, 7.0))
    waves = nodes.ramp(rings, [(0.0, dark), (0.5, light), (1.0, dark)])
    fibres = nodes.ramp(fine, [(0.35, (0.55, 0.5, 0.45)), (0.6, (1.0, 1.0, 1.0))])
    mixed = nodes.add("MixRGB", Fac=0.65, Color1=waves, Color2=fibres)
    mixed.blend_type = "MULTIPLY"
    nodes.set(Base_Color=mixed.outputs[0], Roughness=roughness)
    nodes.bump(fine, 0.0004)
    return nodes.material


def fabric(name: str, dark: Color, light: Color, threads: float = 900.0) -> bpy.types.Material:
    """Woven cloth."""
    nodes = _Nodes(name)
    weave = nodes.noise(threads, 1.0)
    nodes.set(Base_Color=nodes.ramp(weave, [(0.3, dark), (0.7, light)]), Roughness=0.9, Sheen_Weight=0.3)
    nodes.bump(weave, 0.0008)
    return nodes.material


def glass(name: str, color: Color = (1.0, 1.0, 1.0)) -> bpy.types.Material:
    """Clear glass that lets light through to what it shades, since caustics are not traced."""
    nodes = _Nodes(name)
    nodes.set(Base_Color=color, Roughness=0.0, IOR=1.45, Transmission_Weight=1.0)
    clear = nodes.add("BsdfTransparent", Color=tuple(0.25 + 0.7 * c for c in color))
    shadow = nodes.add("LightPath").outputs["Is Shadow Ray"]
    mixed = nodes.add("MixShader", Fac=shadow)
    nodes.put(mixed.inputs[1], nodes.surface.outputs[0])
    nodes.put(mixed.inputs[2], clear.outputs[0])
    nodes.put(nodes.output.inputs["Surface"], mixed.outputs[0])
    return nodes.material


def glowing(name: str, color: Color, strength: float) -> bpy.types.Material:
    """A surface that shines by itself."""
    material = plain(name, color, 0.6, Emission_Color=color, Emission_Strength=strength)
    material.cycles.emission_sampling = "NONE"
    return material


def wallpaper(name: str, strength: float) -> bpy.types.Material:
    """What a switched-on screen shows: soft bands of colour that shine."""
    nodes = _Nodes(name)
    bands = nodes.noise(5.0, 1.0)
    color = nodes.ramp(
        bands,
        [(0.3, (0.01, 0.03, 0.16)), (0.45, (0.02, 0.22, 0.55)), (0.55, (0.25, 0.5, 0.8)), (0.66, (0.9, 0.45, 0.2))],
    )
    nodes.set(Base_Color=(0.01, 0.01, 0.01), Roughness=0.15, Emission_Color=color, Emission_Strength=strength)
    nodes.material.cycles.emission_sampling = "NONE"
    return nodes.material
