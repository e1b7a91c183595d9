"""A camera on the network, as many of them are: MJPEG over HTTP, on loopback, failing when told to."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

from video_labeler.opencv import cv2
from video_labeler.sources.moving_picture import MovingPicture

_BOUNDARY = "picture"
WIDTH, HEIGHT, RATE = 160, 120, 25.0


class Mode(Enum):
    OK = "ok"
    DROP = "drop"  # hang up after a few pictures
    RESET = "reset"  # hang up with a TCP reset
    STALL = "stall"  # keep the line, send nothing
    FREEZE = "freeze"
    BLACK = "black"
    SILENT = "silent"  # take the connection, answer nothing
    MISSING = "missing"  # 404
    LOCKED = "locked"  # 401
    TEXT = "text"  # a web page


class MjpegServer:
    """Serves the moving test picture on ``url``; set ``mode`` at any time. ``tick``: which picture was sent last."""

    def __init__(self) -> None:
        self.mode = Mode.OK
        self.connections = 0
        self.tick = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._picture = MovingPicture(WIDTH, HEIGHT)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/stream.mjpeg"

    def __enter__(self) -> "MjpegServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.connections += 1
                with contextlib.suppress(OSError):
                    server._answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True
        if self.mode is Mode.SILENT:
            while self.mode is Mode.SILENT and not self._stop.wait(0.02):
                pass
            return
        refusal = {Mode.MISSING: 404, Mode.LOCKED: 401}.get(self.mode)
        if refusal:
            request.send_error(refusal)
            return
        request.send_response(200)
        if self.mode is Mode.TEXT:
            request.send_header("Content-Type", "text/html")
            request.end_headers()
            request.wfile.write(b"<html><body>This is a web page.</body></html>" * 50)
            return
        request.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
        request.end_headers()
        for jpeg in self._jpegs(request.connection):
            head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            request.wfile.write(head.encode() + jpeg + b"\r\n")

    def _jpegs(self, connection: socket.socket) -> Iterator[bytes]:
        sent = 0
        while not self._stop.wait(1 / RATE):
            if self.mode is Mode.RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            if self.mode is Mode.DROP and sent >= 5:
                return
            if self.mode is Mode.STALL:
                continue
            sent += 1
            yield self._jpeg()

    def _jpeg(self) -> bytes:
        with self._lock:
            if self.mode is not Mode.FREEZE:
                self.tick += 1
            image = self._picture.draw(self.tick)
        if self.mode is Mode.BLACK:
            image = np.zeros_like(image)
        return bytes(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes())


def closed_port() -> int:
    """A port of this computer on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Any, within_s: float) -> bool:
    """Whether ``condition()`` becomes true in time."""
    deadline_s = time.monotonic() + within_s
    while time.monotonic() < deadline_s:
        if condition():
            return True
        time.sleep(0.01)
    return bool(condition())
