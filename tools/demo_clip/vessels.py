"""Things to drink from, pour from and fill: bottle, mug, glass, bowl, teapot, vase."""

import bpy
import numpy as np

from demo_clip.materials import glass, metal, mottled, plain
from demo_clip.meshes import group, mesh_object, spline, swept, text, turned, wrapped


def wine_bottle() -> bpy.types.Object:
    """A bottle of red wine with a paper label and a foil capsule, 30 cm."""
    dark_glass = plain("bottle glass", (0.006, 0.016, 0.008), 0.04, Coat_Weight=0.6, Specular_IOR_Level=0.7)
    foil = metal("capsule", (0.35, 0.015, 0.03), 0.3)
    paper = mottled("label paper", (0.72, 0.66, 0.52), (0.85, 0.8, 0.68), 60.0, 0.8)
    ink = plain("label ink", (0.12, 0.02, 0.02), 0.6)
    body = [(0, 0.004), (0.03, 0.002), (0.0365, 0.006), (0.0375, 0.02), (0.0375, 0.185)]
    neck = spline([(0.0375, 0.185), (0.0355, 0.203), (0.026, 0.222), (0.0165, 0.24), (0.0145, 0.262), (0.0142, 0.285)])
    lip = [(0.0155, 0.286), (0.0155, 0.297), (0.0145, 0.3), (0, 0.3)]
    capsule = [
        (0.01485, 0.243),
        (0.0149, 0.262),
        (0.0147, 0.284),
        (0.016, 0.286),
        (0.016, 0.298),
        (0.015, 0.3012),
        (0, 0.3012),
    ]
    label_area = _patch(0.0379, -1.25, 1.25, 0.05, 0.145)
    return group(
        "Wine bottle",
        [
            mesh_object("bottle", *turned([*body, *neck, *lip]), dark_glass),
            mesh_object("capsule", *turned(capsule), foil),
            mesh_object("label", *label_area, paper),
            *(
                mesh_object("ink", wrapped(vertices, 0.0381, height), faces, ink)
                for height, (vertices, faces) in [
                    (0.126, text("CHATEAU", 0.008)),
                    (0.113, text("BEL HORIZON", 0.0075)),
                    (0.066, text("Grand Vin 2021", 0.005)),
                ]
            ),
            mesh_object("emblem", *_patch(0.03815, -0.3, 0.3, 0.078, 0.102), plain("gold", (0.6, 0.4, 0.12), 0.4)),
        ],
    )


def mug() -> bpy.types.Object:
    """A glazed mug with coffee and a handle to the right, 10 cm."""
    glaze = plain("glaze", (0.62, 0.06, 0.035), 0.12, Coat_Weight=0.4)
    inside = plain("inner glaze", (0.85, 0.82, 0.76), 0.15)
    coffee = plain("coffee", (0.03, 0.012, 0.005), 0.08)
    outer = [(0, 0.003), (0.034, 0.0), (0.0385, 0.003), (0.041, 0.012), (0.0415, 0.09), (0.0412, 0.0985), (0.0402, 0.1)]
    inner = [(0.0402, 0.1), (0.0385, 0.0985), (0.038, 0.09), (0.0375, 0.012), (0.03, 0.006), (0, 0.006)]
    bow = spline(
        [(0.040, 0, 0.082), (0.058, 0, 0.084), (0.073, 0, 0.07), (0.073, 0, 0.044), (0.06, 0, 0.027), (0.040, 0, 0.022)]
    )
    return group(
        "Mug",
        [
            mesh_object("outside", *turned(outer), glaze),
            mesh_object("inside", *turned(inner), inside),
            mesh_object("handle", *swept(bow, 0.0062, flatten=1.25), glaze),
            mesh_object("coffee", *turned([(0, 0.084), (0.0379, 0.084)]), coffee),
        ],
    )


def wine_glass() -> bpy.types.Object:
    """A stemmed glass a third full of red wine, 21 cm."""
    clear = glass("clear glass")
    wine = plain("red wine", (0.06, 0.002, 0.006), 0.05, Coat_Weight=0.5)
    foot = [(0, 0.0), (0.034, 0.0), (0.0355, 0.0015), (0.034, 0.003)]
    stem = spline([(0.034, 0.003), (0.012, 0.006), (0.0048, 0.018), (0.004, 0.05), (0.0055, 0.088), (0.016, 0.1)])
    bowl_out = spline([(0.016, 0.1), (0.033, 0.116), (0.041, 0.142), (0.0385, 0.175), (0.0335, 0.21)])
    bowl_in = spline([(0.0322, 0.21), (0.037, 0.175), (0.0395, 0.142), (0.0315, 0.1175), (0.014, 0.1025), (0, 0.101)])
    filling = [*spline([(0, 0.1015), (0.014, 0.103), (0.0313, 0.118), (0.0392, 0.14), (0.0393, 0.148)]), (0, 0.148)]
    return group(
        "Wine glass",
        [
            mesh_object("glass", *turned([*foot, *stem, *bowl_out, *bowl_in]), clear),
            mesh_object("wine", *turned(filling), wine),
        ],
    )


