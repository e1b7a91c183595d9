"""Finding and finishing what a crash has left."""

import json
import os
from pathlib import Path

import av
import pytest
from click.testing import CliRunner

from tests.clips import times_of
from tests.fakes import grey_frame, labeled
from video_labeler.archive import recover as recover_module
from video_labeler.archive.recover import LeftoverState, find_leftovers, look_at, recover
from video_labeler.commands.recover import command
from video_labeler.errors import OutputError, SourceNotFoundError
from video_labeler.files.durable_file import DurableFile
from video_labeler.movie.recording_options import RecordingOptions
from video_labeler.movie.remux import remux
from video_labeler.recording.video_recorder import VideoRecorder
from video_labeler.sources.base import SourceInfo

INFO = SourceInfo("clip", 320, 240, rate=10.0)


def leave_behind(target: Path, count: int = 30) -> Path:
    """A recording as a power cut leaves it: what is on the disk, copied while it is being written."""
    recorder = VideoRecorder(target, RecordingOptions(subtitles=True))
    recorder.open(INFO)
    for index in range(count):
        recorder.write(labeled(grey_frame(index, index / 10), "Mug" if index < 12 else "Bottle"))
    assert recorder.partial is not None
    content = recorder.partial.read_bytes()
    recorder.close(completed=False)
    (target.parent / recorder.partial.name).write_bytes(content)
    return recorder.partial


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_leftover_becomes_an_ordinary_file_without_encoding_again(tmp_path: Path, suffix: str) -> None:
    left = leave_behind(tmp_path / f"out{suffix}")
    times = times_of(left)
    assert len(times) > 20
    found = look_at(left)
    assert (found.state, found.frames) == (LeftoverState.RECOVERABLE, len(times))
    assert found.seconds == pytest.approx(len(times) / 10, abs=0.15)
    _, saved = recover(left)
    assert saved == tmp_path / f"out.recovered{suffix}"
    assert times_of(saved) == times
    assert list(tmp_path.iterdir()) == [saved]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    taken = tmp_path / "out.recovered.mp4"
    taken.write_bytes(b"precious")
    _, saved = recover(leave_behind(tmp_path / "out.mp4"))
    assert saved == tmp_path / "out.recovered-2.mp4"
    assert taken.read_bytes() == b"precious"


def test_a_file_cut_at_any_byte_is_saved_as_far_as_it_goes(tmp_path: Path) -> None:
    content = leave_behind(tmp_path / "out.mp4").read_bytes()
    for share in (0.35, 0.5, 0.71, 0.9):
        cut = tmp_path / f"cut{share}.partial.mp4"
        cut.write_bytes(content[: int(len(content) * share)])
        _, saved = recover(cut)
        assert saved is not None
        assert times_of(saved)


def test_what_is_being_written_is_left_alone(tmp_path: Path) -> None:
    recorder = VideoRecorder(tmp_path / "out.mp4")
    recorder.open(INFO)
    for index in range(20):
        recorder.write(labeled(grey_frame(index, index / 10), "Mug"))
    assert recorder.partial is not None
    leftover, saved = recover(recorder.partial)
    assert (leftover.state, saved) == (LeftoverState.IN_USE, None)
    recorder.close(completed=True)
    assert len(times_of(tmp_path / "out.mp4")) == 20


def test_files_without_a_picture_are_kept_and_named_so(tmp_path: Path) -> None:
    for name, content in {"a.partial.mp4": b"", "b.partial.mkv": b"noise" * 1000}.items():
        path = tmp_path / name
        path.write_bytes(content)
        leftover, saved = recover(path)
        assert (leftover.state, saved) == (LeftoverState.EMPTY, None)
        assert path.read_bytes() == content


def test_leftovers_are_found_by_their_names(tmp_path: Path) -> None:
    below = tmp_path / "below"
    below.mkdir()
    wanted = [tmp_path / "a.partial.mp4", tmp_path / "b-001.partial-2.mkv", below / "c.partial.MP4"]
    for path in [*wanted, tmp_path / "a.mp4", tmp_path / "d.partial.jsonl", tmp_path / "partial.mp4"]:
        path.touch()
    os.mkfifo(tmp_path / "e.partial.mp4")
    assert sorted(find_leftovers([tmp_path])) == sorted(wanted)
    assert find_leftovers([below, wanted[2]]) == [wanted[2]]
    with pytest.raises(SourceNotFoundError, match="nothing here"):
        find_leftovers([tmp_path / "nothing here"])
    with pytest.raises(OutputError, match="not a recording"):
        recover(tmp_path / "d.partial.jsonl")


def test_the_command_lists_and_saves(tmp_path: Path) -> None:
    left = leave_behind(tmp_path / "out.mp4")
    (tmp_path / "empty.partial.mp4").touch()
    listed = CliRunner().invoke(command, [str(tmp_path), "--list", "--json"])
    states = {Path(item["file"]).name: item["state"] for item in json.loads(listed.output)}
    assert states == {"out.partial.mp4": "recoverable", "empty.partial.mp4": "empty"}
    assert left.exists()
    said = CliRunner().invoke(command, [str(tmp_path)])
    assert said.exit_code == 0
    assert "Saved 2." in said.output
    assert "holds no picture" in said.output
    assert not left.exists()
    (tmp_path / "empty.partial.mp4").unlink()
    assert "no unfinished recordings" in CliRunner().invoke(command, [str(tmp_path)]).output


def test_a_name_that_leaves_no_room_is_shortened(tmp_path: Path) -> None:
    left = leave_behind(tmp_path / f"{'x' * 243}.mp4")
    assert len(left.name) == 255
    _, saved = recover(left)
    assert saved is not None
    assert len(times_of(saved)) > 20
    assert list(tmp_path.iterdir()) == [saved]


@pytest.mark.parametrize("fault", ["a packet is missing", "the last picture is spoiled"])
def test_a_copy_that_is_not_the_same_is_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    left = leave_behind(tmp_path / "out.mkv")
    before = left.read_bytes()
    (tmp_path / "other").mkdir()
    other = leave_behind(tmp_path / "other" / "out.mkv", count=20).read_bytes()

    def spoiled(path: Path, copy: DurableFile, descriptor: int) -> None:
        if fault == "a packet is missing":
            copy.write(other)
            return
        remux(path, copy, descriptor)
        with av.open(str(path)) as container:
            last = [bytes(packet) for packet in container.demux(video=0) if packet.size][-1]
        place = os.pread(descriptor, os.fstat(descriptor).st_size, 0).rindex(last)
        os.pwrite(descriptor, b"\xff" * len(last), place)

    monkeypatch.setattr(recover_module, "remux", spoiled)
    with pytest.raises(OutputError, match="not the same as the original, which is kept"):
        recover(left)
    assert left.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "out.partial.mkv"]
