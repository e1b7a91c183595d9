"""The report in a real Chromium, from a folder, with no server."""

import base64
import json
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.clips import moving_square, write_clip
from tests.movie.streams import BOTTLE, CONTAINER, MUG, feed, moment, thing
from video_labeler.exports.best_moments import BestMoments
from video_labeler.exports.report import ReportFile
from video_labeler.exports.timeline import Timeline
from video_labeler.frames import Box, Frame, Label, LabeledFrame, StageTimes
from video_labeler.opencv import cv2
from video_labeler.sources.base import SourceInfo

SCRIPT = Label(3, "/m/3", "</script><script>window.hit=1</script><img src=x onerror='window.hit=1'>")
NASTY_NAME = "clip #1 <b>?&\"'%20ü.mp4"


def stream(count: int = 40) -> list[LabeledFrame]:
    """Four seconds: a bottle from 1 s to 3 s, a mug in the last second, and something with a dangerous name."""
    frames = []
    for index, image in enumerate(moving_square(count)):
        objects = [thing(SCRIPT, track=9, box=Box(0, 0, 30, 30))]
        if 10 <= index < 30:
            side = 40 + index
            objects.append(thing(BOTTLE, CONTAINER, track=1, box=Box(50, 60, 50 + side, 60 + side)))
        if index >= 30:
            objects.append(thing(MUG, track=2, confidence=0.6))
        frames.append(LabeledFrame(Frame(index, index / 10, image), tuple(objects), StageTimes(0.0)))
    return frames


