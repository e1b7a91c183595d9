"""Shows a file in the system's own file manager."""

import platform
import subprocess
from pathlib import Path

from PyQt6.QtCore import QUrl
from PyQt6.QtGui import QDesktopServices


def reveal(path: Path) -> bool:
    """Open the folder of ``path`` with it selected where the system can; false where nothing could be opened."""
    if path.is_dir():
        return _open_folder(path)
    system = platform.system()
    if system == "Darwin":
        return _started(["open", "-R", str(path)])
    if system == "Windows":
        return _started(["explorer", f"/select,{path}"])
    return _select_over_dbus(path) or _open_folder(path.parent)


def _open_folder(folder: Path) -> bool:
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _started(command: list[str]) -> bool:
    try:
        subprocess.Popen(command)
    except OSError:
        return False
    return True


def _select_over_dbus(path: Path) -> bool:
    """Ask whichever file manager implements org.freedesktop.FileManager1."""
    try:
        from PyQt6.QtDBus import QDBusConnection, QDBusMessage
    except ImportError:
        return False
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    name, place = "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1"
    call = QDBusMessage.createMethodCall(name, place, name, "ShowItems")
    call.setArguments([[path.resolve().as_uri()], ""])
    reply = bus.call(call, timeout=1000)
    return reply.type() is QDBusMessage.MessageType.ReplyMessage
