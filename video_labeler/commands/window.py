"""`video-labeler window`: the live picture; also what `video-labeler` does with no command at all."""

import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from video_labeler.commands.options import camera_options, labeling_options, settings_of, settings_option
from video_labeler.commands.telling import tell
from video_labeler.errors import SettingsError, SourceError, VideoLabelerError
from video_labeler.files.opening import make_private
from video_labeler.settings import (
    CameraSettings,
    LabelingSettings,
    LabelListSettings,
    ModelSettings,
    Settings,
)
from video_labeler.settings_file import default_settings_path, load_tolerantly

_log = logging.getLogger(__name__)

T = TypeVar("T", ModelSettings, LabelingSettings, CameraSettings, LabelListSettings)

_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@click.command("window", short_help="Open the window (the same as no command at all).")
@click.argument("source", required=False)
@settings_option
@camera_options
@labeling_options
@click.pass_context
def command(context: click.Context, /, source: str | None, settings_path: Path | None, **options: Any) -> int:
    """Open a window with the live picture of SOURCE and what it shows.

    SOURCE is a camera's number or name, a video file, a folder of videos or pictures, a list of them (.m3u), an
    address (rtsp://, http://, udp://), or `demo`. Without it, the first camera is shown. What is not given as an option
    is taken from the settings.
    """
    given = [name for name in options if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    settings, notices = saved_settings(settings_path)
    settings = with_options(settings, given, options)
    require_display(os.environ)
    for notice in notices:
        tell(f"Note: {notice}")

    from video_labeler.system.log_file import start_log_file
    from video_labeler.window.application import run

    start_log_file()
    for notice in notices:
        _log.warning("%s", notice)
    return run(settings, source, settings_path or default_settings_path(), notices)


def names_source(text: str) -> bool:
    """Whether a word on the command line names a source, or at least looks like a file."""
    from video_labeler.sources.naming import SourceKind, named_source
    from video_labeler.sources.opening import source_from_name

    try:
        named = named_source(text)
        if named.kind is not SourceKind.CAMERA or text.isdecimal():
            return True
        source_from_name(named)
    except SourceError:
        return False
    return True


def saved_settings(path: Path | None, *, may_be_missing: bool = False) -> tuple[Settings, tuple[str, ...]]:
    """The settings in ``path``, by default the user's own file, and a sentence for everything wrong in it.

    Raises:
        SettingsError: the file that was named cannot be read, and not ``may_be_missing``.
    """
    own = default_settings_path()
    if path is None and not os.path.lexists(own):
        return Settings(), ()
    for file in (own, *own.parent.glob(f"{own.name}.bak-*")):
        make_private(file)
    try:
        return load_tolerantly(path or own)
    except SettingsError as error:
        # A kiosk that restarts must come up, even if the settings were on a memory stick that is gone.
        if path is not None and not may_be_missing:
            raise
        return Settings(), (f"{error} The defaults are used.",)


def with_options(settings: Settings, given: list[str], options: Mapping[str, Any]) -> Settings:
    """``settings`` with what was ``given`` of the options about models, labels and cameras.

    Raises:
        SettingsError: a value is outside its range.
    """
    asked = settings_of(dict(options), downloads=settings.models.downloads)
    return replace(
        settings,
        models=_overridden(settings.models, asked.models, given),
        labeling=_overridden(settings.labeling, asked.labeling, given),
        camera=_overridden(settings.camera, asked.camera, given),
        labels=_overridden(settings.labels, asked.labels, given),
    )


def _overridden(saved: T, asked: T, given: list[str]) -> T:
    """``saved`` with what was ``given`` on the command line."""
    changes = {item.name: getattr(asked, item.name) for item in fields(saved) if item.name in given}
    return replace(saved, **changes)


def require_display(environment: Mapping[str, str]) -> None:
    """Check that a window can be opened.

    Raises:
        VideoLabelerError: there is no display.
    """
    if sys.platform.startswith("linux") and not any(environment.get(name) for name in _DISPLAYS):
        raise VideoLabelerError(
            "There is no display to open a window on. `video-labeler annotate SOURCE` works without one."
        )
