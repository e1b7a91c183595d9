"""How well photographs are named, with the full models."""

import json
from pathlib import Path

from tests.fakes import grey_frame
from video_labeler import VideoLabeler
from video_labeler.evaluation.photographs import Verdict, judge, read_truth, summarised
from video_labeler.settings import LabelingSettings, ModelSettings, RegionMode


def published(models_folder: Path, labeling: LabelingSettings | None = None) -> VideoLabeler:
    names = ("mobile_object_labeler_v1.tflite", "mobile_object_localizer_v1.tflite")
    labeler, localizer = (str(models_folder / name) for name in names)
    return VideoLabeler(ModelSettings(model=labeler, localizer=localizer), labeling)


def test_half_of_the_photographs_are_named_exactly(models_folder: Path, photos_folder: Path) -> None:
    truth = read_truth(photos_folder / "labels.json")
    with published(models_folder) as labeler:
        figures = summarised(list(judge(labeler, photos_folder, truth)))
    assert figures.count == 86
    assert figures.exact >= 0.50
    assert figures.precision >= 0.50


def test_the_centre_alone_names_fewer(models_folder: Path, photos_folder: Path) -> None:
    truth = read_truth(photos_folder / "labels.json")
    with published(models_folder, LabelingSettings(regions=RegionMode.CENTER)) as labeler:
        figures = summarised(list(judge(labeler, photos_folder, truth)))
    assert 0.35 <= figures.exact < 0.56


def test_nothing_is_said_below_the_threshold(models_folder: Path, photos_folder: Path) -> None:
    with published(models_folder, LabelingSettings(threshold=0.8)) as labeler:
        for file in list(json.loads((photos_folder / "labels.json").read_text()))[:20]:
            for item in labeler.label_picture(photos_folder / file).objects:
                assert all(prediction.confidence >= 0.8 for prediction in item.predictions)
        assert labeler.label_image(grey_frame().image).objects[0].predictions == ()


def test_the_figures_are_shares() -> None:
    verdicts = [
        Verdict("a", "Mug", "Mug", 0.9),
        Verdict("b", "Mug", "cup", 0.5),
        Verdict("c", "Mug", None, 0.0),
        Verdict("d", "Cat", "Cat", 0.4),
    ]
    figures = summarised(verdicts)
    assert (figures.exact, figures.said) == (0.5, 0.75)
    assert figures.precision == 0.5 / 0.75
    assert summarised(verdicts[2:3]).precision == 0.0
