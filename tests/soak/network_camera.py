"""A camera on the network, of the soak's own making: MJPEG over HTTP on loopback, that fails when it is told to.

Its pictures are coded once, so that it costs next to nothing beside the kiosk.
"""

import contextlib
import random
import socket
import struct
import threading
import time

import numpy as np

from tests.soak.causes import Cause
from tests.soak.pictures import RATE, Pictures, encoded

_HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=picture\r\n\r\n"
_SLOW_RATE = 2.0
_POLL_S = 0.02


class NetworkCamera:
    """Serves what is held up (``thing``) on ``url``; goes wrong while ``cause`` is set."""

    def __init__(self, pictures: Pictures, seed: int = 0) -> None:
        self.thing = 0
        self._cause: Cause | None = None
        self._things = [[encoded(picture) for picture in variants] for variants in pictures]
        self._black = encoded(np.zeros_like(pictures[0][0]))
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._lines: set[socket.socket] = set()
        self._tick = 0
        self._listener: socket.socket | None = _listening(0)
        self.port = int(self._listener.getsockname()[1])
        self._threads = [threading.Thread(target=self._accept, name="network camera")]

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/stand.mjpeg"

    def __enter__(self) -> "NetworkCamera":
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._hang_up(reset=False)
        for thread in self._threads:
            thread.join(5)
        if self._listener is not None:
            self._listener.close()

    def begin(self, cause: Cause) -> None:
        """Go wrong from now on; a broken connection is over at once."""
        if cause is Cause.DROP:
            self._hang_up(reset=self._chance.random() < 0.5)
            return
        self._cause = cause
        if cause is Cause.UNPLUG:
            with self._lock:
                listener, self._listener = self._listener, None
            if listener is not None:
                listener.close()
            self._hang_up(reset=True)

    def end(self) -> None:
        """Be well again."""
        self._cause = None
        with self._lock:
            if self._listener is None:
                self._listener = _listening(self.port)

    def _hang_up(self, *, reset: bool) -> None:
        with self._lock:
            lines, self._lines = self._lines, set()
        for line in lines:
            with contextlib.suppress(OSError):
                if reset:
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _accept(self) -> None:
        while not self._stop.is_set():
            listener = self._listener
            if listener is None:
                self._stop.wait(_POLL_S)
                continue
            try:
                line, _ = listener.accept()
            except OSError:
                self._stop.wait(_POLL_S)
                continue
            line.settimeout(5.0)
            with self._lock:
                self._lines.add(line)
            thread = threading.Thread(target=self._serve, args=(line,), name="network camera's line")
            self._threads = [self._threads[0], *(t for t in self._threads[1:] if t.is_alive()), thread]
            thread.start()

    def _serve(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            line.recv(4096)
            self._wait_while_stalled()
            line.sendall(_HEAD)
            while self._wait_for_picture():
                jpeg = self._jpeg()
                line.sendall(b"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg))
                line.sendall(jpeg + b"\r\n")
        with self._lock:
            self._lines.discard(line)
        line.close()

    def _wait_for_picture(self) -> bool:
        """Until the next picture is due; false at the end."""
        begun_s = time.monotonic()
        while not self._stop.wait(1 / RATE):
            self._wait_while_stalled()
            if self._cause is not Cause.SLOW or time.monotonic() - begun_s >= 1 / _SLOW_RATE:
                return True
        return False

    def _wait_while_stalled(self) -> None:
        while self._cause is Cause.STALL and not self._stop.wait(_POLL_S):
            pass

    def _jpeg(self) -> bytes:
        if self._cause is not Cause.FREEZE:
            self._tick += 1
        if self._cause is Cause.BLACK:
            return self._black
        variants = self._things[self.thing]
        jpeg = variants[self._tick % len(variants)]
        return self._damaged(jpeg) if self._cause is Cause.DAMAGED else jpeg

    def _damaged(self, jpeg: bytes) -> bytes:
        """Cut short, or with some bytes from nowhere."""
        if self._chance.random() < 0.5:
            return jpeg[: self._chance.randrange(2, len(jpeg))]
        broken = bytearray(jpeg)
        for _ in range(20):
            broken[self._chance.randrange(len(broken))] = self._chance.randrange(256)
        return bytes(broken)


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.settimeout(_POLL_S)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener
