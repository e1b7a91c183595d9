"""Turns interlaced pictures, whose two fields were taken one after the other, into progressive ones."""

import logging

import av
from av.filter import Graph
from av.video.frame import VideoFrame

_log = logging.getLogger(__name__)


class Deinterlacer:
    """Gives one picture for each one, with the same time; progressive ones cost nothing.

    From the first interlaced picture on, each is returned once the next one is given, and the last by :meth:`flush`.
    """

    def __init__(self) -> None:
        self.has_worked = False
        """Whether any picture was interlaced."""
        self._graph: Graph | None = None
        self._shape: tuple[int, int, str] | None = None

    def passed(self, picture: VideoFrame) -> list[VideoFrame]:
        """Add a picture, and return those that are ready."""
        if self._graph is None and not picture.interlaced_frame:
            return [picture]
        shape = (picture.width, picture.height, picture.format.name)
        ready = self.flush() if self._graph is not None and shape != self._shape else []
        if self._graph is None and not picture.interlaced_frame:
            return [*ready, picture]
        if self._graph is None:
            self._graph, self._shape, self.has_worked = _graph_for(picture), shape, True
        try:
            self._graph.vpush(picture)
        except (av.FFmpegError, ValueError):
            _log.warning("A picture could not be deinterlaced", exc_info=True)
            return [*ready, picture]
        return [*ready, *_pulled(self._graph)]

    def flush(self) -> list[VideoFrame]:
        """The pictures that are still held."""
        graph, self._graph = self._graph, None
        if graph is None:
            return []
        graph.vpush(None)
        return _pulled(graph)


def _graph_for(picture: VideoFrame) -> Graph:
    graph = Graph()
    source = graph.add_buffer(
        width=picture.width, height=picture.height, format=picture.format, time_base=picture.time_base
    )
    filtering = graph.add("bwdif", "mode=send_frame:parity=auto:deint=interlaced")
    sink = graph.add("buffersink")
    source.link_to(filtering)
    filtering.link_to(sink)
    graph.configure()
    return graph


def _pulled(graph: Graph) -> list[VideoFrame]:
    pictures = []
    while True:
        try:
            pictures.append(graph.vpull())
        except (av.error.BlockingIOError, av.error.EOFError):
            return pictures
