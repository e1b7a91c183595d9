"""Media made to take all memory: what they claim is looked at before it is believed."""

import io
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image as Pillow

from tests.clips import moving_square, write_clip
from tests.sources.peak_memory import opened_apart
from video_labeler import limits
from video_labeler.errors import SourceError
from video_labeler.movie.sound import SoundReader
from video_labeler.sources.containers import open_file
from video_labeler.sources.local_playlist import check_playlist
from video_labeler.sources.opening import source_from_text

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the peak of memory from /proc")

_USUAL_MB = 260
"""The program with its libraries, and room for small pictures."""


@pytest.fixture(scope="module")
def huge_jpeg() -> bytes:
    memory = io.BytesIO()
    Pillow.new("L", (16200, 16200)).save(memory, "JPEG", quality=5)
    return memory.getvalue()


@pytest.fixture(scope="module")
def huge_png() -> bytes:
    memory = io.BytesIO()
    Pillow.new("1", (30000, 30000)).save(memory, "PNG")
    return memory.getvalue()


def _container_of(picture: bytes, codec: str, path: Path) -> Path:
    """A video whose container says that its pictures are small."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=5)
        stream.width, stream.height = 320, 240
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "rgb24"
        for number in range(5):
            packet = av.Packet(picture)
            packet.stream, packet.pts, packet.dts, packet.time_base = stream, number, number, Fraction(1, 5)
            packet.is_keyframe = True
            container.mux(packet)
    return path


@contextmanager
def _served(head: bytes, body: Callable[[], Iterator[bytes]]) -> Iterator[str]:
    """The address of a server that answers each request with a head and a body, for as long as anyone listens."""
    listening = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(10)
            connection.recv(4096)
            connection.sendall(head)
            for part in body():
                connection.sendall(part)

    def listen() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threads.append(threading.Thread(target=answer, args=(connection,)))
                threads[-1].start()

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/camera"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for thread in (listener, *threads):
            thread.join(15)


_PARTS = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n"
_PART = b"--b\r\nContent-Type: image/jpeg\r\n"


@pytest.mark.parametrize("suffix", [".mkv", ".mov", ".avi"])
def test_a_video_of_huge_jpegs_is_refused_in_a_sentence(tmp_path: Path, huge_jpeg: bytes, suffix: str) -> None:
    found = opened_apart(str(_container_of(huge_jpeg, "mjpeg", tmp_path / f"huge{suffix}")))
    assert "67 million pixels" in found.told
    assert found.frames == 0
    assert found.mb < _USUAL_MB


@pytest.mark.parametrize("suffix", [".nut", ".mov"])
def test_a_small_png_with_huge_pixels_in_a_video_is_refused(tmp_path: Path, huge_png: bytes, suffix: str) -> None:
    found = opened_apart(str(_container_of(huge_png, "png", tmp_path / f"huge{suffix}")))
    assert "67 million pixels" in found.told
    assert found.frames == 0
    assert found.mb < _USUAL_MB


def test_a_huge_picture_under_the_name_of_a_video_is_refused(tmp_path: Path, huge_jpeg: bytes) -> None:
    path = tmp_path / "clip.mjpeg"
    path.write_bytes(huge_jpeg * 3)
    found = opened_apart(str(path))
    assert "67 million pixels" in found.told
    assert found.mb < _USUAL_MB


def test_a_stream_of_huge_jpegs_is_refused_in_a_sentence(huge_jpeg: bytes) -> None:
    def pictures() -> Iterator[bytes]:
        while True:
            yield _PART + f"Content-Length: {len(huge_jpeg)}\r\n\r\n".encode() + huge_jpeg + b"\r\n"

    with _served(_PARTS, pictures) as url:
        found = opened_apart(url, 4.0)
    assert "67 million pixels" in found.told
    assert found.frames == 0
    assert found.mb < _USUAL_MB + limits.QUEUED_PACKETS // 2**20


@pytest.mark.parametrize("length", [b"Content-Length: 2000000000\r\n\r\n", b"\r\n"])
def test_a_part_without_end_takes_a_bounded_amount(length: bytes) -> None:
    def without_end() -> Iterator[bytes]:
        yield _PART + length + b"\xff\xd8\xff"
        while True:
            yield b"\x55" * 1_000_000

    with _served(_PARTS, without_end) as url:
        found = opened_apart(url, 4.0)
    assert found.frames == 0
    assert found.told
    # A block that is refused is still there while the next connection has one, which grows by being copied.
    assert found.mb < _USUAL_MB + 3 * limits.MEDIA_BLOCK // 2**20


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_an_animation_of_huge_pictures_is_refused(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"huge.{form.lower()}"
    # Small where it is made: its canvas is written over afterwards.
    pictures = [Pillow.new("P" if form == "GIF" else "RGB", (8, 8), number) for number in (0, 90)]
    pictures[0].save(path, form, save_all=True, append_images=pictures[1:], duration=100)
    content = bytearray(path.read_bytes())
    if form == "GIF":
        content[6:10] = (30000).to_bytes(2, "little") * 2
    elif form == "WEBP":
        content[24:30] = (16000).to_bytes(3, "little") * 2
    else:
        content[16:24] = (30000).to_bytes(4) * 2
    path.write_bytes(content)
    found = opened_apart(str(path))
    assert found.told
    assert found.frames == 0
    assert found.mb < _USUAL_MB


def test_an_animation_as_large_as_a_video_may_be_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tall.webp"
    pictures = [Pillow.new("RGB", (24, 16), number) for number in (0, 90)]
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=100)
    content = bytearray(path.read_bytes())
    # 24 x 2097168: 1.5 GB, by a file of 420 bytes.
    content[29] |= 0x20
    path.write_bytes(content)
    found = opened_apart(str(path))
    assert "24 x 2097168 pixels, more than the 16 million" in found.told
    assert found.mb < _USUAL_MB


def test_a_gif_that_grows_beyond_its_frame_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "grows.gif"
    pictures = [Pillow.new("P", (8, 8), number) for number in (0, 1)]
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=100, disposal=2)
    content = bytearray(path.read_bytes())
    second = content.rindex(b"\x2c")
    content[second + 5 : second + 9] = (30000).to_bytes(2, "little") * 2
    path.write_bytes(content)
    found = opened_apart(str(path))
    assert found.frames <= 1
    assert found.mb < _USUAL_MB


def test_a_folder_tells_which_picture_is_too_large(tmp_path: Path, huge_png: bytes) -> None:
    (tmp_path / "a.png").write_bytes(huge_png)
    Pillow.new("RGB", (32, 32)).save(tmp_path / "b.png")
    found = opened_apart(str(tmp_path))
    assert found.frames == 1
    assert "a.png" in found.told
    assert found.mb < _USUAL_MB


@pytest.mark.parametrize("start", [b"", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", b"II*\x00\x08\x00\x00\x00"])
def test_a_sparse_picture_of_gigabytes_is_not_read(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "huge.jpg"
    with path.open("wb") as file:
        file.write(start)
        file.truncate(5 * 10**9)
    found = opened_apart(str(path))
    assert found.told
    assert found.mb < _USUAL_MB


def test_damage_is_not_told_as_too_large(tmp_path: Path) -> None:
    path = tmp_path / "short.avi"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("rawvideo", rate=5)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for number in range(5):
            # Of a picture that should have 1536 bytes.
            packet = av.Packet(bytes(700))
            packet.stream, packet.pts, packet.dts, packet.time_base = stream, number, number, Fraction(1, 5)
            container.mux(packet)
    with pytest.raises(SourceError, match="too damaged to show a single picture"):
        source_from_text(str(path)).open()


@pytest.mark.parametrize("stamps", [[0, 100, 2**62, 2**62 + 100], [0, 10**15, 10**15 + 100, 3 * 10**15]])
def test_times_that_leap_for_ages_continue_without_the_leap(tmp_path: Path, stamps: list[int]) -> None:
    path = tmp_path / "leap.nut"
    memory = io.BytesIO()
    Pillow.new("RGB", (32, 32)).save(memory, "JPEG")
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuvj420p"
        for stamp in stamps:
            packet = av.Packet(memory.getvalue())
            packet.stream, packet.pts, packet.dts, packet.time_base = stream, stamp, stamp, Fraction(1, 1000)
            packet.is_keyframe = True
            container.mux(packet)
    with source_from_text(str(path)) as source:
        source.open()
        times_s = [frame.time_s for _ in stamps if (frame := source.read()) is not None]
    assert len(times_s) == 4
    assert times_s == sorted(times_s)
    assert times_s[-1] < 1.0


@pytest.fixture(scope="module")
def many_streams(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files that FFmpeg itself would open and play, with too many streams of pictures."""
    folder = tmp_path_factory.mktemp("many")
    for name in ("many.mkv", "many.mp4"):
        with av.open(str(folder / name), "w") as container:
            streams = [container.add_stream("mjpeg", rate=5) for _ in range(limits.STREAMS + 40)]
            for stream in streams:
                stream.width, stream.height, stream.pix_fmt = 32, 32, "yuvj420p"
            picture = bytes(streams[0].encode(av.VideoFrame(32, 32, "yuvj420p"))[0])
            for stream in streams:
                packet = av.Packet(picture)
                packet.stream, packet.pts, packet.dts, packet.time_base = stream, 0, 0, Fraction(1, 5)
                container.mux(packet)
    return folder


