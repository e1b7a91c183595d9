"""Indexes, settings, days of a stand, its messages, notes and truth files that are damaged or hostile."""

import json
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.archive.test_label_index import note
from tests.archive.test_recover import leave_behind
from tests.fuzz.trying import Kind, try_changed
from tests.movie.streams import BOTTLE, CONTAINER
from video_labeler import stored_pin
from video_labeler.annotate.manifest import InputStamp, Manifest
from video_labeler.annotate.targets import MANIFEST_NAME
from video_labeler.archive.index_file import INDEX_NAME
from video_labeler.archive.made_from import NOTES_NAME, InputMark, MadeResult, ResultNotes
from video_labeler.archive.recover import LeftoverState, look_at, recover
from video_labeler.archive.search import search
from video_labeler.errors import SettingsError, VideoLabelerError
from video_labeler.evaluation import photographs as evaluation
from video_labeler.evaluation import quality
from video_labeler.kiosk.day import Day
from video_labeler.kiosk.day_book import DayBook, read_kinds
from video_labeler.kiosk.exit_pin import ExitPin
from video_labeler.kiosk.failure import of_exit
from video_labeler.kiosk.heartbeat import parse
from video_labeler.kiosk.tally import Tally
from video_labeler.labeling.hierarchy import LabelHierarchy
from video_labeler.settings import Settings, WindowSettings
from video_labeler.settings_file import load_settings, load_tolerantly, save_changes
from video_labeler.text.shown import shown

TODAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
HIERARCHY = LabelHierarchy.from_parents(["Bottle", "Container"], [(), ()])
TALLY = Tally(
    captured=30, labelled=29, shown=28, dropped={"labelling busy": 1}, labels={"Mug": 2}, scenes={"live": 1.0}
)


