"""Finds the folder of a SavedModel: given as such, as a ``.tar.gz``, or as a TensorFlow Hub handle."""

import hashlib
import os
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from video_labeler.errors import ModelDownloadError, ModelFormatError, ModelNotFoundError
from video_labeler.models.archive import saved_model_in, unpack
from video_labeler.models.limits import DOWNLOAD, DownloadLimits


def folder_of(text: str, cache: Path, limits: DownloadLimits, *, downloads: bool = True) -> Path:
    """The SavedModel's folder; an archive is unpacked into ``cache``, a handle downloaded there first.

    Raises:
        ModelError: there is no such model, or it cannot be downloaded or unpacked.
    """
    if text.startswith(("http://", "https://")):
        return _downloaded(text, limits, cache, downloads=downloads)
    path = Path(text).expanduser()
    if path.is_dir():
        if not any((path / file).is_file() for file in ("saved_model.pb", "saved_model.pbtxt")):
            raise ModelFormatError(f"{text} is a folder without saved_model.pb: give a SavedModel or a TFLite file.")
        return path
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return unpack(path, cache / "unpacked" / digest, text)


def _downloaded(handle: str, limits: DownloadLimits, cache: Path, *, downloads: bool) -> Path:
    """Download as tensorflow-hub would, into the folder where it would, but with a deadline.

    Its own downloads wait for a silent server for ever, and for the lock of a killed download for ten minutes; this
    takes no lock, since the folder appears under its name in one step.
    """
    if _is_tflite(handle):
        raise ModelFormatError(f"{handle} is a TFLite file: download it, and give the file.")
    folder = _hub_cache(cache) / hashlib.sha1(handle.encode(), usedforsecurity=False).hexdigest()
    if folder.is_dir():
        return saved_model_in(folder, handle)
    if not downloads:
        raise ModelDownloadError(f"{handle} is not here, and downloads are turned off in the settings.")
    from video_labeler.models.download import Wanted, fetch_file

    archive = folder.with_suffix(".tar.gz")
    try:
        fetch_file(Wanted(_compressed(handle), DOWNLOAD), archive, limits)
    except ModelDownloadError as error:
        raise ModelDownloadError(
            f"The model {handle} could not be downloaded ({error}). Check the address and the network, or download "
            "its SavedModel by hand and give the .tar.gz or its folder."
        ) from error
    try:
        return unpack(archive, folder, handle)
    finally:
        archive.unlink(missing_ok=True)


def _is_tflite(handle: str) -> bool:
    try:
        return urlsplit(handle).path.endswith(".tflite") or "lite-format=tflite" in handle
    except ValueError as error:
        raise ModelNotFoundError(f"{handle} is no address: give one such as https://tfhub.dev/...") from error


def _compressed(handle: str) -> str:
    """The handle with the query by which TensorFlow Hub's protocol asks for a ``.tar.gz``."""
    parts = urlsplit(handle)
    query = urlencode([*parse_qsl(parts.query), ("tf-hub-format", "compressed")])
    return urlunsplit(parts._replace(query=query))


def _hub_cache(cache: Path) -> Path:
    named = os.environ.get("TFHUB_CACHE_DIR")
    return Path(named).expanduser() if named else cache / "hub"
