from pathlib import Path

import numpy as np
import pytest

from video_labeler.errors import ModelFormatError
from video_labeler.models.litert import LiteRtEngine
from video_labeler.models.loading import load_localizer
from video_labeler.models.localizer import ModelLocalizer, decode_detections, decode_maps, decoder_for
from video_labeler.models.store import ModelStore
from video_labeler.opencv import cv2
from video_labeler.settings import ModelSettings

DETECTIONS = [(1, 4, 4), (1, 4), (1, 4), (1,)]


class FixedEngine:
    """Answers the same outputs for any picture."""

    input_size = (8, 8)

    def __init__(self, *outputs: np.ndarray) -> None:
        self.outputs = tuple(np.asarray(output, np.float32)[np.newaxis] for output in outputs)

    def run(self, pictures: np.ndarray) -> tuple[np.ndarray, ...]:
        return self.outputs

    def close(self) -> None:
        pass


PICTURE = np.zeros((8, 8, 3), np.uint8)
BOXES = [[0.1, 0.2, 0.3, 0.4], [-0.02, 0.0, 1.01, 1.0], [0.5, 0.5, 0.4, 0.6], [0.0, 0.0, 0.1, 0.1]]


@pytest.mark.parametrize("swapped", [False, True])
def test_detections_are_decoded_in_either_order(swapped: bool) -> None:
    classes, scores = [3, 1, 1, 0], [0.4, 0.7, 0.9, 0.95]
    lists = [scores, classes] if swapped else [classes, scores]
    engine = FixedEngine(np.array(BOXES), *map(np.array, lists), np.array(3.0))
    regions = ModelLocalizer("m", engine, decoder_for(DETECTIONS, "m"), score_threshold=0.2).regions(PICTURE)
    # The third box is inside out, the fourth beyond the count.
    assert [region.score for region in regions] == pytest.approx([0.7, 0.4])
    best = regions[0].box
    assert (best.x_min, best.y_min, best.x_max, best.y_max) == pytest.approx((0.0, -0.02, 1.0, 1.01))
    assert regions[1].box.x_min == pytest.approx(0.2)


def test_detections_that_are_no_numbers_are_left_out() -> None:
    boxes = np.array([[0, 0, np.nan, 1], [0, 0, 1, np.inf], [0, 0, 1, 1]])
    engine = FixedEngine(boxes, np.zeros(3), np.array([0.9, 0.8, np.nan]), np.array(3.0))
    assert ModelLocalizer("m", engine, decode_detections, score_threshold=0.2).regions(PICTURE) == []


def test_maps_are_decoded_from_the_cells_centres() -> None:
    objectness, distances = np.zeros((20, 20, 1)), np.full((20, 20, 4), 0.01)
    objectness[4, 9], distances[4, 9] = 0.8, [0.1, 0.05, 0.2, 0.9]
    for outputs in ((objectness, distances), (distances, objectness)):
        regions = ModelLocalizer("m", FixedEngine(*outputs), decode_maps, score_threshold=0.2).regions(PICTURE)
        assert len(regions) == 1
        box = regions[0].box
        assert (box.x_min, box.y_min, box.x_max, box.y_max) == pytest.approx((0.375, 0.175, 0.675, 1.0))


@pytest.mark.parametrize("shapes", [[(1, 631)], [(1, 10, 4)], [(1, 10, 4), (1, 5), (1, 5)], [(1, 20, 20, 4)] * 2, []])
def test_other_models_are_no_localizers(shapes: list[tuple[int, ...]]) -> None:
    with pytest.raises(ModelFormatError, match="not a localizer"):
        decoder_for(shapes, "m")


def test_the_builtin_localizer_finds_a_thing(store: ModelStore) -> None:
    localizer = load_localizer(ModelSettings(localizer="builtin"), store)
    assert localizer is not None
    width, height = localizer.input_size
    picture = np.full((height, width, 3), (190, 200, 210), np.uint8)
    cv2.circle(picture, (width // 2, height // 2), width // 5, (200, 40, 30), -1, cv2.LINE_AA)
    regions = localizer.regions(picture)
    scores = [region.score for region in regions]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > localizer.score_threshold
    assert all(0 <= r.box.x_min < r.box.x_max <= 1 and 0 <= r.box.y_min < r.box.y_max <= 1 for r in regions)
    assert (regions[0].box.x_min + regions[0].box.x_max) / 2 == pytest.approx(0.5, abs=0.1)
    assert localizer.name == "builtin"


@pytest.mark.parametrize("name", ["mobile_object_localizer_v1", "builtin"])
def test_the_bottles_are_found(name: str, models_folder: Path, videos_folder: Path) -> None:
    localizer = load_localizer(ModelSettings(localizer=name))
    assert localizer is not None
    capture = cv2.VideoCapture(str(videos_folder / "bottle-detection.mp4"))
    image = capture.read()[1]
    capture.release()
    regions = localizer.regions(cv2.cvtColor(cv2.resize(image, localizer.input_size), cv2.COLOR_BGR2RGB))
    shown = [region.box for region in regions if region.score >= localizer.score_threshold]
    for centre in (0.145, 0.5, 0.845):
        assert any(box.x_min < centre < box.x_max and box.width < 0.3 for box in shown)


def test_a_picture_of_another_size_is_refused(builtin_localizer: Path) -> None:
    engine = LiteRtEngine(builtin_localizer.read_bytes(), "localizer")
    localizer = ModelLocalizer("localizer", engine, decode_maps, score_threshold=0.2)
    for picture in (PICTURE, np.zeros((160, 160, 3), np.float32)):
        with pytest.raises(ValueError, match="uint8"):
            localizer.regions(picture)