def test_of_hundreds_of_streams_few_are_looked_at_and_that_is_told(many_streams: Path) -> None:
    path = str(many_streams / "many.mkv")
    with open_file(path) as container:
        assert len(container.streams) == limits.STREAMS + 1
    with pytest.raises(SourceError, match=f"more than the {limits.STREAMS} tracks and attachments"):
        source_from_text(path).open()


def test_hundreds_of_streams_that_are_described_at_once_are_refused(many_streams: Path) -> None:
    path = many_streams / "many.mp4"
    too_many = f"more than the {limits.STREAMS} tracks and attachments"
    with pytest.raises(SourceError, match=too_many):
        source_from_text(str(path)).open()
    with pytest.raises(SourceError, match=too_many):
        SoundReader(path, "mp4").open()


_LISTS = {
    "a.mp4": "ffconcat version 1.0\nfile private.ts\n",
    "a.mov": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
    "a.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n" + "#EXTINF:5,\nprivate.ts\n" * (limits.PLAYLIST // 20),
}


@pytest.mark.parametrize("name", _LISTS)
def test_a_video_that_is_a_list_of_others_or_of_entries_without_number_is_refused(tmp_path: Path, name: str) -> None:
    write_clip(tmp_path / "private.ts", moving_square(5))
    (tmp_path / name).write_text(_LISTS[name])
    with pytest.raises(SourceError, match="cannot be read as a video"):
        source_from_text(str(tmp_path / name)).open()


@pytest.mark.parametrize(
    "line",
    [
        "//host/share/a.ts",
        r"\\\\host\share\a.ts",
        "file://host/share/a.ts",
        "file:////host/share/a.ts",
        "%5C%5Chost/a.ts",
        '#EXT-X-KEY:METHOD=AES-128,URI="//host/share/key"',
        '#EXT-X-MAP:URI="file:////host/share/a.mp4"',
    ],
)
@pytest.mark.parametrize("inside", [False, True])
def test_a_playlist_on_this_computer_names_no_file_of_another(tmp_path: Path, line: str, inside: bool) -> None:
    write_clip(tmp_path / "a.ts", moving_square(5))
    path, listed = tmp_path / "a.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n{}#EXTINF:5,\na.ts\n#EXT-X-ENDLIST\n"
    if inside:
        path.write_text("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nb.m3u8\n")
        path = tmp_path / "b.m3u8"
    path.write_text(listed.format(""))
    with source_from_text(str(tmp_path / "a.m3u8")) as source:
        assert source.open().width
    path.write_text(listed.format(f"{line}\n"))
    with pytest.raises(SourceError, match="cannot be read as a video"):
        source_from_text(str(tmp_path / "a.m3u8")).open()


def test_playlists_without_number_on_this_computer_are_not_all_looked_through(tmp_path: Path) -> None:
    names = [f"{number}.m3u8" for number in range(limits.PLAYLISTS + 1)]
    for name in names:
        (tmp_path / name).write_text("#EXTM3U\n#EXT-X-ENDLIST\n")
    (tmp_path / "all.m3u8").write_text("#EXTM3U\n" + "".join(f"#EXT-X-STREAM-INF:BANDWIDTH=1\n{n}\n" for n in names))
    with pytest.raises(ValueError, match="more playlists"):
        check_playlist(tmp_path / "all.m3u8")
