"""Every object that can be built, by the name of its label."""

from collections.abc import Callable

import bpy

from demo_clip import balls, devices, food, fruit, furniture, pastimes, vessels

BUILDERS: dict[str, Callable[[], bpy.types.Object]] = {
    "Apple": fruit.apple,
    "Banana": fruit.banana,
    "Basketball": balls.basketball,
    "Book": pastimes.book,
    "Bowl": vessels.bowl,
    "Chair": furniture.chair,
    "Dice": pastimes.dice,
    "Doughnut": food.doughnut,
    "Football": balls.football,
    "Lamp": furniture.table_lamp,
    "Laptop": devices.laptop,
    "Lemon": fruit.lemon,
    "Loudspeaker": devices.loudspeaker,
    "Mug": vessels.mug,
    "Orange": fruit.orange,
    "Pear": fruit.pear,
    "Pillow": furniture.pillow,
    "Pumpkin": food.pumpkin,
    "Teapot": vessels.teapot,
    "Tennis ball": balls.tennis_ball,
    "Vase": vessels.vase,
    "Wall clock": devices.wall_clock,
    "Wine bottle": vessels.wine_bottle,
    "Wine glass": vessels.wine_glass,
}
"""What builds each object: it stands on the ground around the origin and looks towards -y."""
