"""What an address answers with cannot make the program ask other computers, unless that was allowed."""

import contextlib
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.sources.peak_memory import opened_apart
from video_labeler import limits
from video_labeler.errors import SourceError
from video_labeler.sources.network_stream import NetworkStream
from video_labeler.sources.web_access import may_ask

_HEAD = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n"
_END = "#EXT-X-ENDLIST\n"


class _Host:
    """A web server on one of this computer's own addresses; ``/to/ADDRESS`` sends on to there."""

    def __init__(self, address: str, folder: Path) -> None:
        self.asked: list[str] = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.asked.append(self.path)
                if self.path.startswith("/to/"):
                    self.send_response(302)
                    self.send_header("Location", self.path[4:])
                    self.end_headers()
                    return
                path = folder / self.path[1:]
                if not path.is_file():
                    self.send_error(404)
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(path.stat().st_size))
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(path.read_bytes())

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer((address, 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        self.url = f"http://{address}:{self._server.server_address[1]}/"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web")
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=160x120:r=10", "-t", "4", "-c:v", "libx264"]
    command += ["-g", "10", "-hls_time", "2", "-hls_list_size", "0"]
    subprocess.run([*command, "list.m3u8"], cwd=folder, check=True)
    (folder / "key").write_bytes(bytes(16))
    (folder / "key_info").write_text(f"key\n{folder / 'key'}\n")
    subprocess.run([*command, "-hls_key_info_file", "key_info", "coded.m3u8"], cwd=folder, check=True)
    subprocess.run([*command, "-hls_segment_type", "fmp4", "parts.m3u8"], cwd=folder, check=True)
    return folder


@pytest.fixture
def here(folder: Path) -> Iterator[_Host]:
    host = _Host("127.0.0.1", folder)
    yield host
    host.close()


@pytest.fixture
def other(folder: Path) -> Iterator[_Host]:
    try:
        host = _Host("127.0.0.2", folder)
    except OSError:
        pytest.skip("this system has one address of its own")
    yield host
    host.close()


def _frames(url: str, *, other_hosts: bool = False) -> int:
    stream = NetworkStream(url, other_hosts=other_hosts)
    count = 0
    try:
        stream.open()
        while not stream.ended:
            count += stream.read() is not None
    finally:
        stream.close()
    return count


@pytest.mark.parametrize("name", ["list.m3u8", "coded.m3u8", "parts.m3u8", "to/{here}list.m3u8", "to/{here}list0.ts"])
def test_what_is_on_the_same_computer_plays(here: _Host, name: str) -> None:
    assert _frames(here.url + name.format(here=here.url)) in (20, 40)


@pytest.mark.parametrize(
    "text",
    [
        _HEAD + "{other}list0.ts\n" + _END,
        _HEAD + "list0.ts\n#EXTINF:2,\n{other}list1.ts\n" + _END,
        _HEAD + "to/{other}list0.ts\n" + _END,
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{other}list.m3u8\n",
        _HEAD.replace("#EXTINF", '#EXT-X-KEY:METHOD=AES-128,URI="{other}key"\n#EXTINF') + "coded0.ts\n" + _END,
        _HEAD.replace("#EXTINF", '#EXT-X-KEY:METHOD=AES-128,URI="key"\n#EXTINF') + "{other}coded0.ts\n" + _END,
        _HEAD.replace("#EXTINF", '#EXT-X-KEY:METHOD=AES-128,URI="key"\n#EXTINF') + "to/{other}coded0.ts\n" + _END,
        _HEAD.replace("#EXTINF", '#EXT-X-MAP:URI="{other}init.mp4"\n#EXTINF') + "parts0.m4s\n" + _END,
        _HEAD + "tcp://127.0.0.2:{port}/list0.ts\n" + _END,
        "ffconcat version 1.0\nfile {other}list0.ts\n",
    ],
)
def test_a_playlist_cannot_name_another_computer(here: _Host, other: _Host, folder: Path, text: str) -> None:
    port = other.url.rpartition(":")[2].strip("/")
    (folder / "hostile.m3u8").write_text(text.format(other=other.url, port=port))
    with contextlib.suppress(SourceError):
        _frames(here.url + "hostile.m3u8")
    assert other.asked == []


def test_a_redirect_to_another_computer_is_reported_and_followed_where_it_is_allowed(here: _Host, other: _Host) -> None:
    url = f"{here.url}to/{other.url}list.m3u8"
    with pytest.raises(SourceError, match=r"redirects to another computer, 127\.0\.0\.2.*other_hosts"):
        _frames(url)
    assert other.asked == []
    assert _frames(url, other_hosts=True) == 40
    assert other.asked


def test_a_playlist_of_another_computer_plays_where_that_is_allowed(here: _Host, other: _Host, folder: Path) -> None:
    (folder / "spread.m3u8").write_text(f"{_HEAD}list0.ts\n#EXTINF:2,\n{other.url}list1.ts\n{_END}")
    with pytest.raises(SourceError, match="other_hosts"):
        _frames(here.url + "spread.m3u8")
    assert _frames(here.url + "spread.m3u8", other_hosts=True) == 40


@pytest.mark.parametrize("place", ["file://{path}", "{path}", "concat:{path}", "subfile,,start,0,end,0,,:{path}"])
def test_a_playlist_cannot_name_a_file_of_this_computer(here: _Host, folder: Path, place: str) -> None:
    for other_hosts in (False, True):
        (folder / "files.m3u8").write_text(_HEAD + place.format(path=folder / "list0.ts") + "\n" + _END)
        frames = 0
        with contextlib.suppress(SourceError):
            frames = _frames(here.url + "files.m3u8", other_hosts=other_hosts)
        assert frames == 0


def test_redirects_in_a_circle_end(here: _Host) -> None:
    with pytest.raises(SourceError, match="endlessly"):
        _frames(here.url + "to/" + "list.m3u8")
    assert len(here.asked) < 3 * limits.REDIRECTS


def test_playlists_without_number_are_not_all_opened(here: _Host, folder: Path) -> None:
    for number in range(200):
        (folder / f"v{number}.m3u8").write_text((folder / "list.m3u8").read_text())
    lists = "".join(f"#EXT-X-STREAM-INF:BANDWIDTH={number + 1}\nv{number}.m3u8\n" for number in range(200))
    (folder / "many.m3u8").write_text("#EXTM3U\n" + lists)
    stream = NetworkStream(here.url + "many.m3u8")
    with contextlib.suppress(SourceError):
        stream.open()
    stream.close()
    pieces = [path for path in here.asked if path.startswith("/v")]
    assert len(pieces) <= 2 * limits.PLAYLISTS + 4


def test_a_playlist_that_names_itself_is_not_opened_for_ever(here: _Host, folder: Path) -> None:
    (folder / "itself.m3u8").write_text("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nitself.m3u8?1\n")
    (folder / "itself.m3u8?1").write_text("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nitself.m3u8?1\n")
    with pytest.raises(SourceError):
        _frames(here.url + "itself.m3u8")


def test_a_playlist_without_end_takes_little_memory(here: _Host, folder: Path) -> None:
    (folder / "endless.m3u8").write_text(_HEAD + "list0.ts\n" + "#EXTINF:2,\nx.ts\n" * 4_000_000)
    found = opened_apart(here.url + "endless.m3u8")
    assert found.told
    assert found.mb < 300


@pytest.mark.parametrize(
    ("url", "target", "may"),
    [
        ("http://a.example/x", "http://a.example:81/y", True),
        ("http://a.example/x", "https://www.A.example/y", True),
        ("https://a.example/x", "http://a.example/y", False),
        ("http://a.example/x", "http://b.example/y", False),
        ("http://a.example/x", "http://a.example@b.example/y", False),
        ("http://a.example/x", "http://a.example.b.example/y", False),
        ("http://a.example/x", "file:///etc/passwd", False),
        ("http://a.example/x", "http://[::1/y", False),
        ("http://a.example/x", "rtsp://a.example/y", False),
    ],
)
def test_which_computer_is_the_same(url: str, target: str, may: bool) -> None:
    assert may_ask(url, target, other_hosts=False) is may
