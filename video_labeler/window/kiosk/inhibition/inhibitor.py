"""The interface of whatever keeps a computer awake."""

from abc import ABC, abstractmethod


class InhibitorError(Exception):
    """This inhibitor is not available here, or does not answer; the message says why."""


class Inhibitor(ABC):
    """One system service or call that holds off the screen saver, sleep, or both.

    ``name`` is for people. A fallback is only used if nothing else keeps the screen on. One thread creates, holds
    and releases it, and lives as long as it is held.
    """

    def __init__(self, name: str, *, screen: bool, sleep: bool, is_fallback: bool = False) -> None:
        self.name = name
        self.keeps_screen = screen
        self.keeps_from_sleep = sleep
        self.is_fallback = is_fallback

    @abstractmethod
    def hold(self, reason: str) -> None:
        """Start, or restart if it has been lost; ``reason`` is what desktops show to their users.

        Raises:
            InhibitorError: it does not work here now.
        """

    @abstractmethod
    def release(self) -> None:
        """Stop, if it is active. Never raises."""
