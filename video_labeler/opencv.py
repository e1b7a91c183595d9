"""The one place that imports OpenCV.

Importing cv2 points Qt at plug-ins and fonts inside OpenCV's own wheel; PyQt6 must not see them, so both
variables are restored.
"""

import os

_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
_before = {name: os.environ.get(name) for name in _QT_VARIABLES}

# How long V4L2 waits for a camera's frame, in seconds; OpenCV reads it at the first capture. Its own default is 10.
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")
# OpenCV's log lines would appear among the program's messages.
os.environ.setdefault("OPENCV_LOG_LEVEL", "FATAL")

import cv2  # noqa: E402, TID251

for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

__all__ = ["cv2"]