def data_of(page: Path) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.read_text(encoding="utf-8"))
    assert found is not None
    content: dict[str, Any] = json.loads(found[1])
    return content


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report about a real clip with a nasty name, in another folder than its video."""
    folder = tmp_path_factory.mktemp("report")
    video = folder / "videos <i>" / NASTY_NAME
    video.parent.mkdir()
    plain = write_clip(folder / "plain.mp4", moving_square(40), rate=10)
    plain.rename(video)
    page = folder / "report.html"
    feed(ReportFile(page, video, "a model <u>"), stream(), SourceInfo(video.name, rate=10))
    return page


def test_the_data_of_the_page(report: Path) -> None:
    data = data_of(report)
    assert data["duration_s"] == pytest.approx(4.0)
    assert [label["name"] for label in data["labels"]] == [SCRIPT.name, "Bottle", "Mug"], "longest first"
    bottle = data["labels"][1]
    assert bottle == {"name": "Bottle", "colour": "#cc79a7", "seen_s": 2.0, "tracks": 1, "spans": [[1.0, 3.0]]}
    assert {item["name"]: item["time_s"] for item in data["objects"]} == {
        SCRIPT.name: 0.0,
        "Bottle": pytest.approx(2.9, abs=0.35),
        "Mug": 3.0,
    }
    picture = cv2.imdecode(np.frombuffer(base64.b64decode(data["objects"][1]["image"]), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert max(picture.shape) <= 240


def test_the_page_asks_for_nothing_from_elsewhere(report: Path) -> None:
    page = report.read_text(encoding="utf-8")
    assert not re.search(r"https?://|src=[\"']?//|@import|url\(", page)
    assert "default-src 'none'" in page
    assert "unsafe" not in page
    assert SCRIPT.name not in page


def test_a_page_stays_small_however_many_objects_there_are(tmp_path: Path) -> None:
    frames = (
        moment(index, index / 10, thing(BOTTLE, track=index + 1, confidence=0.4 + index % 100 / 200))
        for index in range(1500)
    )
    feed(ReportFile(tmp_path / "r.html"), frames)
    data = data_of(tmp_path / "r.html")
    assert len(data["objects"]) == 200
    assert data["objects_in_all"] == 1500
    assert min(item["confidence"] for item in data["objects"]) > 0.8, "the best are kept"
    assert (tmp_path / "r.html").stat().st_size < 3_000_000


def test_a_flickering_hour_is_joined_to_what_a_screen_can_show() -> None:
    timeline = Timeline()
    for index in range(60_000):
        objects = [thing(BOTTLE)] if index % 2 else [thing(MUG)]
        timeline.add(moment(index, index * 1.1, *objects, size=(8, 8)))
    timeline.finish(66_000)
    assert sum(len(times.spans) for times in timeline.labels.values()) <= 4001
    assert timeline.labels[BOTTLE.row].seen_s == pytest.approx(33_000, rel=0.01), "the total stays exact"


def test_the_best_moment_is_large_confident_and_whole() -> None:
    moments = BestMoments(10)
    whole, cut = Box(100, 60, 180, 140), Box(0, 60, 100, 160)
    for index, (box, confidence) in enumerate([(whole, 0.5), (cut, 0.9), (whole, 0.95), (whole, 0.9)]):
        moments.add(moment(index, float(index), thing(BOTTLE, confidence=confidence, box=box)))
    (best,) = moments.in_order()
    assert (best.time_s, best.confidence) == (2.0, 0.95)


def test_a_picture_whose_pixels_are_not_square_shows_its_object_in_its_true_shape() -> None:
    image = np.zeros((240, 320, 3), dtype=np.uint8)
    # Twice as high as it is wide, of pixels that are twice as wide.
    image[70:170, 120:170] = 255
    item = thing(BOTTLE, confidence=0.9, box=Box(120, 70, 170, 170))
    moments = BestMoments(1)
    moments.add(LabeledFrame(Frame(0, 0.0, image, pixel_aspect=2.0), (item,), StageTimes(0.0)))
    pixels = cv2.imdecode(np.frombuffer(moments.in_order()[0].jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    picture = np.asarray(pixels, dtype=int) > 128
    assert picture.shape[0] == pytest.approx(picture.shape[1], abs=2)
    assert picture.any(axis=0).sum() == pytest.approx(picture.any(axis=1).sum(), abs=4)


def test_without_labels_or_a_video_it_is_still_a_page(tmp_path: Path) -> None:
    feed(ReportFile(tmp_path / "r.html"), [moment(0, 0.0), moment(1, 1.0)])
    assert data_of(tmp_path / "r.html")["video"] is None
    feed(ReportFile(tmp_path / "s.html"), stream(), completed=False)
    assert (tmp_path / "s.partial.html").exists()
    assert not (tmp_path / "s.html").exists()


class Browser:
    """Chromium with one page at a time, and what it complained of or asked for."""

    def __init__(self, chromium: Any) -> None:
        self._chromium = chromium
        self.complaints: list[str] = []
        self.requests: list[str] = []

    def show(self, path: Path, width: int = 1280, height: int = 900, scheme: str = "light") -> Any:
        """Open a file as a person would."""
        self.complaints.clear()
        self.requests.clear()
        page = self._chromium.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(path.as_uri())
        return page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium, where one is installed."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield Browser(chromium)
        chromium.close()


def until(page: Any, condition: str) -> None:
    """Playwright's own waiting evaluates text in the page, which the page's policy forbids."""
    deadline = time.monotonic() + 20
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(20)


def test_it_loads_without_complaint_and_without_the_network(report: Path, browser: Browser) -> None:
    page = browser.show(report)
    until(page, "document.getElementById('video').readyState >= 1")
    assert page.evaluate("document.getElementById('video').duration") == pytest.approx(4.0, abs=0.11)
    assert page.locator("#failure").is_hidden()
    assert page.locator(".lane .name").all_inner_texts() == [SCRIPT.name, "Bottle", "Mug"]
    assert page.locator("h1").inner_text() == NASTY_NAME
    assert page.locator("#link").inner_text() == NASTY_NAME
    assert page.evaluate("window.hit") is None, "a name never runs"
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    assert browser.complaints == []
    asked = {url for url in browser.requests if not url.startswith("data:")}
    assert asked == {report.as_uri(), (report.parent / "videos <i>" / NASTY_NAME).as_uri()}
    page.close()


def test_a_click_jumps_to_that_second(report: Path, browser: Browser) -> None:
    page = browser.show(report)
    until(page, "document.getElementById('video').readyState >= 1")
    now = "document.getElementById('video').currentTime"
    page.locator(".name", has_text="Bottle").click()
    assert page.evaluate(now) == pytest.approx(1.0)
    bar = page.locator(".bar").nth(1)
    width = bar.bounding_box()["width"]
    bar.click(position={"x": width * 0.6, "y": 8})
    assert page.evaluate(now) == pytest.approx(2.4, abs=0.05)
    page.locator(".card", has_text="Mug").click()
    assert page.evaluate(now) == pytest.approx(3.0)
    until(page, "!document.getElementById('video').seeking")
    assert page.locator("#said").text_content() == "Mug, 0:03"
    assert browser.complaints == []
    page.close()


def test_the_keyboard_reaches_everything(report: Path, browser: Browser) -> None:
    page = browser.show(report)
    until(page, "document.getElementById('video').readyState >= 1")
    page.locator("#link").focus()
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.innerText.split('\\n')[0]"))
    assert reached == [SCRIPT.name, "Bottle", "Mug", SCRIPT.name, "Bottle", "Mug"]
    page.keyboard.press("Enter")
    assert page.evaluate("document.getElementById('video').currentTime") == pytest.approx(3.0)
    page.close()


def test_light_and_dark_differ_and_a_phone_needs_no_sideways_scrolling(report: Path, browser: Browser) -> None:
    colour = "getComputedStyle(document.body).backgroundColor + getComputedStyle(document.body).color"
    seen = set()
    for scheme in ("light", "dark"):
        page = browser.show(report, scheme=scheme)
        seen.add(page.evaluate(colour))
        page.close()
    assert len(seen) == 2
    for width in (320, 400, 1280):
        page = browser.show(report, width=width, height=800)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
        page.close()


def test_a_missing_video_is_reported(tmp_path: Path, browser: Browser) -> None:
    feed(ReportFile(tmp_path / "r.html", tmp_path / "gone.mp4"), stream())
    page = browser.show(tmp_path / "r.html")
    page.locator("#failure").wait_for(state="visible", timeout=20_000)
    page.close()


def test_without_a_video_nothing_pretends_to_jump(tmp_path: Path, browser: Browser) -> None:
    feed(ReportFile(tmp_path / "r.html"), stream())
    page = browser.show(tmp_path / "r.html")
    assert page.locator("#player").is_hidden()
    assert page.locator(".name:enabled, .card:enabled").count() == 0
    assert page.locator(".lane").count() == 3
    assert browser.complaints == []
    page.close()
