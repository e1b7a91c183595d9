"""Messages from the kiosk to its supervisor: one JSON object per line on a pipe; the end of another pipe is the answer.

The kiosk's side is :class:`Pulse`, the supervisor's :func:`parse`. A supervisor that has died shows as the end of the
kiosk's standard input.
"""

import json
import logging
import math
import os
import stat
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from video_labeler.files.reading import parsed_json
from video_labeler.kiosk.tally import Tally

if TYPE_CHECKING:
    # Scenes import the central types, and those NumPy and OpenCV, which the supervisor does without.
    from video_labeler.kiosk.scene import Scene

_log = logging.getLogger(__name__)

_LAST_WORD_WITHIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Ready:
    """The first picture is on the screen."""


@dataclass(frozen=True, slots=True)
class Beat:
    """The interface is alive: the scene it shows, its memory (MB), and what it has done since the last beat."""

    scene: str
    memory_mb: float
    tally: Tally


@dataclass(frozen=True, slots=True)
class Leave:
    """The staff has ended the kiosk: it is not to be restarted."""


Message = Ready | Beat | Leave


def parse(line: bytes | str) -> Message | None:
    """Parse a line; ``None`` if it is not a message."""
    try:
        content = parsed_json(line)
        match content.get("kind"):
            case "ready":
                return Ready()
            case "leave":
                return Leave()
            case "beat":
                return _beat_of(content)
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
        return None
    return None


def _beat_of(content: dict[str, Any]) -> Beat:
    memory_mb = float(content["memory_mb"])
    if not math.isfinite(memory_mb):
        raise ValueError("memory_mb must be finite")
    return Beat(str(content["scene"]), memory_mb, Tally.from_json(content["tally"]))


class Pulse:
    """The kiosk's heartbeat. All methods return at once, and none fails if nobody listens.

    One thread writes to ``out`` and another waits for the end of ``incoming``; either may be missing. If
    the supervisor reads slowly, beats add up, and nothing is lost.
    """

    def __init__(self, out: IO[bytes] | None = None, incoming: IO[bytes] | None = None) -> None:
        self._out = out
        self._incoming = incoming
        self._wanted = threading.Condition()
        self._lines: list[str] = []
        self._scene: str | None = None
        self._tally = Tally()
        self._busy = False
        if out is not None:
            threading.Thread(target=self._write_all, args=(out,), name="heartbeat", daemon=True).start()

    @classmethod
    def of_process(cls) -> "Pulse":
        """The pulse of this process, over its standard streams.

        From now on standard output is only for the pulse; everything else that is printed goes to standard error.
        """
        return cls(_take_stdout(), _piped_stdin())

    def ready(self) -> None:
        """Report that the first picture is on the screen."""
        self._send({"kind": "ready"})

    def beat(self, scene: "Scene", tally: Tally) -> None:
        """Report that the interface is alive, and what was done since the last beat; for the interface's thread."""
        with self._wanted:
            if self._out is not None:
                self._scene = scene.value
                self._tally += tally
                self._wanted.notify_all()

    def leave(self) -> None:
        """Report that the staff has ended the kiosk."""
        self._send({"kind": "leave"})
        self.finish()

    def finish(self) -> None:
        """Wait until everything is sent, but no longer than a second; for the end of the process."""
        with self._wanted:
            self._wanted.wait_for(lambda: self._out is None or not (self._waits or self._busy), _LAST_WORD_WITHIN_S)

    def on_orphaned(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` from another thread when the supervisor is gone, or wants the kiosk to end."""
        if self._incoming is not None:
            threading.Thread(target=self._wait_for_end, args=(callback,), name="supervisor's end", daemon=True).start()

    @property
    def _waits(self) -> bool:
        return bool(self._lines) or self._scene is not None

    def _send(self, message: dict[str, Any]) -> None:
        with self._wanted:
            if self._out is not None:
                self._lines.append(json.dumps(message))
                self._wanted.notify_all()

    def _write_all(self, out: IO[bytes]) -> None:
        # Imported here, where it delays nothing.
        import psutil

        def memory_bytes() -> int:
            try:
                return int(psutil.Process().memory_info().rss)
            except (psutil.Error, OSError):
                # Without /proc memory is unknown: the kiosk continues, and never restarts because of it.
                return 0

        try:
            while True:
                lines, scene, tally = self._take()
                if scene is not None:
                    memory_mb = round(memory_bytes() / 1e6, 1)
                    beat = {"kind": "beat", "scene": scene, "memory_mb": memory_mb, "tally": tally.to_json()}
                    # Counts come before leaving, which may end the listener.
                    lines.insert(0, json.dumps(beat))
                out.write("".join(f"{line}\n" for line in lines).encode())
                out.flush()
        except (OSError, ValueError):
            _log.warning("Nobody listens to this kiosk.")
        finally:
            with self._wanted:
                self._out = None
                self._wanted.notify_all()

    def _take(self) -> tuple[list[str], str | None, Tally]:
        """Wait for something to send, and take all of it: lines, and a scene with a tally."""
        with self._wanted:
            self._busy = False
            self._wanted.notify_all()
            self._wanted.wait_for(lambda: self._waits)
            self._busy = True
            taken = self._lines, self._scene, self._tally
            self._lines, self._scene, self._tally = [], None, Tally()
        return taken

    def _wait_for_end(self, callback: Callable[[], None]) -> None:
        assert self._incoming is not None
        try:
            while self._incoming.read(1):
                pass
        except (OSError, ValueError):
            _log.debug("The supervisor's pipe is broken", exc_info=True)
        callback()


def _take_stdout() -> IO[bytes] | None:
    """Reserve standard output for the pulse: libraries print to standard error from now on."""
    try:
        own = os.dup(1)
        os.dup2(2, 1)
    except OSError:
        # A program without a console has neither.
        return None
    sys.stdout = sys.stderr
    return os.fdopen(own, "wb")


def _piped_stdin() -> IO[bytes] | None:
    """Standard input if it is a pipe: a terminal or a file says nothing about a supervisor."""
    try:
        mode = os.fstat(0).st_mode
    except OSError:
        return None
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return None
    return os.fdopen(os.dup(0), "rb")
