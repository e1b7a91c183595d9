"""Has screen readers say what appears over the picture, which never gets the focus.

PyQt has no binding for Qt's announcements; Qt Quick has, in QML. It is loaded only where a screen reader listens.
"""

import logging
import os
import platform
import plistlib
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6 import sip
from PyQt6.QtCore import Q_ARG, QMetaObject, QObject, QUrl, QVariant

if TYPE_CHECKING:
    from PyQt6.QtQml import QQmlEngine

_log = logging.getLogger(__name__)

_QML = b"""
import QtQuick
Item {
    property string last
    Accessible.role: Accessible.AlertMessage
    function say(text, urgent) {
        last = text
        Accessible.announce(text, urgent ? Accessible.Assertive : Accessible.Polite)
    }
}
"""

_BUS, _STATUS = "org.a11y.Bus", "org.a11y.Status"
_ASK_MS = 200
_WINDOWS_GET_SCREEN_READER = 0x0046
_MAC_SETTINGS = Path("Library/Preferences/com.apple.universalaccess.plist")


class Announcer(QObject):
    """Says sentences; without a screen reader, or without Qt Quick, it does nothing."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine: QQmlEngine | None = None
        self._item: QObject | None = None
        self._is_possible = True

    @property
    def last(self) -> str:
        """What was said last; empty if nothing was."""
        return "" if self._item is None else str(self._item.property("last"))

    def say(self, text: str, urgent: bool = False) -> None:
        """Say a sentence after what is being said, or at once if it is ``urgent``."""
        if not text or not self._is_possible or (self._item is None and not is_listened_to()):
            return
        if self._item is None:
            self._load()
        if self._item is not None:
            QMetaObject.invokeMethod(self._item, "say", Q_ARG(QVariant, text), Q_ARG(QVariant, urgent))

    def close(self) -> None:
        """Say nothing more; to be called before the application ends, which the engine must not outlive."""
        self._is_possible = False
        for each in (self._item, self._engine):
            if each is not None:
                sip.delete(each)
        self._item = self._engine = None

    def _load(self) -> None:
        try:
            from PyQt6.QtQml import QQmlComponent, QQmlEngine
            from PyQt6.QtQuick import QQuickItem  # noqa: F401 - makes the type of the item known
        except ImportError as error:
            self._is_possible = False
            _log.info("Messages are not announced to screen readers: %s", error)
            return
        self._engine = QQmlEngine()
        component = QQmlComponent(self._engine)
        component.setData(_QML, QUrl())
        self._item = component.create()
        if self._item is None:
            self._is_possible = False
            _log.info("Messages are not announced: %s", "; ".join(each.toString() for each in component.errors()))


def is_listened_to() -> bool:
    """Whether the system says that a screen reader, or another program that reads windows, is running."""
    try:
        match platform.system():
            case "Linux":
                return _is_listened_to_on_linux()
            case "Windows":
                return _is_listened_to_on_windows()
            case "Darwin":
                with (Path.home() / _MAC_SETTINGS).open("rb") as file:
                    return bool(plistlib.load(file).get("voiceOverOnOffKey"))
    except (OSError, ImportError, AttributeError, ValueError, plistlib.InvalidFileException):
        _log.debug("Whether a screen reader runs is not known", exc_info=True)
    return False


def _is_listened_to_on_linux() -> bool:
    if os.environ.get("QT_LINUX_ACCESSIBILITY_ALWAYS_ON"):
        return True
    from PyQt6.QtDBus import QDBusConnection, QDBusMessage

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    call = QDBusMessage.createMethodCall(_BUS, "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Get")
    call.setArguments([_STATUS, "ScreenReaderEnabled"])
    call.setAutoStartService(False)
    reply = bus.call(call, timeout=_ASK_MS)
    values = reply.arguments()
    if reply.type() is not QDBusMessage.MessageType.ReplyMessage or not values:
        return False
    return bool(values[0].variant() if hasattr(values[0], "variant") else values[0])


def _is_listened_to_on_windows() -> bool:
    import ctypes

    runs = ctypes.c_int(0)
    user = ctypes.windll.user32  # type: ignore[attr-defined,unused-ignore]
    return bool(user.SystemParametersInfoW(_WINDOWS_GET_SCREEN_READER, 0, ctypes.byref(runs), 0)) and runs.value != 0