def in_folder(name: str, read: Callable[[Path], object]) -> Callable[[bytes], None]:
    """Reads what lies in a file of that name."""

    def read_content(content: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(content)
            try:
                read(path)
            except VideoLabelerError as error:
                # As it reaches the terminal.
                raise type(error)(shown(str(error))) from error

    return read_content


def _indexes() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        for number in range(3):
            assert note(Path(folder) / f"{number}.mp4", BOTTLE, CONTAINER).problem is None
        path = Path(folder) / INDEX_NAME
        whole = path.read_bytes()
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("PRAGMA application_id = 0")
            database.execute("VACUUM")
        return [whole, path.read_bytes()]


def _index(path: Path) -> None:
    result = search("Bottle", path.parent, HIERARCHY)
    assert all(len(shown(problem)) < 1000 for problem in result.problems)
    assert len(result.problems) <= 1
    note(path.parent / "new.mp4", BOTTLE)


def _settings(path: Path) -> None:
    with suppress(SettingsError):
        load_settings(path)
    _, notices = load_tolerantly(path)
    assert all("\n" not in shown(notice) for notice in notices)
    save_changes(Settings(), Settings(window=WindowSettings(mirror=True)), path)
    assert load_tolerantly(path)[0].window.mirror


def _days() -> list[bytes]:
    day = Day("2026-11-22")
    day.add_heartbeat(TODAY, TALLY, 400.0, 1.0)
    day.failed(TODAY, of_exit(-9), 2.0)
    day.is_back(3.0)
    return [json.dumps(day.to_json(), indent=1).encode(), json.dumps(Day("2026-11-22").to_json()).encode()]


def _day(path: Path) -> None:
    read_kinds(path.parent, TODAY.date())
    book = DayBook(path.parent, now=lambda: TODAY)
    book.beat(TALLY, 300.0, 1.0)
    book.close()
    assert "Mug" in read_kinds(path.parent, TODAY.date())


def _notes() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        notes = ResultNotes(Path(folder))
        notes.begin([Path(folder) / "a.mp4"], InputMark("/x/a.mp4", "1"), segmented=None)
        made = MadeResult(Path(folder) / "a.mp4", [Path(folder) / "a.mp4"], {"--start": "1"})
        notes.complete([made], InputMark("/x/a.mp4", "1"), None)
        return [(Path(folder) / NOTES_NAME).read_bytes()]


def _note(path: Path) -> None:
    notes = ResultNotes(path.parent)
    (path.parent / "a.mp4").touch()
    notes.state(path.parent / "a.mp4", InputMark("/x/a.mp4", "1"), segmented=False)
    notes.made_otherwise(path.parent / "a.mp4", {"--start": "2"}, segmented=False)
    assert all("/" not in name for name in notes.results())


STAMP = InputStamp("/x/a.mp4", "../a.mp4", 3, 4)


def _manifests() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        manifest = Manifest.open(Path(folder))
        manifest.settle({"--start": "1"}, overwrite=False)
        manifest.failed(STAMP, "damaged", 1.0, of_results=False)
        manifest.done(InputStamp("/x/b.mp4", "../b.mp4", 3, 4), [Path(folder) / "b.mp4"], 1.0, 25)
        manifest.close()
        return [(Path(folder) / MANIFEST_NAME).read_bytes()]


def _manifest(path: Path) -> None:
    with closing(Manifest.open(path.parent)) as manifest:
        manifest.failed_before(STAMP)
        manifest.settle({"--start": "2"}, overwrite=False)
        manifest.failed(STAMP, "damaged", 1.0, of_results=True)
    assert manifest.problem is None


def _unfinished() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        return [leave_behind(Path(folder) / "out.mp4", 12).read_bytes()]


def _recover(path: Path) -> None:
    # The empty ones are kept, and all that is written lies beside it.
    if look_at(path).state is LeftoverState.RECOVERABLE:
        recover(path)
    assert all(".recovering" not in left.name for left in path.parent.iterdir())


BEAT = {"kind": "beat", "scene": "live", "memory_mb": 312.5, "tally": TALLY.to_json()}
TRUTH = {"rate": 25, "frames": [{"objects": [{"name": "Mug", "box": [1, 2, 30, 40], "visible": 0.5}]}] * 3}
SETTINGS = (
    b"[kiosk]\nexit_pin = '2580' # old\nidle_s = 20\n[labels]\nhide = [\n 'Person', # no\n]\n[models]\nthreads = 2\n",
    '\ufeff[kiosk]\r\nline = """a\r\nb"""\r\n'.encode(),
    "[camera]\n".encode("utf-16"),
)

KINDS = {
    "index": Kind(_indexes, in_folder(INDEX_NAME, _index), 60),
    "settings": Kind(lambda: SETTINGS, in_folder("settings.toml", _settings), 120),
    "day": Kind(_days, in_folder("day-2026-11-22.json", _day), 80),
    "message": Kind(lambda: [json.dumps(BEAT).encode(), b'{"kind": "ready"}', b'{"kind": "leave"}'], parse, 600),
    "notes of results": Kind(_notes, in_folder(NOTES_NAME, _note), 150),
    "manifest of a batch": Kind(_manifests, in_folder(MANIFEST_NAME, _manifest), 150),
    "tries of the PIN": Kind(lambda: [b'{"wrong": 3, "locked_until": 1795613934.7}\n'],
                             in_folder("tries.json", lambda path: ExitPin("2580", notes=path).fits("2580")), 80),
    "hash of the PIN": Kind(lambda: [stored_pin.hashed("2580").replace(":15:", ":10:").encode()],
                            lambda content: stored_pin.is_stored_pin(text := content.decode("latin-1"))
                            and stored_pin.fits("2580", text), 100),
    "truth about photographs": Kind(lambda: [json.dumps({f"{n}.jpg": "Mug" for n in range(20)}).encode()],
                                    in_folder("truth.json", evaluation.read_truth), 200),
    "truth about a clip": Kind(lambda: [json.dumps(TRUTH).encode()], in_folder("truth.json", quality.read_truth), 200),
    "unfinished recording": Kind(_unfinished, in_folder("out.partial.mp4", _recover), 65),
}  # fmt: skip


@pytest.mark.parametrize("name", list(KINDS))
def test_changed_inputs_are_read_or_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    try_changed(name, KINDS[name], capsys)
