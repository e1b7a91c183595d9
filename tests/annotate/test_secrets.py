"""Passwords reach the camera as they are meant, and nothing else."""

import base64
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

from video_labeler.opencv import cv2
from video_labeler.sources.moving_picture import MovingPicture

PASSWORD = "a@b:c%d#/?ü"


class Camera(BaseHTTPRequestHandler):
    """Pictures, for those who know the password."""

    def do_GET(self) -> None:
        if self.headers.get("Authorization") != "Basic " + base64.b64encode(f"admin:{PASSWORD}".encode()).decode():
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="camera"')
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace;boundary=f")
        self.end_headers()
        picture = MovingPicture(64, 48)
        pause = threading.Event()
        try:
            for number in range(100):
                jpeg = cv2.imencode(".jpg", picture.draw(number))[1].tobytes()
                self.wfile.write(b"--f\r\nContent-Type: image/jpeg\r\n\r\n" + jpeg + b"\r\n")
                pause.wait(0.05)
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Camera) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "video_labeler", "--debug", *words]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=100, check=False)


def test_the_password_is_in_nothing_that_is_written_or_said(port: int, tmp_path: Path) -> None:
    encoded = quote(PASSWORD, safe="")
    address = f"http://admin:{encoded}@127.0.0.1:{port}/s?pwd=geheim&channel=1"
    done = run(tmp_path, "annotate", address, "--end", "0.3", "--json", "--export", "jsonl,csv,coco", "--report")
    assert done.returncode == 0, done.stderr
    refused = run(tmp_path, "annotate", f"http://admin:geheim@127.0.0.1:{port}/s", "-o", "x.mp4")
    assert refused.returncode == 1
    assert b"http://user:password@host" in refused.stderr
    both = run(tmp_path, "annotate", address.replace("geheim", "geheim2"), f"http://a:geheim@127.0.0.1:{port}/t", "-o",
               "many", "--end", "0.3", "--json")  # fmt: skip
    assert both.returncode == 1
    said = [*(getattr(item, name) for item in (done, refused, both) for name in ("stdout", "stderr"))]
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    names = [os.fsencode(path) for path in tmp_path.rglob("*")]
    assert len(written) > 7
    for secret in (b"geheim", encoded.encode(), PASSWORD.encode()):
        assert not [text for text in (*said, *written, *names) if secret in text]


@pytest.mark.parametrize("sign", ["#", "/", "?"])
def test_a_raw_sign_in_a_password_is_explained_without_it(sign: str, tmp_path: Path) -> None:
    done = run(tmp_path, "annotate", f"rtsp://admin:se{sign}cret@127.0.0.1:9/x", "-o", "o.mp4")
    assert done.returncode == 1
    assert f"write {sign} as {quote(sign, safe='')}".encode() in done.stderr
    assert b"cret" not in done.stderr


@pytest.mark.parametrize("sign", "#/?@")
@pytest.mark.parametrize("command", ["label", "recover", "annotate"])
def test_no_command_repeats_the_password_of_an_address_that_it_cannot_use(
    command: str, sign: str, tmp_path: Path
) -> None:
    done = run(tmp_path, command, f"rtsp://admin:ver{sign}raten@127.0.0.1:9/x?token=verraten")
    said = done.stdout + done.stderr
    assert done.returncode in (1, 2)
    assert b"127.0.0.1" in said
    assert b"raten" not in said
    assert b"'ver'" not in said


@pytest.mark.parametrize("command", ["label", "annotate"])
def test_an_address_that_lost_a_slash_keeps_its_password_to_itself(command: str, tmp_path: Path) -> None:
    done = run(tmp_path, command, "rtsp:/admin:verraten@127.0.0.1:9/x?token=verraten")
    said = done.stdout + done.stderr
    assert done.returncode in (1, 2)
    assert b"127.0.0.1" in said
    assert b"verraten" not in said
