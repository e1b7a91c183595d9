"""A web server on loopback that serves one file in every way that servers fail."""

import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


class Manner(Enum):
    GOOD = auto()
    MISSING = auto()
    WRONG = auto()
    ENDLESS = auto()
    SILENT = auto()
    STALLS = auto()
    DRIPS = auto()
    BREAKS_OFF = auto()


class FileServer(ThreadingHTTPServer):
    daemon_threads = False
    # Python 3.11 to 3.13 all join the handlers in server_close.
    block_on_close = True

    def __init__(self, content: bytes, manner: Manner) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content, self.manner = content, manner
        self.asked: list[str] = []
        self.moved_to = ""
        self.certificate: Path | None = None
        self.stop = threading.Event()

    @property
    def address(self) -> str:
        return f"http{'s' if self.certificate else ''}://127.0.0.1:{self.server_address[1]}/model"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: FileServer

    def do_GET(self) -> None:
        server = self.server
        server.asked.append(self.path)
        manner, content = server.manner, server.content
        if server.moved_to and "-moved" not in self.path:
            self.send_response(302)
            self.send_header("Location", server.moved_to)
            self.end_headers()
            if manner is Manner.ENDLESS:
                self._send(content, manner)
            return
        if manner is Manner.SILENT:
            server.stop.wait(20)
            return
        if manner is Manner.MISSING:
            self.send_error(404)
            return
        if manner is Manner.WRONG:
            content = content[:-1] + b"?"
        self.send_response(200)
        if manner is not Manner.ENDLESS:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self._send(content, manner)

    def _send(self, content: bytes, manner: Manner) -> None:
        if manner in (Manner.GOOD, Manner.WRONG):
            self.wfile.write(content)
            return
        self.wfile.write(content[: len(content) // 2])
        self.wfile.flush()
        if manner is Manner.STALLS:
            self.server.stop.wait(20)
        deadline = time.monotonic() + 20
        while (
            manner in (Manner.DRIPS, Manner.ENDLESS) and time.monotonic() < deadline and not self.server.stop.is_set()
        ):
            self.wfile.write(b"x" if manner is Manner.DRIPS else b"x" * 65536)
            if manner is Manner.DRIPS:
                self.server.stop.wait(0.05)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(content: bytes, manner: Manner = Manner.GOOD) -> Iterator[FileServer]:
    with _running(FileServer(content, manner)) as server:
        yield server


@contextmanager
def serving_safely(content: bytes, folder: Path) -> Iterator[FileServer]:
    """Serve over TLS, with a ``certificate`` that is made for it in ``folder``."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here, which makes the certificate")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    words = [*made.split(), "-addext", "subjectAltName=IP:127.0.0.1", "-out", str(certificate), "-keyout", str(key)]
    subprocess.run(["openssl", *words], check=True, capture_output=True, timeout=60)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = FileServer(content, Manner.GOOD)
    server.certificate = certificate
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with _running(server):
        yield server


@contextmanager
def _running(server: FileServer) -> Iterator[FileServer]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()