def bowl() -> bpy.types.Object:
    """A wide ceramic bowl, blue outside, white inside, 16 cm across."""
    blue = mottled("blue glaze", (0.02, 0.06, 0.2), (0.04, 0.13, 0.36), 40.0, 0.15, Coat_Weight=0.4)
    white = plain("white glaze", (0.82, 0.8, 0.75), 0.15, Coat_Weight=0.3)
    outer = [
        (0, 0.004),
        (0.03, 0.004),
        (0.032, 0),
        (0.036, 0),
        (0.037, 0.008),
        *spline([(0.037, 0.008), (0.06, 0.027), (0.075, 0.05), (0.08, 0.075)]),
    ]
    inner = [
        (0.08, 0.075),
        (0.079, 0.0765),
        (0.077, 0.075),
        *spline([(0.077, 0.075), (0.072, 0.051), (0.057, 0.03), (0.034, 0.014), (0, 0.011)]),
    ]
    return group("Bowl", [mesh_object("out", *turned(outer), blue), mesh_object("in", *turned(inner), white)])


def teapot() -> bpy.types.Object:
    """A round teapot, spout to the left, handle to the right, 16 cm."""
    glaze = plain("teapot glaze", (0.78, 0.76, 0.7), 0.12, Coat_Weight=0.5)
    trim = plain("teapot trim", (0.03, 0.09, 0.28), 0.2)
    belly = spline([(0.04, 0.0), (0.062, 0.02), (0.074, 0.055), (0.068, 0.09), (0.045, 0.115), (0.036, 0.119)])
    lid = [(0.038, 0.118), (0.039, 0.121), *spline([(0.036, 0.123), (0.024, 0.132), (0.006, 0.137), (0.005, 0.141)])]
    knob = spline([(0.005, 0.141), (0.011, 0.148), (0.0105, 0.156), (0.005, 0.161), (0, 0.162)])
    pour = spline([(-0.04, 0, 0.048), (-0.084, 0, 0.056), (-0.1, 0, 0.08), (-0.112, 0, 0.108), (-0.128, 0, 0.122)])
    grip = spline(
        [(0.058, 0, 0.098), (0.085, 0, 0.108), (0.11, 0, 0.095), (0.112, 0, 0.065), (0.095, 0, 0.04), (0.066, 0, 0.03)]
    )
    return group(
        "Teapot",
        [
            mesh_object("belly", *turned([(0, 0.001), (0.038, 0), *belly]), glaze),
            mesh_object("lid", *turned(lid), glaze),
            mesh_object("knob", *turned(knob), trim),
            mesh_object("spout", *swept(pour, np.linspace(0.021, 0.0085, len(pour))), glaze),
            mesh_object("handle", *swept(grip, 0.0068), glaze),
            mesh_object("band", *turned([(0.0735, 0.06), (0.0745, 0.062), (0.0732, 0.07), (0.0722, 0.072)]), trim),
        ],
    )


def vase() -> bpy.types.Object:
    """A slender vase with a reactive glaze, 26 cm."""
    glaze = mottled("vase glaze", (0.02, 0.13, 0.16), (0.08, 0.36, 0.38), 35.0, 0.12, Coat_Weight=0.5)
    outer = spline(
        [(0.035, 0), (0.05, 0.03), (0.066, 0.09), (0.06, 0.145), (0.032, 0.195), (0.025, 0.225), (0.036, 0.26)]
    )
    inner = spline([(0.034, 0.26), (0.022, 0.225), (0.028, 0.195)])
    return group("Vase", [mesh_object("vase", *turned([(0, 0), *outer, *inner, (0, 0.19)]), glaze)])


def _patch(radius: float, start: float, end: float, low: float, high: float) -> tuple[np.ndarray, list[list[int]]]:
    """A stretch of an upright cylinder around -y between two angles and two heights."""
    angles = np.linspace(start, end, 48)
    ring = np.column_stack([radius * np.sin(angles), -radius * np.cos(angles)])
    vertices = np.vstack([np.column_stack([ring, np.full(48, low)]), np.column_stack([ring, np.full(48, high)])])
    return vertices, [[i, i + 1, i + 49, i + 48] for i in range(47)]
