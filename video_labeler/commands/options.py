"""Options that several commands share, and the settings made from them."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from video_labeler.errors import SourceFormatError
from video_labeler.settings import (
    CameraSettings,
    Effort,
    LabelingSettings,
    LabelListSettings,
    ModelSettings,
    RegionMode,
    ScoreKind,
    Settings,
)
from video_labeler.text.file_address import local_path

F = TypeVar("F", bound=Callable[..., Any])


class LocalPath(click.Path):
    """A path on this computer, also written as a ``file://`` address."""

    def __init__(self, *, exists: bool = False, file_okay: bool = True, dir_okay: bool = True) -> None:
        super().__init__(exists=exists, file_okay=file_okay, dir_okay=dir_okay, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; a usage error where it is on another computer."""
        try:
            path = str(local_path(value))
        except SourceFormatError as error:
            self.fail(str(error), param, ctx)
        return super().convert(path, param, ctx)


_MODELS, _LABELING = ModelSettings(), LabelingSettings()

_OPTIONS = (
    click.option("--model", default=_MODELS.model, show_default=True, metavar="MODEL",
                 help="The labeler: a name (see `video-labeler models`), a TFLite file, a SavedModel folder or "
                      ".tar.gz, or a TensorFlow Hub address. `auto` is the full one if it is installed, "
                      "else the basic one. An address is https, or ends in #sha256= and its archive's checksum."),
    click.option("--trust-model", is_flag=True,
                 help="Run a SavedModel without asking. It is a program: do so only if you trust whoever made it."),
    click.option("--localizer", default=_MODELS.localizer, show_default=True, metavar="MODEL",
                 help="What finds the objects: a name, a TFLite file, or `none` for the centre of the picture."),
    click.option("--labels-file", default=None, metavar="FILE",
                 help="The label names of a model that does not carry them: one per line, or CSV (id,name)."),
    click.option("--scores", type=click.Choice([kind.value for kind in ScoreKind]), default=_MODELS.scores.value,
                 show_default=True, help="How to read the model's outputs, where that cannot be detected."),
    click.option("--threads", type=int, default=_MODELS.threads, show_default=True, help="Threads for the models."),
    click.option("--regions", type=click.Choice([mode.value for mode in RegionMode]),
                 default=_LABELING.regions.value, show_default=True,
                 help="Label the objects that the localizer finds, or the centre of the picture."),
    click.option("--threshold", type=float, default=_LABELING.threshold, show_default=True,
                 help="Show no label that is less certain than this (0 to 1)."),
    click.option("--top-k", type=int, default=_LABELING.top_k, show_default=True,
                 help="The most labels for each object."),
    click.option("--max-objects", type=int, default=_LABELING.max_objects, show_default=True,
                 help="The most objects in each picture."),
    click.option("--effort", type=click.Choice([effort.value for effort in Effort]),
                 default=_LABELING.effort.value, show_default=True,
                 help="How often the models are run on a video: in every frame (`full`), or where there may be "
                      "something new. Pictures are always labelled with full effort."),
    click.option("--only", multiple=True, metavar="NAME",
                 help="Show only this label and narrower ones. May be given several times."),
    click.option("--hide", multiple=True, metavar="NAME",
                 help="Never show this label or narrower ones, nor mark such objects. May be given several times."),
)  # fmt: skip


def labeling_options(function: F) -> F:
    """Add the options about models and labelling to a command."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


label_names_option = click.option(
    "--labels", "label_names", default=None, metavar="FILE", help="The same as --labels-file."
)
"""For the commands whose results are not label files."""

settings_option = click.option(
    "--settings",
    "settings_path",
    type=LocalPath(dir_okay=False),
    default=None,
    metavar="FILE",
    help="Use this settings file; the window also saves changes there. Without it: the user's own.",
)
"""For the commands that read the settings file."""

_CAMERA = CameraSettings()

_CAMERA_OPTIONS = (
    click.option("--width", type=int, default=_CAMERA.width, show_default=True, help="Asked of a camera, in pixels."),
    click.option("--height", type=int, default=_CAMERA.height, show_default=True, help="Asked of a camera, in pixels."),
    click.option("--rate", type=float, default=_CAMERA.rate, show_default=True, help="Asked of a camera, in fps."),
)


def camera_options(function: F) -> F:
    """Add the options about cameras to a command."""
    for option in reversed(_CAMERA_OPTIONS):
        function = option(function)
    return function


def settle_model_trust(model: str, *, trusted: bool, downloads: bool = True) -> None:
    """Ask in the terminal whether a SavedModel that is not trusted yet may run; ``trusted``: answer yes beforehand.

    Without a terminal nothing is asked, and loading the model says what to do.

    Raises:
        ModelError: it is a SavedModel that cannot be used.
    """
    if model == _MODELS.model or not (trusted or (sys.stdin is not None and sys.stdin.isatty())):
        return
    from video_labeler.models.store import ModelStore
    from video_labeler.models.trust import settle_trust

    settle_trust(
        model,
        ModelStore(downloads=downloads),
        lambda: trusted or click.confirm(f"{model} is a program. Run it?", err=True),
    )


def settings_of(options: dict[str, Any], *, downloads: bool = True) -> Settings:
    """The settings that the options of this module stand for; what a command has none for is as by default.

    Raises:
        SettingsError: a value is outside its range, or the name of a label is empty.
        ModelError: the model that was named is a SavedModel that cannot be used.
    """
    settle_model_trust(options["model"], trusted=options["trust_model"], downloads=downloads)
    camera = {name: options[name] for name in ("width", "height", "rate") if name in options}
    return Settings(
        ModelSettings(
            model=options["model"],
            localizer=options["localizer"],
            labels_file=options["labels_file"] or options.get("label_names"),
            scores=ScoreKind(options["scores"]),
            threads=options["threads"],
        ),
        LabelingSettings(
            regions=RegionMode(options["regions"]),
            threshold=options["threshold"],
            top_k=options["top_k"],
            max_objects=options["max_objects"],
            effort=Effort(options["effort"]),
        ),
        CameraSettings(**camera),
        labels=LabelListSettings(only=options["only"], hide=options["hide"]),
    )
