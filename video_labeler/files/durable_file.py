"""The file below a recording: unbuffered, locked, and synced to the disk about once a second."""

import logging
import os
import threading
from pathlib import Path

from video_labeler.files.durability import sync_content
from video_labeler.files.file_lock import lock_file
from video_labeler.files.free_space import RoomAhead

_log = logging.getLogger(__name__)

_SYNC_EVERY_S = 1.0


class DurableFile:
    """A binary file for FFmpeg, which takes ownership of an open descriptor.

    With ``durable`` a background thread syncs the file to the disk once a second, so that encoding never
    waits for it. ``room_bytes`` stay allocated beyond the file's end. The first failure, of a write or of a sync, is
    kept: the next write and the end raise it.
    """

    def __init__(self, descriptor: int, name: str, *, durable: bool = True, room_bytes: int = 0) -> None:
        self.name = name
        self.size = 0
        self._descriptor = descriptor
        self._room = RoomAhead(descriptor, room_bytes)
        self._durable = durable
        # The system reports a failed write-back only once: a later sync then succeeds.
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
        """Whether no more space could be allocated: time to end the file."""
        return self._room.is_exhausted

    def write(self, data: bytes | memoryview) -> int:
        """Write all of it. After a failure nothing more is written: a gap would corrupt the file.

        Raises:
            OSError: the disk is full or gone, or could not keep what was written before.
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
        """Move to a position, in bytes."""
        return os.lseek(self._descriptor, offset, whence)

    def tell(self) -> int:
        """The position of the next byte."""
        return os.lseek(self._descriptor, 0, os.SEEK_CUR)

    def seekable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int) -> bytes:
        """Read up to ``size`` bytes from the current position."""
        return os.read(self._descriptor, size)

    def close(self) -> None:
        """Sync everything to the disk, and close.

        Raises:
            OSError: some of it, early or late, is not on the disk.
        """
        if self._descriptor < 0:
            return
        self._closing.set()
        if self._thread is not None:
            self._thread.join()
        # FFmpeg may still try to write, and the descriptor's number may then belong to another file.
        descriptor, self._descriptor = self._descriptor, -1
        try:
            self._room.release(os.fstat(descriptor).st_size)
            if self._durable:
                sync_content(descriptor)
        finally:
            os.close(descriptor)
        if self._failure is not None:
            raise self._failure

    def _sync_often(self) -> None:
        while not self._closing.wait(_SYNC_EVERY_S):
            try:
                sync_content(self._descriptor)
            except OSError as error:
                _log.warning("Cannot sync %s to the disk: %s", self.name, error.strerror)
                self._failure = self._failure or error
                return
