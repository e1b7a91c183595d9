"""The settings file (TOML): read strictly or tolerantly, with line numbers, and edited without touching the rest."""

from video_labeler.settings_file.loading import default_settings_path, load_settings, load_tolerantly
from video_labeler.settings_file.named_files import check_files
from video_labeler.settings_file.saving import save_changes, save_settings

__all__ = [
    "check_files",
    "default_settings_path",
    "load_settings",
    "load_tolerantly",
    "save_changes",
    "save_settings",
]
