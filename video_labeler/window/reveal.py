"""Shows a file in the system's own file manager."""

import platform
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QCoreApplication, QTimer, QUrl
from PyQt6.QtGui import QDesktopServices

_LOOK_MS = 100
_PATIENCE_S = 30.0
"""What opens folders fails within this, or has opened one."""


def reveal(path: Path, failed: Callable[[], None]) -> None:
    """Open the folder of ``path`` with it selected where the system can; ``failed`` once nothing could be opened."""
    system = platform.system()
    if system == "Linux":
        if path.is_dir() or not _select_over_dbus(path):
            _open_on_linux(path if path.is_dir() else path.parent, failed)
        return
    if path.is_dir():
        is_open = QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
    elif system == "Darwin":
        is_open = _started(["open", "-R", str(path)]) is not None
    elif system == "Windows":
        is_open = _started(["explorer", f"/select,{path}"]) is not None
    else:
        is_open = QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
    if not is_open:
        failed()


def _started(command: list[str]) -> "subprocess.Popen[bytes] | None":
    try:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except OSError:
        return None


def _open_on_linux(folder: Path, failed: Callable[[], None]) -> None:
    """Let xdg-open look for a file manager: it says only at its end that there is none, which Qt does not wait for."""
    process = _started(["xdg-open", str(folder)])
    if process is None:
        failed()
        return
    timer = QTimer(QCoreApplication.instance())
    timer.setInterval(_LOOK_MS)
    until_s = time.monotonic() + _PATIENCE_S

    def look() -> None:
        code = process.poll()
        if code is None and time.monotonic() < until_s:
            return
        timer.stop()
        timer.deleteLater()
        if code:
            failed()

    timer.timeout.connect(look)
    timer.start()


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
