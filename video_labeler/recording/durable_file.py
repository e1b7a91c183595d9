"""The file below a recording: unbuffered, locked, and on the disk itself about once a second."""

import logging
import os
import threading
from pathlib import Path

from video_labeler.recording.file_lock import lock_file
from video_labeler.recording.free_space import RoomAhead

_log = logging.getLogger(__name__)

_SYNC_EVERY_S = 1.0


class DurableFile:
    """A binary file for FFmpeg, over an open descriptor that it then owns.

    With ``durable`` a thread of its own brings what was written to the disk once a second, so that encoding never
    waits for it. ``room_bytes`` stay taken ahead of the file's end.
    """

    def __init__(self, descriptor: int, name: str, *, durable: bool = True, room_bytes: int = 0) -> None:
        self.name = name
        self.size = 0
        self._descriptor = descriptor
        self._room = RoomAhead(descriptor, room_bytes)
        self._durable = durable
        self._failure: OSError | None = None
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        lock_file(descriptor)
        self._room.extend(0)
        if durable:
            self._thread = threading.Thread(target=self._sync_often, name=f"sync {Path(name).name}", daemon=True)
            self._thread.start()

    @property
    def is_short_of_room(self) -> bool:
        """Whether nothing more could be taken from the disk: time to end the file."""
        return self._room.is_exhausted

    def write(self, data: bytes | memoryview) -> int:
        """Write all of it. After a failure nothing more is written: an end without its middle would spoil the file.

        Raises:
            OSError: the disk is full or gone.
        """
        if self._failure is not None:
            raise self._failure
        view = memoryview(data)
        end = os.lseek(self._descriptor, 0, os.SEEK_CUR) + view.nbytes
        self._room.extend(end)
        done = 0
        try:
            while done < view.nbytes:
                done += os.write(self._descriptor, view[done:])
        except OSError as error:
            self._failure = error
            raise
        self.size = max(self.size, end)
        return done

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a place, in bytes."""
        return os.lseek(self._descriptor, offset, whence)

    def tell(self) -> int:
        """Where the next byte goes."""
        return os.lseek(self._descriptor, 0, os.SEEK_CUR)

    def seekable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes from here."""
        return os.read(self._descriptor, size)

    def close(self) -> None:
        """Bring everything to the disk, and close.

        Raises:
            OSError: the last of it could not be written.
        """
        if self._descriptor < 0:
            return
        self._closing.set()
        if self._thread is not None:
            self._thread.join()
        # FFmpeg may still try to write; the number may then be another file's.
        descriptor, self._descriptor = self._descriptor, -1
        try:
            self._room.release(os.fstat(descriptor).st_size)
            if self._durable:
                _sync(descriptor)
        finally:
            os.close(descriptor)

    def _sync_often(self) -> None:
        while not self._closing.wait(_SYNC_EVERY_S):
            try:
                _sync(self._descriptor)
            except OSError as error:
                # The next write, or the last sync, tells whoever records.
                _log.warning("Cannot bring %s to the disk: %s", self.name, error.strerror)


def _sync(descriptor: int) -> None:
    """Bring a file's content to the disk; macOS has no ``fdatasync``."""
    getattr(os, "fdatasync", os.fsync)(descriptor)
