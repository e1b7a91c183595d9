"""Light that does not move is computed once: table and wall become pictures of themselves that need no more rays.

What is lost is the faint reflection in the varnish; what is won is a background without noise, and much time.
"""

from collections.abc import Sequence

import bpy
import numpy as np

_SAMPLES = 128
_LIGHT_TEXELS_A_METRE = 250
_COLOR_TEXELS_A_METRE = {"table": 1500, "wall": 200}


def bake_light(scene: bpy.types.Scene, surfaces: Sequence[bpy.types.Object]) -> None:
    """Give each surface the look that it has in ``scene`` now, by itself, whatever lights it later.

    The surfaces face -y and +z; each is laid out flat by its x and its way along y and z.
    """
    samples = scene.cycles.samples
    scene.cycles.samples = _SAMPLES
    for surface in surfaces:
        width, height = _unfold(surface)
        light = _picture(f"{surface.name} light", width, height, _LIGHT_TEXELS_A_METRE, fine=True)
        color = _picture(f"{surface.name} color", width, height, _COLOR_TEXELS_A_METRE[surface.name], fine=False)
        _bake(surface, light, {"DIRECT", "INDIRECT"})
        _smooth(light)
        scene.cycles.samples = 1
        _bake(surface, color, {"COLOR"})
        scene.cycles.samples = _SAMPLES
        _shine(surface, light, color)
    scene.cycles.samples = samples


def _unfold(surface: bpy.types.Object) -> tuple[float, float]:
    """Lay the mesh out, x to the right, y plus z upwards, so that top and front do not overlap. The size in metres."""
    mesh = surface.data
    layer = mesh.uv_layers.new(name="unfolded")
    flat = np.array([(vertex.co.x, vertex.co.z + vertex.co.y) for vertex in mesh.vertices])
    low, size = flat.min(axis=0), np.ptp(flat, axis=0)
    for loop in mesh.loops:
        layer.data[loop.index].uv = (flat[loop.vertex_index] - low) / size
    return float(size[0]), float(size[1])


def _picture(name: str, width: float, height: float, texels_a_metre: int, *, fine: bool) -> bpy.types.Image:
    return bpy.data.images.new(name, round(width * texels_a_metre), round(height * texels_a_metre), float_buffer=fine)


def _bake(surface: bpy.types.Object, picture: bpy.types.Image, passes: set[str]) -> None:
    tree = surface.data.materials[0].node_tree
    node = tree.nodes.new("ShaderNodeTexImage")
    node.image = picture
    tree.nodes.active = node
    bpy.ops.object.select_all(action="DESELECT")
    surface.select_set(True)
    bpy.context.view_layer.objects.active = surface
    bpy.ops.object.bake(type="DIFFUSE", pass_filter=passes, margin=4)
    tree.nodes.remove(node)


def _smooth(picture: bpy.types.Image) -> None:
    """Take the grain out of baked light: a binomial blur of five texels, 2 cm."""
    width, height = picture.size
    values = np.empty(width * height * 4, dtype=np.float32)
    picture.pixels.foreach_get(values)
    light = values.reshape(height, width, 4)
    for axis in (0, 1):
        padded = np.pad(light, [(2, 2) if axis == i else (0, 0) for i in range(3)], mode="edge")
        parts = [np.take(padded, range(i, i + light.shape[axis]), axis) for i in range(5)]
        light = sum(weight * part for weight, part in zip((1, 4, 6, 4, 1), parts, strict=True)) / 16
    picture.pixels.foreach_set(light.astype(np.float32).ravel())
    picture.update()


def _shine(surface: bpy.types.Object, light: bpy.types.Image, color: bpy.types.Image) -> None:
    """Replace the material by one that shines with the baked light times the baked colour."""
    material = bpy.data.materials.new(f"{surface.name} baked")
    material.use_nodes = True
    material.cycles.emission_sampling = "NONE"
    tree = material.node_tree
    tree.nodes.clear()
    pictures = []
    for image in (light, color):
        node = tree.nodes.new("ShaderNodeTexImage")
        node.image = image
        pictures.append(node.outputs["Color"])
    product = tree.nodes.new("ShaderNodeMixRGB")
    product.blend_type = "MULTIPLY"
    product.inputs["Fac"].default_value = 1.0
    tree.links.new(pictures[0], product.inputs["Color1"])
    tree.links.new(pictures[1], product.inputs["Color2"])
    shining = tree.nodes.new("ShaderNodeEmission")
    tree.links.new(product.outputs[0], shining.inputs["Color"])
    output = tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(shining.outputs[0], output.inputs["Surface"])
    surface.data.materials[0] = material
