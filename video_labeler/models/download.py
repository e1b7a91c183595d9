"""Downloads files over HTTP with deadlines, completely or not at all."""

import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pooch
import requests
import urllib3

from video_labeler.errors import ModelDownloadError
from video_labeler.files.temporary import clear_stale
from video_labeler.limits import REDIRECTS, DownloadLimits, Progress
from video_labeler.models.catalog import CatalogEntry

_POLL_S = 0.05
_CHUNK = 16 * 1024
_INCOMING = "incoming-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to download: ``sha256`` may be empty if unknown, ``size`` is the maximum in bytes."""

    address: str
    size: int
    sha256: str = ""


def download(
    entry: CatalogEntry,
    target: Path,
    limits: DownloadLimits,
    *,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Download a known model from the first of its addresses that gives the right file.

    Raises:
        ModelDownloadError: none did in time, or ``stop`` was set; nothing is left under the target's name.
    """
    failures = []
    for address in entry.addresses:
        wanted = Wanted(address, entry.size, entry.sha256)
        try:
            fetch_file(wanted, target, limits, progress=progress, stop=stop)
        except ModelDownloadError as error:
            if stop is not None and stop.is_set():
                raise
            failures.append(str(error))
        else:
            return
    raise ModelDownloadError(
        f"The model {entry.name} could not be downloaded ({'; '.join(failures)}). Check the network, or get the file "
        f"{entry.addresses[0]} on another computer and put it into {target.parent} as {target.name}."
    )


def fetch_file(
    wanted: Wanted,
    target: Path,
    limits: DownloadLimits,
    *,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Download one file; it appears under ``target`` only when it is complete and its checksum is right.

    Raises:
        ModelDownloadError: its message is a clause: the host and what went wrong.
    """
    host = _host(wanted.address)
    folder = _made(target.parent)
    clear_stale(folder, _INCOMING)
    with tempfile.TemporaryDirectory(prefix=_INCOMING, dir=folder, ignore_cleanup_errors=True) as incoming:
        transfer = _Transfer(wanted, Path(incoming), limits)
        transfer.start()
        try:
            _wait(transfer, host, limits, progress, stop)
        finally:
            transfer.abandoned.set()
        if transfer.error is not None:
            raise ModelDownloadError(f"{host}: {_reason(transfer.error)}") from transfer.error
        try:
            transfer.path.replace(target)
        except OSError as error:
            raise ModelDownloadError(f"{target} cannot be written: {error.strerror or error}") from error


class _AbandonedError(Exception):
    """This download has been abandoned."""


class _UnsafeRedirectError(requests.RequestException):
    """A secure address redirects to an insecure one, where others can change the data."""


class _Session(requests.Session):
    """Follows a few redirects; with ``is_strict``, from secure addresses only to secure ones."""

    def __init__(self, *, is_strict: bool) -> None:
        super().__init__()
        self.max_redirects = REDIRECTS
        self._is_strict = is_strict

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """The target of a redirect."""
        target = super().get_redirect_target(resp)
        if target is None:
            return None
        # The library would read the body of a redirect into memory, although it may have no end.
        resp.close()
        is_unsafe = resp.url.startswith("https:") and urlsplit(target).scheme not in ("", "https")
        if self._is_strict and is_unsafe:
            raise _UnsafeRedirectError
        return target


class _TooLargeError(Exception):
    """More data arrived than the file has."""


# The first match counts: requests' errors are OSErrors, and its malformed-address errors ValueErrors as well.
_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (requests.Timeout, "no answer in time"),
    (requests.exceptions.ChunkedEncodingError, "the connection broke off"),
    (requests.ConnectionError, "no connection"),
    (_UnsafeRedirectError, "it redirects to an insecure address"),
    (requests.RequestException, "the address or the answer is malformed"),
    (_TooLargeError, "the file is not the published one (too large)"),
    (ValueError, "the file is not the published one (its checksum differs)"),
)


class _Transfer(threading.Thread):
    """One download in its own thread, since a name lookup or a slow server may block it for any time."""

    def __init__(self, wanted: Wanted, folder: Path, limits: DownloadLimits) -> None:
        super().__init__(name="model download", daemon=True)
        self.path = folder / "file"
        self.received = 0
        self.error: BaseException | None = None
        self.abandoned = threading.Event()
        self.wanted = wanted
        self._limits = limits

    def run(self) -> None:
        """Download; an error is kept for the waiting thread."""
        pooch.get_logger().setLevel("ERROR")
        known_hash = f"sha256:{self.wanted.sha256}" if self.wanted.sha256 else None
        try:
            pooch.retrieve(
                self.wanted.address,
                known_hash=known_hash,
                fname=self.path.name,
                path=self.path.parent,
                downloader=self._stream,
            )
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            self.error = error

    def _stream(self, address: str, output_file: str, _pooch: Any) -> None:
        # pooch's downloader leaves the connection open when it is interrupted.
        timeout = (self._limits.connect_s, self._limits.silence_s)
        # With a checksum the route of the data does not matter.
        with (
            _Session(is_strict=not self.wanted.sha256) as session,
            session.get(address, stream=True, timeout=timeout) as response,
            Path(output_file).open("wb") as file,
        ):
            response.raise_for_status()
            for chunk in response.iter_content(_CHUNK):
                self._count(len(chunk))
                file.write(chunk)

    def _count(self, count: int) -> None:
        if self.abandoned.is_set():
            raise _AbandonedError
        self.received += count
        if self.received > self.wanted.size:
            raise _TooLargeError


def _wait(
    transfer: _Transfer,
    host: str,
    limits: DownloadLimits,
    progress: Progress | None,
    stop: threading.Event | None,
) -> None:
    deadline = time.monotonic() + limits.total_s
    size = transfer.wanted.size
    while True:
        transfer.join(_POLL_S)
        if progress is not None:
            progress(min(transfer.received, size), size)
        if not transfer.is_alive():
            return
        if stop is not None and stop.is_set():
            raise ModelDownloadError("The download was stopped.")
        if time.monotonic() > deadline:
            raise ModelDownloadError(f"{host}: not complete after {limits.total_s:g} seconds")


def _reason(error: BaseException) -> str:
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server answered {error.response.status_code}"
    if isinstance(error, OSError) and not isinstance(error, requests.RequestException):
        return f"the disk refused it ({error.strerror or error})"
    if isinstance(error, requests.ConnectionError) and any(
        isinstance(a, urllib3.exceptions.TimeoutError) for a in error.args
    ):
        return "the server stopped responding"
    return next((words for kind, words in _REASONS if isinstance(error, kind)), f"it failed ({error})")


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc or address
    except ValueError:
        return address


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelDownloadError(f"{folder} cannot be created: {error.strerror or error}") from error
    return folder
