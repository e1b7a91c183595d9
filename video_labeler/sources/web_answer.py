"""Asks a web server by hand, for what FFmpeg does not tell: where it sends on to, and how its answer is framed."""

import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import unquote_to_bytes, urlsplit
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from video_labeler import limits


class _Unfollowed(HTTPRedirectHandler):
    """Tells of a redirect instead of following it."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> Request | None:
        return None


class _Hasty(HTTPConnection):
    """Hangs up on a server whose answer has no end before its body: time-outs hold for each of its bytes alone."""

    def getresponse(self) -> HTTPResponse:
        """What the server answers."""
        with _hanging_up_in_time(self.sock):
            return super().getresponse()


class _HastySafe(_Hasty, HTTPSConnection):
    """The same over TLS, whose handshake may come in drops, too."""

    def connect(self) -> None:
        """Connect to the server."""
        HTTPConnection.connect(self)
        host = self._tunnel_host or self.host  # type: ignore[attr-defined]
        safe = self._context.wrap_socket(  # type: ignore[attr-defined]
            self.sock, server_hostname=host, do_handshake_on_connect=False
        )
        self.sock = safe
        with _hanging_up_in_time(safe):
            safe.do_handshake()


@contextmanager
def _hanging_up_in_time(connection: socket.socket) -> Iterator[None]:
    limit = threading.Timer(limits.ANSWER_S, _hang_up, (connection,))
    limit.daemon = True
    limit.start()
    try:
        yield
    finally:
        limit.cancel()


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        # That of TLS would forget what the handshake still uses.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


class _HastyHandler(HTTPHandler):
    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_Hasty, req)


class _HastySafeHandler(HTTPSHandler):
    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_HastySafe, req, context=self._context)  # type: ignore[attr-defined]


def asked(url: str, timeout_s: float) -> HTTPResponse:
    """The answer of a server, whose body is still to be read.

    Raises:
        HTTPError: it answers with something else than what was asked for.
        HTTPException, OSError, ValueError: it does not answer as a web server.
    """
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    bare = parts._replace(netloc=host).geturl()
    key = {"Authorization": f"Basic {b64encode(unquote_to_bytes(user)).decode()}"} if at else {}
    # Cameras have certificates of their own making, which FFmpeg takes, too.
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    opener = build_opener(_Unfollowed, _HastyHandler, _HastySafeHandler(context=trust))
    request = Request(bare, headers=key)  # noqa: S310 - may_ask and check_address allow the web only
    response: HTTPResponse = opener.open(request, timeout=timeout_s)
    return response


def redirect(url: str, timeout_s: float) -> str | None:
    """Where a server sends on to; ``None`` where it does not."""
    parts = urlsplit(url)
    try:
        with asked(parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl(), timeout_s):
            return None
    except HTTPError as error:
        with error:
            return error.headers.get("Location") if 300 <= error.code < 400 else None
    except (URLError, HTTPException, OSError, ValueError):
        return None
