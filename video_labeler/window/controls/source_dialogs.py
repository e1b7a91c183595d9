"""Asks for a source: a file, a folder."""

from PyQt6.QtWidgets import QFileDialog, QWidget

from video_labeler.window import texts
from video_labeler.window.main.dropping import file_patterns


def ask_for_file(parent: QWidget) -> str:
    """A video or a picture; empty where the user thought better of it."""
    kinds = ";;".join((texts.FILES_OF_VIDEOS_AND_PICTURES.format(patterns=file_patterns()), texts.FILES_OF_ANY_KIND))
    return QFileDialog.getOpenFileName(parent, texts.CHOOSE_FILE, filter=kinds)[0]


def ask_for_folder(parent: QWidget) -> str:
    """A folder of pictures; empty where the user thought better of it."""
    return QFileDialog.getExistingDirectory(parent, texts.CHOOSE_FOLDER)
