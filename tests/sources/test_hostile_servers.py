"""Servers whose answers have no end, come drop by drop, or are framed absurdly: told within a bounded time."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import av
import pytest

from tests.models.file_server import serving_safely
from video_labeler import limits
from video_labeler.errors import SourceError
from video_labeler.sources import network_stream
from video_labeler.sources.containers import open_media
from video_labeler.sources.network_stream import NetworkStream
from video_labeler.sources.opening import source_from_text
from video_labeler.sources.web_answer import asked, redirect
from video_labeler.sources.web_recording import _ChunkedBody, _Patience

_OK = b"HTTP/1.1 200 OK\r\n"


@contextmanager
def _answering(answer: Callable[[threading.Event], Iterator[bytes]]) -> Iterator[str]:
    """The address of a server that sends the same to everybody, until they hang up."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()
    threads: list[threading.Thread] = []

    def send(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(10)
            connection.recv(4096)
            for part in answer(over):
                if over.is_set():
                    return
                connection.sendall(part)

    def listen() -> None:
        with suppress(OSError):
            while True:
                threads.append(threading.Thread(target=send, args=(listening.accept()[0],)))
                threads[-1].start()

    threads.append(threading.Thread(target=listen))
    threads[0].start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/film"
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for thread in threads:
            thread.join(60)


def _endless_headers(over: threading.Event) -> Iterator[bytes]:
    yield _OK
    while True:
        yield b"X-Header: value\r\n" * 1000


def _a_header_of_megabytes(over: threading.Event) -> Iterator[bytes]:
    yield _OK + b"X-Header: "
    while True:
        yield b"v" * 1_000_000


def _drops(over: threading.Event) -> Iterator[bytes]:
    yield _OK
    while not over.wait(0.2):
        yield b"X"


def _absurd_chunks(over: threading.Event) -> Iterator[bytes]:
    yield _OK + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffffffff\r\n" + b"x" * 1000


def _negative_chunks(over: threading.Event) -> Iterator[bytes]:
    yield _OK + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n" + b"x" * 1000


def _no_location(over: threading.Event) -> Iterator[bytes]:
    yield b"HTTP/1.1 302 Found\r\n" + b"X: y\r\n" * 200 + b"\r\n"


@pytest.mark.parametrize(
    "answer",
    [_endless_headers, _a_header_of_megabytes, _drops, _absurd_chunks, _negative_chunks, _no_location],
)
def test_an_absurd_answer_ends_in_a_sentence(
    answer: Callable[[threading.Event], Iterator[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_OPEN_TIMEOUT_S", "_HEAD_TIMEOUT_S", "_LATE_TIMEOUT_S"):
        monkeypatch.setattr(network_stream, name, 0.5)
    monkeypatch.setattr(limits, "ANSWER_S", 0.5)
    with _answering(answer) as url:
        assert redirect(url, 60.0) is None
        with pytest.raises(SourceError, match=r"^http://127\.0\.0\.1"):
            NetworkStream(url).open()


def _a_handshake_in_drops(over: threading.Event) -> Iterator[bytes]:
    yield b"\x16\x03\x03\x3f\xff"
    while not over.wait(0.2):
        yield b"X"


def test_a_handshake_in_drops_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ANSWER_S", 0.5)
    with _answering(_a_handshake_in_drops) as url:
        assert redirect(url.replace("http:", "https:"), 60.0) is None


def test_a_server_with_a_certificate_of_its_own_making_is_asked(tmp_path: Path) -> None:
    with serving_safely(b"film", tmp_path) as server:
        with asked(server.address, 10.0) as response:
            assert response.read() == b"film"
        server.moved_to = "/film-moved"
        assert redirect(server.address, 10.0) == "/film-moved"


def test_a_body_in_drops_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PATIENCE_S", 0.5)

    class Dripping:
        def read1(self, size: int) -> bytes:
            threading.Event().wait(0.2)
            return b"x"

    body = _ChunkedBody(Dripping())  # type: ignore[arg-type]
    reads = 0
    while body.read(4096):
        reads += 1
        assert reads < 100
    assert body.fell_silent
    assert body.broke_off


def test_only_waiting_counts_against_a_server() -> None:
    patience = _Patience()
    assert not any(patience.ends_with(1.0, 100_000) for _ in range(1000))
    assert any(patience.ends_with(1.0, 10) for _ in range(200))


def test_opening_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OPENING_S", 0.2)
    over = threading.Event()

    class Silent:
        def read(self, size: int) -> bytes:
            over.wait(60)
            return b""

    try:
        with pytest.raises(av.error.TimeoutError):
            open_media(Silent(), {})
    finally:
        over.set()


_MANIFEST = '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period/></MPD>\n'


def test_a_dash_manifest_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "film.mpd").write_text(_MANIFEST)
    with pytest.raises(SourceError, match=r"film\.mpd is a DASH manifest"):
        source_from_text(str(tmp_path / "film.mpd")).open()
    answer = _OK + f"Content-Length: {len(_MANIFEST)}\r\n\r\n{_MANIFEST}".encode()
    with _answering(lambda _: iter([answer])) as url, pytest.raises(SourceError, match=r"/film is a DASH manifest"):
        NetworkStream(url).open()
