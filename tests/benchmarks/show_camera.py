"""A camera at a stand, on loopback: an empty table, now and then something held up; MJPEG over HTTP.

Its pictures bear a number that can be read off a screen, so that it can be told from outside how old what is shown is.
"""

import contextlib
import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np

from video_labeler.opencv import cv2
from video_labeler.pixels import Image

WIDTH, HEIGHT, RATE = 1280, 720, 30.0
_BOUNDARY = "picture"
NUMBERS = 64
"""The pictures are numbered modulo this, about two seconds."""

_BLOCK = 26
_CODE_LEFT, _CODE_TOP = WIDTH - 60, 170
_LEAD, _BITS = (1, 0), 6
_MOVING = 12
_SIDE = 400

Jpeg = bytes


def _code(number: int) -> list[int]:
    """Blocks from top to bottom: a mark, six bits, each bit's opposite, the mark again."""
    bits = [number >> bit & 1 for bit in range(_BITS)]
    return [*_LEAD, *bits, *(1 - bit for bit in bits), *_LEAD]


def code_points() -> list[tuple[float, float]]:
    """The middles of the code's blocks, in pixels of the picture."""
    return [(_CODE_LEFT + _BLOCK / 2, _CODE_TOP + (row + 0.5) * _BLOCK) for row in range(2 * (_BITS + len(_LEAD)))]


def number_of(brightness: Sequence[float]) -> int | None:
    """The number that blocks of that brightness (0..255) say; ``None`` where they are no code in full contrast."""
    if min(max(brightness), 200) - min(brightness) < 150:
        return None
    blocks = [int(value > 120) for value in brightness]
    number = sum(bit << place for place, bit in enumerate(blocks[len(_LEAD) : len(_LEAD) + _BITS]))
    return number if blocks == _code(number) else None


class Show:
    """The pictures, encoded once: :meth:`visits` plays an empty table and things held up, in turn, without end."""

    def __init__(self, photos: Sequence[Path], *, empty_s: float, held_s: float, visits: int) -> None:
        random = np.random.default_rng(1)
        self._background = _table()
        self._noise = [random.integers(0, 5, (HEIGHT, WIDTH, 3), dtype=np.uint8) for _ in range(8)]
        self._empty = [self._encoded(self._background, i) for i in range(NUMBERS)]
        self._things = [self._visit(cv2.imread(str(path))) for path in photos]
        self._empty_frames, self._held_frames, self._visits = int(empty_s * RATE), int(held_s * RATE), visits

    def frames(self) -> Iterator[Jpeg]:
        """One frame after the other: an empty table, then a few visits, and again. The n-th bears n modulo 64."""
        for number, pictures in enumerate(self._plan()):
            yield pictures[number % len(pictures)]

    def _plan(self) -> Iterator[list[Jpeg]]:
        """From which pictures each frame is."""
        things = itertools.cycle(self._things)
        while True:
            yield from itertools.repeat(self._empty, self._empty_frames)
            for coming, held in itertools.islice(things, self._visits):
                yield from ([picture] for picture in coming)
                yield from itertools.repeat(held, self._held_frames)
                yield from ([picture] for picture in reversed(coming))
                yield from itertools.repeat(self._empty, int(RATE))

    def _visit(self, photo: Any) -> tuple[list[Jpeg], list[Jpeg]]:
        scale = _SIDE / max(photo.shape[:2])
        thing = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        left, top = (WIDTH - thing.shape[1]) // 2, (HEIGHT - thing.shape[0]) // 2
        rise = [int((HEIGHT - top) * (1 - (i + 1) / _MOVING) ** 2) for i in range(_MOVING)]
        coming = [self._encoded(self._with(thing, left, top + down), None) for down in rise]
        shake = [(round(4 * np.sin(i * 0.8)), round(3 * np.cos(i * 1.1))) for i in range(NUMBERS)]
        held = [self._encoded(self._with(thing, left + x, top + y), i) for i, (x, y) in enumerate(shake)]
        return coming, held

    def _with(self, thing: Any, left: int, top: int) -> Image:
        picture = self._background.copy()
        bottom = min(HEIGHT, top + thing.shape[0])
        if bottom > top:
            picture[top:bottom, left : left + thing.shape[1]] = thing[: bottom - top]
        return picture

    def _encoded(self, picture: Image, number: int | None) -> Jpeg:
        """With a little noise, as cameras have it, and with its number, if it has one."""
        noisy = cv2.add(picture, self._noise[(number or 0) % len(self._noise)])
        for row, block in enumerate(_code(number) if number is not None else ()):
            top = _CODE_TOP + row * _BLOCK
            noisy[top : top + _BLOCK, _CODE_LEFT : _CODE_LEFT + _BLOCK] = 235 * block + 10
        return cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()


def _table() -> Image:
    down = np.linspace(0, 1, HEIGHT)[:, None, None]
    wall = np.array((96, 104, 108)) * (1.15 - 0.3 * down) * np.ones((1, WIDTH, 1))
    wall[int(HEIGHT * 0.78) :] = (70, 88, 110)
    return wall.astype(np.uint8)


class ShowCamera:
    """Serves a show on ``url``, to each who connects from the moment at which it is.

    ``sent_s``: when (monotonic) the newest frame of each number was sent.
    """

    def __init__(self, show: Show) -> None:
        self._show = show
        self._newest: tuple[int, Jpeg] = 0, b""
        self.sent_s: list[float] = [float("-inf")] * NUMBERS
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._threads = [
            threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True),
            threading.Thread(target=self._play, daemon=True),
        ]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/stand.mjpeg"

    def __enter__(self) -> "ShowCamera":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()

    def _play(self) -> None:
        due_s = time.monotonic()
        for number, jpeg in enumerate(self._show.frames(), 1):
            due_s = max(due_s + 1 / RATE, time.monotonic() - 1.0)
            if self._stop.wait(max(0.0, due_s - time.monotonic())):
                return
            self.sent_s[(number - 1) % NUMBERS] = time.monotonic()
            with self._changed:
                self._newest = number, jpeg
                self._changed.notify_all()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
                self.end_headers()
                with contextlib.suppress(OSError):
                    camera._send_to(self)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

    def _send_to(self, request: BaseHTTPRequestHandler) -> None:
        sent = 0
        while not self._stop.is_set():
            with self._changed:
                self._changed.wait_for(lambda last=sent: self._newest[0] != last, 0.5)  # type: ignore[misc]
                number, jpeg = self._newest
            if number == sent:
                continue
            sent = number
            head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            request.wfile.write(head.encode() + jpeg + b"\r\n")
