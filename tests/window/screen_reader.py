"""Listens on AT-SPI's bus, as a screen reader does, while a program announces something.

Run in a D-Bus session of its own, on a screen: python -m tests.window.screen_reader FILE
"""

import subprocess
import sys
import time
from pathlib import Path

from PyQt6.QtDBus import QDBusConnection, QDBusMessage
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

from tests.processes import running
from video_labeler.window.messages.announcer import Announcer

_LIMIT_S = 60.0
_EVENTS = "interface='org.a11y.atspi.Event.Object'"
_REGISTRIES = ("/usr/libexec/at-spi2-registryd", "/usr/lib/at-spi2-core/at-spi2-registryd")


def _address() -> str:
    asked = ["gdbus", "call", "--session", "--dest", "org.a11y.Bus", "--object-path", "/org/a11y/bus"]
    said = subprocess.run([*asked, "--method", "org.a11y.Bus.GetAddress"], capture_output=True, text=True, check=True)
    return said.stdout.strip().removeprefix("('").removesuffix("',)")


def main(heard: Path) -> None:
    """Write what is heard of an announcement to ``heard``."""
    address = _address()
    registry = next(path for path in _REGISTRIES if Path(path).exists())
    with (
        heard.open("w") as file,
        running([registry]),
        running(["dbus-monitor", "--address", address, _EVENTS], stdout=file.fileno()),
    ):
        bus = QDBusConnection.connectToBus(address, "screen reader")
        end_s = time.monotonic() + _LIMIT_S
        while not _is_registered(bus) and time.monotonic() < end_s:
            time.sleep(0.1)
        app = QApplication([])
        window = QWidget()
        window.show()
        voice = Announcer()
        while "Saved picture" not in heard.read_text() and time.monotonic() < end_s:
            voice.say("Saved picture 1.jpg.")
            QTest.qWait(200)
        voice.close()
        assert app is not None


def _is_registered(bus: QDBusConnection) -> bool:
    name, place = "org.a11y.atspi.Registry", "/org/a11y/atspi/registry"
    call = QDBusMessage.createMethodCall(name, place, name, "RegisterEvent")
    call.setArguments(["object:announcement"])
    return bus.call(call).type() is QDBusMessage.MessageType.ReplyMessage


if __name__ == "__main__":
    main(Path(sys.argv[1]))
