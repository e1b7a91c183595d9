"""Whether a picture shows anything new, told from a few grey cells."""

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt

from video_labeler.frames import Box, Frame
from video_labeler.labeling.glance import Glance
from video_labeler.opencv import cv2
from video_labeler.pixels import Image

WIDTH, HEIGHT = 640, 360


def scene(seed: int) -> Image:
    """A picture of soft patches of any brightness, of about the contrast of a photograph."""
    coarse = np.random.default_rng(seed).integers(0, 256, (9, 16, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def glance(image: npt.NDArray[Any]) -> Glance:
    return Glance.of(Frame(0, 0.0, np.clip(image, 0, 255).astype(np.uint8)))


def test_noise_is_no_news_but_the_smallest_object_is() -> None:
    image = scene(1)
    noise = np.random.default_rng(2).normal(0, 1.5, image.shape)
    assert glance(image + noise).is_still(glance(image))
    assert not glance(image + noise).equals(glance(image))
    entered = image.copy()
    entered[180:195, 600:613] = entered[180:195, 600:613] // 2 + 127 * (entered[180:195, 600:613] < 128)
    assert not glance(entered).is_still(glance(image))


def test_what_changes_little_by_little_is_news_in_the_end() -> None:
    image = scene(1) // 2 + 60
    dimmed = [glance(image * (1 - 0.004 * step)) for step in range(15)]
    panned = [glance(image[:, step : step + 600]) for step in range(15)]
    for glances in (dimmed, panned):
        assert all(later.is_still(before) for before, later in itertools.pairwise(glances))
        assert not glances[-1].is_still(glances[0])


def test_a_cut_is_told_from_light_and_from_a_camera_that_pans() -> None:
    first = scene(1)
    assert all(glance(scene(seed)).shows_other_scene(glance(first)) for seed in range(2, 12))
    assert glance(first).shows_other_scene(glance(np.zeros_like(first)))
    between_bars = [np.pad(scene(seed)[:, :360], ((0, 0), (140, 140), (0, 0))) for seed in (1, 2)]
    assert glance(between_bars[1]).shows_other_scene(glance(between_bars[0]))
    assert glance(first[:180]).shows_other_scene(glance(first)), "boxes mean something else in another size"
    for other in (first * 0.5, first * 0.7 + 60, np.roll(first, 10, axis=1), first):
        assert not glance(other).shows_other_scene(glance(first))


def test_a_patch_moves_with_its_box() -> None:
    image = np.full((HEIGHT, WIDTH, 3), 90, dtype=np.uint8)
    image[80:200, 80:200] = scene(3)[80:200, 80:200]
    here = glance(image).patch(Box(80, 80, 200, 200))
    moved = glance(np.roll(image, 80, axis=1)).patch(Box(160, 80, 280, 200))
    assert np.abs(moved - here).mean() < 4
    assert np.abs(glance(image).patch(Box(400, 80, 520, 200)) - here).mean() > 20
    for outside in (Box(-90, -50, -10, -10), Box(700, 400, 800, 500), Box(5, 5, 5, 5)):
        assert glance(image).patch(outside).shape == (8, 8)
