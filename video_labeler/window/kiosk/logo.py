"""The exhibitor's logo, read from a picture file at the size in which it is shown."""

import logging

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QImage, QImageReader

_log = logging.getLogger(__name__)


class Logo:
    """A picture file; a missing or damaged one gives no logo, which is logged once."""

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._image: QImage | None = None
        self._room = QSize()

    @property
    def exists(self) -> bool:
        """Whether a file is set and not known to be unreadable."""
        return self._path is not None

    @property
    def shape(self) -> float | None:
        """The ratio of width to height; ``None`` without a logo."""
        image = None if self._path is None else self._image or self.image(QSize(256, 256))
        return None if image is None else image.width() / max(1, image.height())

    def image(self, room: QSize) -> QImage | None:
        """The logo as large as fits into ``room`` (device pixels); ``None`` without a logo."""
        if self._path is None:
            return None
        if self._image is None or self._room != room:
            self._image, self._room = self._read(self._path, room), room
        return self._image

    def _read(self, path: str, room: QSize) -> QImage | None:
        reader = QImageReader(path)
        reader.setAutoTransform(True)
        size = reader.size()
        if size.isValid() and not room.isEmpty():
            # Vector pictures are rendered at that size, so they are crisp; others are never decoded larger than needed.
            reader.setScaledSize(size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
        image = reader.read()
        if image.isNull():
            _log.warning("The logo %s cannot be shown: %s", path, reader.errorString())
            self._path = None
            return None
        return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
