"""Locks that distinguish files being written from those that a crash left behind."""

import os
import sys

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 62
    """Windows keeps others from reading locked bytes, so the lock is beyond any content."""

    def lock_file(descriptor: int) -> bool:
        """Mark an open file as being written; false where another program has done so."""
        place = os.lseek(descriptor, 0, os.SEEK_CUR)
        try:
            os.lseek(descriptor, _FAR, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, place, os.SEEK_SET)
        return True

else:
    import fcntl

    def lock_file(descriptor: int) -> bool:
        """Mark an open file as being written; false where another program has done so.

        The mark ends with the process, however that ends. File systems without locks always give true.
        """
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True
