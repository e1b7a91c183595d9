"""The clip that ships: what it promises, and how well the whole chain reads it."""

import itertools
from dataclasses import replace
from pathlib import Path

import av
import pytest

from video_labeler.assets import asset
from video_labeler.evaluation.quality import Quality, measure, read_truth
from video_labeler.interface import VideoLabeler
from video_labeler.labeling.hierarchy import LabelHierarchy
from video_labeler.settings import ModelSettings


def quality_of(models: ModelSettings) -> Quality:
    """Over the first half of the clip; ``video-labeler bench --quality`` takes it whole."""
    truth = read_truth(asset("demo_truth.json"))
    truth = replace(truth, frames=truth.frames[: len(truth.frames) // 2])
    with VideoLabeler(models) as labeler:
        frames = itertools.islice(labeler.label_video(asset("demo.mp4")), len(truth.frames))
        return measure(frames, truth, labeler.models.hierarchy)


def test_the_clip_is_what_it_promises_and_the_truth_fits_it() -> None:
    assert asset("demo.mp4").stat().st_size <= 4_000_000
    with av.open(str(asset("demo.mp4"))) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.codec_context.name) == (1280, 720, "h264")
        times = [float(frame.time) for frame in container.decode(stream)]
    truth = read_truth(asset("demo_truth.json"))
    assert len(truth.frames) == len(times)
    assert 15 <= len(times) / truth.rate <= 25
    names = {item.name for frame in truth.frames for item in frame}
    assert len(names) >= 6
    assert names <= set(LabelHierarchy.load(asset("label_hierarchy.csv")).names)
    for frame in truth.frames:
        for item in frame:
            assert 0 <= item.box.x_min < item.box.x_max <= 1280
            assert 0 <= item.box.y_min < item.box.y_max <= 720


def test_the_published_models_are_right_wherever_they_give_a_label(models_folder: Path) -> None:
    names = ("mobile_object_labeler_v1.tflite", "mobile_object_localizer_v1.tflite")
    labeler, localizer = (str(models_folder / name) for name in names)
    quality = quality_of(ModelSettings(model=labeler, localizer=localizer))
    assert quality.precision >= 0.9
    assert quality.precision_broadly >= 0.95
    assert quality.named >= 0.6
    assert quality.overlap >= 0.75
    assert quality.flicker <= 0.3
    assert quality.switches <= 3


def test_the_built_in_models_are_mostly_right() -> None:
    quality = quality_of(ModelSettings(model="builtin", localizer="builtin"))
    assert quality.named >= 0.6
    assert quality.precision_broadly >= 0.9
    assert quality.named_broadly >= 0.8
    assert quality.overlap >= 0.75
    assert quality.flicker <= 0.8


@pytest.mark.parametrize("word", ["demo"])
def test_the_clip_has_a_name_on_the_command_line(word: str) -> None:
    from video_labeler.sources.opening import source_from_text

    with source_from_text(word) as source:
        info = source.open()
        assert info.frame_count == len(read_truth(asset("demo_truth.json")).frames)
