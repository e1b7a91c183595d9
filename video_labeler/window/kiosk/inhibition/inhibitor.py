"""The interface of whatever keeps a computer awake."""

from abc import ABC, abstractmethod


class InhibitorError(Exception):
    """This inhibitor is not available here, or does not answer; the message says why."""


class Inhibitor(ABC):
    """One system service or call that holds off the screen saver, sleep, or both.

    ``name`` is for people. A fallback is only taken where nothing else keeps the screen on. One thread makes, holds
    and releases it, and lives as long as it is held.
    """

    def __init__(self, name: str, *, screen: bool, sleep: bool, is_fallback: bool = False) -> None:
        self.name = name
        self.keeps_screen = screen
        self.keeps_from_sleep = sleep
        self.is_fallback = is_fallback

    @abstractmethod
    def hold(self, reason: str) -> None:
        """Begin, or begin again where it has been lost meanwhile; ``reason`` is what desktops tell their users.

        Raises:
            InhibitorError: it does not work here now.
        """

    @abstractmethod
    def release(self) -> None:
        """End; nothing where it does not hold. Never raises."""
