"""Calls over D-Bus with a time-out, whatever the other side does."""

import itertools
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import QMetaType, QVariant
from PyQt6.QtDBus import QDBus, QDBusConnection, QDBusMessage

from video_labeler.window.kiosk.inhibition.inhibitor import InhibitorError

_ANSWER_MS = 2000
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Target:
    """An interface of an object that a service has on the bus."""

    service: str
    path: str
    interface: str


_DAEMON = Target("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")


class MessageBus:
    """A private connection, opened when it is first needed, and reopened when it has been lost.

    ``connect`` opens a connection of the given name. Services release what they hold for a connection when it ends,
    even if the process is killed.
    """

    def __init__(self, connect: Callable[[str], QDBusConnection]) -> None:
        self._connect = connect
        self._name = f"video-labeler-awake-{next(_numbers)}"
        self._connection: QDBusConnection | None = None
        self._generation = 0

    def call(self, target: Target, method: str, *arguments: object) -> list[Any]:
        """Call a method, and return its results.

        Raises:
            InhibitorError: it failed, or did not answer within two seconds.
        """
        message = QDBusMessage.createMethodCall(target.service, target.path, target.interface, method)
        message.setArguments(list(arguments))
        reply = self._connected().call(message, QDBus.CallMode.Block, _ANSWER_MS)
        if reply.type() != QDBusMessage.MessageType.ReplyMessage:
            raise InhibitorError(reply.errorMessage() or reply.errorName() or "no answer")
        return list(reply.arguments())

    def owner(self, service: str) -> str | None:
        """Identifies the process that provides the service; ``None`` if none does."""
        try:
            name = self.call(_DAEMON, "GetNameOwner", service)[0]
        except InhibitorError:
            return None
        return f"{self._generation} {name}"

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection = None
            QDBusConnection.disconnectFromBus(self._name)

    def _connected(self) -> QDBusConnection:
        if self._connection is not None and self._connection.isConnected():
            return self._connection
        self.close()
        connection = self._connect(self._name)
        if not connection.isConnected():
            reason = connection.lastError().message()
            QDBusConnection.disconnectFromBus(self._name)
            raise InhibitorError(reason or "there is no bus")
        self._generation += 1
        self._connection = connection
        return connection


def session_bus() -> MessageBus:
    """The session bus."""
    return MessageBus(lambda name: QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, name))


def system_bus() -> MessageBus:
    """The system bus."""
    return MessageBus(lambda name: QDBusConnection.connectToBus(QDBusConnection.BusType.SystemBus, name))


def unsigned(number: int) -> QVariant:
    """A number as an unsigned 32-bit integer."""
    variant = QVariant(number)
    variant.convert(QMetaType(typing.cast("int", QMetaType.Type.UInt.value)))
    return variant
