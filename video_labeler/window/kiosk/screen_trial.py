"""Run as a program: reports which screen the kiosk would fill; Qt ends the process without a display.

``python -m video_labeler.window.kiosk.screen_trial SETTINGS``
"""

import sys
from pathlib import Path

from PyQt6.QtGui import QGuiApplication, QScreen

from video_labeler.diagnosis import Finding, Health
from video_labeler.kiosk.check.finding_line import write_finding
from video_labeler.kiosk.check.subjects import SCREEN
from video_labeler.settings_file import load_settings


def judge_screens(screens: list[QScreen], number: int) -> Finding:
    """The finding about screen ``number`` (1: the first; 0: the main one, which is the first of ``screens``)."""
    if not screens:
        return Finding(SCREEN, Health.BROKEN, "none is connected.", "Plug one in, and switch it on.")
    if number > len(screens):
        found = f"there is no screen {number}, so the kiosk uses the main one, {_size(screens[0])}."
        listed = "; ".join(f"{index}: {_size(screen)}" for index, screen in enumerate(screens, 1))
        return Finding(SCREEN, Health.LIMITED, found, f"There are {listed}.")
    chosen = screens[max(0, number - 1)]
    others = len(screens) - 1
    beside = "" if not others else f" (of {len(screens)}; the {'other stays' if others == 1 else 'others stay'} empty)"
    return Finding(SCREEN, Health.WORKS, f"{number or 'the main one'}, {_size(chosen)}{beside}.")


def _size(screen: QScreen) -> str:
    ratio, size = screen.devicePixelRatio(), screen.size()
    return f"{screen.name() or 'a screen'} {round(size.width() * ratio)}x{round(size.height() * ratio)}"


if __name__ == "__main__":
    app = QGuiApplication(sys.argv[:1])
    write_finding(judge_screens(app.screens(), load_settings(Path(sys.argv[1])).kiosk.screen))
