"""Run as a program: says whether the logo can be shown; it needs no screen for that.

``python -m video_labeler.window.kiosk.logo_trial SETTINGS``
"""

import os
import sys
from pathlib import Path

from PyQt6.QtGui import QGuiApplication, QImageReader

from video_labeler.diagnosis import Finding, Health
from video_labeler.kiosk.check.finding_line import write_finding
from video_labeler.kiosk.check.subjects import LOGO
from video_labeler.settings_file import load_settings


def judge_logo(path: str | None) -> Finding:
    """Whether Qt can read the logo."""
    if path is None:
        return Finding(LOGO, Health.WORKS, "none is set.")
    if not Path(path).is_file():
        what = "is not a file" if Path(path).exists() else "is not there"
        return Finding(LOGO, Health.LIMITED, f"{path} {what}.", "Name the picture's file as logo in the settings.")
    reader = QImageReader(path)
    image = reader.read()
    if image.isNull():
        return Finding(LOGO, Health.LIMITED, f"{path} cannot be shown ({reader.errorString()}).", "Take a PNG or SVG.")
    return Finding(LOGO, Health.WORKS, f"{path}, {image.width()}x{image.height()}.")


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QGuiApplication(sys.argv[:1])
    write_finding(judge_logo(load_settings(Path(sys.argv[1])).kiosk.logo))
