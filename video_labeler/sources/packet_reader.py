"""Reads a stream's packets from the network as they arrive, so that none ages in a buffer."""

import threading
import time
from collections import deque
from dataclasses import dataclass

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from video_labeler import limits

_BEHIND = 3
"""With more packets than this waiting, the decoder has fallen behind."""

_MOST = 256
"""The most packets that are kept, within a limit of bytes.

Beyond it a live stream drops the oldest, and reading a recording pauses.
"""

_SETTLING_S = 0.05
"""How long to collect the packets that were sent while the format was probed: they arrive together, and are old."""

_CLOSE_LIMIT_S = 0.3


@dataclass(frozen=True, slots=True)
class Arrival:
    """A packet, and when it arrived (monotonic seconds)."""

    packet: "Packet[VideoStream]"
    at_s: float


class PacketReader:
    """Reads in its own thread, which alone uses the connection. Everything else is for one other thread.

    A ``live`` stream skips to its last key frame whenever the reader of the packets falls behind.
    """

    def __init__(self, container: InputContainer, stream: VideoStream, *, live: bool) -> None:
        self._container = container
        self._stream = stream
        self._live = live
        # The lock is entered directly, as in FrameQueue: Ctrl-C must not leave it locked.
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._waiting: deque[Arrival] = deque()
        self._error: Exception | None = None
        self._finished = False
        self._closing = False
        self._settled = not live
        self._first_stamp_s: float | None = None
        self._span_s = 0.0
        self._bytes = 0
        self._thread = threading.Thread(target=self._run, name="stream", daemon=True)
        self._thread.start()

    def take(self, timeout_s: float) -> Arrival | None:
        """The next packet worth decoding; ``None`` if none arrived.

        Raises:
            EOFError: the stream has ended.
            FFmpegError, OSError: the connection broke.
        """
        if not self._settled:
            self._settled = True
            time.sleep(_SETTLING_S)
        with self._lock:
            self._changed.wait_for(lambda: self._waiting or self._finished, timeout_s)
            if self._live and len(self._waiting) > _BEHIND:
                self._skip_to_last_key_frame()
            if self._waiting:
                self._changed.notify_all()
                return self._removed()
            if self._error is not None:
                raise self._error
        return None

    def peek(self, timeout_s: float) -> "Packet[VideoStream] | None":
        """The oldest waiting packet, without removing it; ``None`` if none arrived."""
        with self._lock:
            self._changed.wait_for(lambda: self._waiting or self._finished, timeout_s)
            return self._waiting[0].packet if self._waiting else None

    @property
    def span_s(self) -> float:
        """How much of the stream has arrived, in seconds of its own clock."""
        return self._span_s

    @property
    def has_ended(self) -> bool:
        """Whether everything has been received."""
        return self._finished

    @property
    def waiting(self) -> int:
        """How many packets wait."""
        return len(self._waiting)

    @property
    def is_behind(self) -> bool:
        """Whether more packets wait than a live picture should have."""
        return self._live and len(self._waiting) > _BEHIND

    def close(self) -> None:
        """Close the connection; if it hangs, its own thread does so as soon as possible."""
        with self._lock:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(_CLOSE_LIMIT_S)
        with self._lock:
            self._waiting.clear()
            self._bytes = 0
            # Its traceback references the decoder, whose threads would stay until they are collected.
            self._error = None

    def _skip_to_last_key_frame(self) -> None:
        keys = [place for place, arrival in enumerate(self._waiting) if arrival.packet.is_keyframe]
        for _ in range(keys[-1] if keys else 0):
            self._removed()

    def _removed(self) -> Arrival:
        oldest = self._waiting.popleft()
        self._bytes -= oldest.packet.size
        return oldest

    def _make_room(self, packet: "Packet[VideoStream]") -> None:
        if not self._live:
            self._changed.wait_for(lambda: self._has_room(packet) or self._closing)
        while not self._has_room(packet):
            self._removed()

    def _has_room(self, packet: "Packet[VideoStream]") -> bool:
        """Whether one more may wait; a single one always may."""
        fits = len(self._waiting) < _MOST and self._bytes + packet.size <= limits.QUEUED_PACKETS
        return fits or not self._waiting

    def _note_time(self, packet: "Packet[VideoStream]") -> None:
        stamp = packet.dts if packet.pts is None else packet.pts
        if stamp is None or not packet.time_base:
            return
        stamp_s = float(stamp * packet.time_base)
        if self._first_stamp_s is None:
            self._first_stamp_s = stamp_s
        self._span_s = max(self._span_s, stamp_s - self._first_stamp_s)

    def _run(self) -> None:
        try:
            while not self._closing:
                try:
                    self._read_on()
                except (av.error.ExitError, av.error.TimeoutError):
                    # Nothing arrived for a while, which the silence itself shows.
                    continue
        except Exception as error:  # noqa: BLE001 - raised in take()
            self._error = error
        finally:
            with self._lock:
                self._finished = True
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._closing)
            self._container.close()

    def _read_on(self) -> None:
        for packet in self._container.demux(self._stream):
            with self._lock:
                self._make_room(packet)
                if self._closing:
                    return
                self._bytes += packet.size
                self._waiting.append(Arrival(packet, time.monotonic()))
                self._note_time(packet)
                self._changed.notify_all()
        raise EOFError
