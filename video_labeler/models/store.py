"""Finds the models known by name, and downloads them on request."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from video_labeler.assets import asset
from video_labeler.errors import ModelDownloadError, ModelFormatError, ModelNotFoundError
from video_labeler.files.reading import TooLargeError, read_bytes
from video_labeler.limits import DownloadLimits, Progress
from video_labeler.models.catalog import AUTO, CATALOG, CatalogEntry, ModelRole
from video_labeler.system.background_task import StopSignal

FOLDER_VARIABLE = "VIDEO_LABELER_MODELS"
"""Names a folder that is searched before the user's cache."""


class FileState(Enum):
    """The state of a model's file."""

    MISSING = "missing"
    RIGHT = "right"
    DAMAGED = "damaged"
    """It exists, but differs from the published file."""


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """The path of a known model's file (``None``: missing), and its state."""

    entry: CatalogEntry
    state: FileState
    path: Path | None


@dataclass(frozen=True, slots=True)
class VerifiedModel:
    """The content of a known model with the right checksum: load this, rather than the file again."""

    entry: CatalogEntry
    path: Path
    content: bytes


class ModelStore:
    """The models of a catalogue: in ``folder`` first, then in the user's ``cache``, then on the network.

    ``folder`` defaults to what ``VIDEO_LABELER_MODELS`` names, ``cache`` to the user's cache folder. Nothing is
    downloaded except by :meth:`fetch` and :meth:`verified`, and nothing at all without ``downloads``. Setting ``stop``
    ends what takes long, downloads and the trial of a model, with an error.
    """

    def __init__(
        self,
        catalog: Sequence[CatalogEntry] = CATALOG,
        *,
        folder: Path | None = None,
        cache: Path | None = None,
        limits: DownloadLimits | None = None,
        downloads: bool = True,
        stop: StopSignal | None = None,
    ) -> None:
        self.catalog = tuple(catalog)
        self.cache = cache or _user_cache()
        named = os.environ.get(FOLDER_VARIABLE)
        self.folder = folder or (Path(named).expanduser() if named else None)
        self.limits = limits or DownloadLimits()
        self.downloads = downloads
        self.stop = stop

    def entry(self, name: str, role: ModelRole) -> CatalogEntry:
        """The known model of that name and role; ``auto`` is :meth:`best_available`.

        Raises:
            ModelNotFoundError: there is none.
        """
        if name == AUTO:
            return self.best_available(role)
        found = next((e for e in self.catalog if e.name == name and e.role is role), None)
        if found is None:
            known = ", ".join([AUTO, *(e.name for e in self.catalog if e.role is role)])
            raise ModelNotFoundError(f"There is no {role.value} named {name}: give one of {known}, or a model file.")
        return found

    def best_available(self, role: ModelRole) -> CatalogEntry:
        """The best known model of a role whose file exists and is undamaged; nothing is downloaded.

        Raises:
            ModelNotFoundError: no file exists, not even the basic one.
        """
        for entry in self.catalog:
            if entry.role is role and self.status(entry).state is FileState.RIGHT:
                return entry
        raise ModelNotFoundError(f"No {role.value} is installed, not even the basic one: install video-labeler again.")

    def status(self, entry: CatalogEntry) -> ModelStatus:
        """The path of a model's file, and whether its checksum is right. A right file takes precedence over damaged
        ones.
        """
        damaged = None
        for path in self._places(entry):
            if path.is_file():
                if _right_content(path, entry) is not None:
                    return ModelStatus(entry, FileState.RIGHT, path)
                damaged = damaged or path
        return ModelStatus(entry, FileState.DAMAGED if damaged else FileState.MISSING, damaged)

    def statuses(self) -> tuple[ModelStatus, ...]:
        """The status of every known model."""
        return tuple(map(self.status, self.catalog))

    @property
    def has_full(self) -> bool:
        """Whether all files of the full model exist and are undamaged."""
        return all(self.status(entry).state is FileState.RIGHT for entry in self.catalog if not entry.is_built_in)

    def verified(self, name: str, role: ModelRole) -> VerifiedModel:
        """The content of a known model, read once and verified; a missing one is downloaded first, except for ``auto``.

        Raises:
            ModelNotFoundError: there is none with that name and role.
            ModelDownloadError: it is missing, and could not be downloaded.
            ModelFormatError: a built-in file is damaged.
        """
        if name == AUTO:
            wanted = (entry for entry in self.catalog if entry.role is role)
            found = next(filter(None, map(self._read, wanted)), None)
            return found or self.verified(self.best_available(role).name, role)
        entry = self.entry(name, role)
        found = self._read(entry)
        if found is None:
            path = self.fetch(entry)
            found = self._read(entry)
            if found is None:
                raise ModelFormatError(f"{path} changes while it is read: try again.")
        return found

    def _read(self, entry: CatalogEntry) -> VerifiedModel | None:
        for path in self._places(entry):
            content = _right_content(path, entry)
            if content is not None:
                return VerifiedModel(entry, path, content)
        return None

    def fetch(self, entry: CatalogEntry, progress: Progress | None = None) -> Path:
        """Download a model into the cache, unless an undamaged file exists already, and return its path.

        ``progress`` is called with the bytes so far and the size in bytes. The file appears under its name only when it
        is complete and its checksum is right.

        Raises:
            ModelDownloadError: no address gave the right file in time, it was stopped, or downloads are turned off.
            ModelFormatError: a built-in file is damaged.
        """
        found = self.status(entry)
        if found.state is FileState.RIGHT and found.path:
            return found.path
        if entry.is_built_in:
            raise ModelFormatError(f"The {entry.part.lower()} is missing or damaged: install video-labeler again.")
        if not self.downloads:
            raise ModelDownloadError(f"{entry.part} is not installed, and downloads are turned off in the settings.")
        from video_labeler.models.download import download

        target = self.cache / entry.file_name
        download(entry, target, self.limits, progress=progress, stop=self.stop)
        return target

    def _places(self, entry: CatalogEntry) -> list[Path]:
        if entry.is_built_in:
            return [asset("models") / entry.file_name]
        folders = [folder for folder in (self.folder, self.cache) if folder]
        return [folder / entry.file_name for folder in folders]


def _right_content(path: Path, entry: CatalogEntry) -> bytes | None:
    """The content of a file, if it is that of the known model."""
    try:
        # The size reveals most damaged files without reading them.
        if path.stat().st_size != entry.size:
            return None
        content = read_bytes(path, entry.size)
    except (OSError, TooLargeError):
        return None
    return content if hashlib.sha256(content).hexdigest() == entry.sha256 else None


def _user_cache() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("video-labeler", appauthor=False) / "models"
