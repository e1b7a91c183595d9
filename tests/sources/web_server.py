"""A web server on loopback as there are many: with and without lengths, ranges and chunks; it can hang up midway."""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_PIECE_BYTES = 16_384

_TYPES = {".m3u8": "application/vnd.apple.mpegurl", ".ts": "video/mp2t", ".mp4": "video/mp4", ".webm": "video/webm"}


@dataclass(frozen=True, slots=True)
class Manners:
    """How the server answers.

    ``hang_up_after``: bytes of a body that are sent at the most; ``bytes_per_s``: how fast.
    """

    protocol: str = "HTTP/1.0"
    length: bool = True
    ranges: bool = False
    chunked: bool = False
    hang_up_after: int | None = None
    bytes_per_s: float | None = None


class WebServer:
    """Serves a folder; ``manners`` may change at any time. ``asked`` holds the paths of all requests."""

    def __init__(self, folder: Path, manners: Manners | None = None) -> None:
        self.manners = manners or Manners()
        self.asked: list[str] = []
        self._folder = folder
        self._stop = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/{name}"

    def __enter__(self) -> "WebServer":
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
                self.protocol_version = server.manners.protocol
                server.asked.append(self.path)
                with contextlib.suppress(OSError):
                    server._answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True
        manners = self.manners
        try:
            path = self._folder / urlsplit(request.path).path.lstrip("/")
            body = path.read_bytes()
        except OSError:
            request.send_error(404)
            return
        start = 0
        wanted = request.headers.get("Range", "")
        if manners.ranges and wanted.startswith("bytes="):
            start = int(wanted.removeprefix("bytes=").split("-")[0])
            if start >= len(body):
                request.send_error(416)
                return
            request.send_response(206)
            request.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        else:
            request.send_response(200)
        request.send_header("Content-Type", _TYPES.get(path.suffix, "application/octet-stream"))
        if manners.ranges:
            request.send_header("Accept-Ranges", "bytes")
        if manners.chunked:
            request.send_header("Transfer-Encoding", "chunked")
        elif manners.length:
            request.send_header("Content-Length", str(len(body) - start))
        request.send_header("Connection", "close")
        request.end_headers()
        self._send(request.wfile.write, body[start:], manners)

    def _send(self, write: Callable[[bytes], Any], body: bytes, manners: Manners) -> None:
        sent = body[: manners.hang_up_after]
        for at in range(0, len(sent), _PIECE_BYTES):
            if self._stop.is_set():
                return
            piece = sent[at : at + _PIECE_BYTES]
            write(b"%x\r\n%b\r\n" % (len(piece), piece) if manners.chunked else piece)
            if manners.bytes_per_s is not None:
                time.sleep(len(piece) / manners.bytes_per_s)
        if manners.chunked and len(sent) == len(body):
            write(b"0\r\n\r\n")
