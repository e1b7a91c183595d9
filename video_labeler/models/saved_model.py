"""Finds the folder of a SavedModel, which is given as a folder, a ``.tar.gz`` or a TensorFlow Hub handle."""

import hashlib
import os
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from video_labeler.errors import ModelDownloadError, ModelFormatError, ModelNotFoundError
from video_labeler.files.reading import open_regular
from video_labeler.limits import DOWNLOAD, DownloadLimits
from video_labeler.models.archive import saved_model_in, unpack
from video_labeler.models.finding import ADDRESSES, path_of_model


def folder_of(
    text: str, cache: Path, limits: DownloadLimits, *, downloads: bool = True, stop: threading.Event | None = None
) -> Path:
    """The SavedModel's folder; an archive is unpacked into ``cache``, a handle downloaded there first.

    Raises:
        ModelError: there is no such model, it cannot be downloaded or unpacked, or ``stop`` was set meanwhile.
    """
    if text.startswith(ADDRESSES):
        return _downloaded(_address(text), limits, cache, downloads=downloads, stop=stop)
    path = path_of_model(text)
    if path.is_dir():
        if (path / "saved_model.pb").is_file():
            return path
        if (path / "saved_model.pbtxt").is_file():
            raise ModelFormatError(f"{text} is a SavedModel as text, which cannot be checked: give saved_model.pb.")
        raise ModelFormatError(f"{text} is a folder without saved_model.pb: give a SavedModel or a TFLite file.")
    try:
        with open_regular(path) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return unpack(file, cache / "unpacked" / digest, text, digest)
    except OSError as error:
        raise ModelFormatError(f"{text} cannot be read: {error.strerror or error}.") from error


@dataclass(frozen=True, slots=True)
class _Address:
    """The address of a SavedModel, and the SHA-256 of its archive if known."""

    handle: str
    sha256: str = ""


def _address(text: str) -> _Address:
    """The address in a text such as ``https://example.org/model#sha256=...``.

    Raises:
        ModelError: it is not an address, or gives no way to verify the download.
    """
    handle, _, fragment = text.partition("#")
    try:
        path = urlsplit(handle).path
    except ValueError as error:
        raise ModelNotFoundError(f"{handle} is not an address: give one such as https://tfhub.dev/...") from error
    if path.endswith(".tflite") or "lite-format=tflite" in handle:
        raise ModelFormatError(f"{handle} is a TFLite file: download it, and give the file.")
    if fragment:
        sha256 = fragment.removeprefix("sha256=").lower()
        if sha256 == fragment.lower() or not re.fullmatch("[0-9a-f]{64}", sha256):
            raise ModelNotFoundError(f"The end of {text} is not a checksum: write #sha256= and its 64 digits.")
        return _Address(handle, sha256)
    if not handle.startswith("https://"):
        raise ModelDownloadError(
            f"{handle} is not a secure address, since others can change what it sends: give an https address, or put "
            "#sha256= and the checksum of its archive after it."
        )
    return _Address(handle)


def _downloaded(
    address: _Address, limits: DownloadLimits, cache: Path, *, downloads: bool, stop: threading.Event | None
) -> Path:
    """Download like tensorflow-hub, into the same folder, but with a deadline.

    tensorflow-hub waits for a silent server for ever, and for the lock of a killed download for ten minutes; this
    needs no lock, since the folder appears in one step. With a checksum the folder is named after that.
    """
    handle = address.handle
    if address.sha256:
        folder = cache / "unpacked" / address.sha256
    else:
        folder = _hub_cache(cache) / hashlib.sha1(handle.encode(), usedforsecurity=False).hexdigest()
    if folder.is_dir():
        return saved_model_in(folder, handle)
    if not downloads:
        raise ModelDownloadError(f"{handle} is not installed, and downloads are turned off in the settings.")
    from video_labeler.models.download import Wanted, fetch_file

    archive = folder.with_suffix(".tar.gz")
    try:
        fetch_file(Wanted(_compressed(handle), DOWNLOAD, address.sha256), archive, limits, stop=stop)
    except ModelDownloadError as error:
        raise ModelDownloadError(
            f"The model {handle} could not be downloaded ({error}). Check the address and the network, or download "
            "its SavedModel by hand and give the .tar.gz or its folder."
        ) from error
    try:
        with open_regular(archive) as file:
            return unpack(file, folder, handle, address.sha256)
    finally:
        archive.unlink(missing_ok=True)


def _compressed(handle: str) -> str:
    """The handle with the query by which TensorFlow Hub's protocol requests a ``.tar.gz``."""
    parts = urlsplit(handle)
    query = urlencode([*parse_qsl(parts.query), ("tf-hub-format", "compressed")])
    return urlunsplit(parts._replace(query=query))


def _hub_cache(cache: Path) -> Path:
    named = os.environ.get("TFHUB_CACHE_DIR")
    return Path(named).expanduser() if named else cache / "hub"
