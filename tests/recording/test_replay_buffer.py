"""The last seconds, saved afterwards."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np
import pytest

from tests.movie.streams import BOTTLE, CONTAINER, MUG, moment, thing
from video_labeler.errors import OutputError
from video_labeler.files.free_space import DiskFullError
from video_labeler.frames import Frame, LabeledFrame, StageTimes
from video_labeler.movie.recording_options import RecordingOptions
from video_labeler.recording.replay_buffer import ReplayBuffer
from video_labeler.sources.base import SourceInfo

RATE = 10.0
INFO = SourceInfo("camera", 320, 240, RATE)


def shown(count: int, first: int = 0, size: tuple[int, int] = (320, 240)) -> Iterable[LabeledFrame]:
    """Frames at 10 fps with a bottle in them, whose brightness tells their index."""
    return (moment(i, i / RATE, thing(BOTTLE, CONTAINER), size=size) for i in range(first, first + count))


def fed(buffer: ReplayBuffer, frames: Iterable[LabeledFrame]) -> ReplayBuffer:
    for labeled in frames:
        buffer.write(labeled)
    return buffer


@pytest.fixture
def buffer() -> ReplayBuffer:
    made = ReplayBuffer(5.0)
    made.open(INFO)
    return made


def pictures(path: Path) -> tuple[list[float], list[np.ndarray]]:
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
        return [float(frame.pts * frame.time_base) for frame in frames], [f.to_ndarray(format="bgr24") for f in frames]


def test_what_was_shown_last_is_saved_at_its_times_with_its_labels(buffer: ReplayBuffer, tmp_path: Path) -> None:
    fed(buffer, shown(123))
    target = tmp_path / "replay.mp4"
    buffer.save(target, RecordingOptions(subtitles=True, metadata={"model": "table"}))
    times, images = pictures(target)
    assert [path.name for path in tmp_path.iterdir()] == ["replay.mp4"]
    assert times[0] == 0
    assert np.allclose(np.diff(times), 0.1, atol=1e-3)
    assert 4.0 <= times[-1] <= 5.0
    assert abs(float(images[-1][20, 300].mean()) - (40 + 121 * 3 % 150)) < 3, "up to the newest frame but one"
    plain = images[-1][200:215, 250:315]
    around = images[-1][55:70, 75:245].astype(int)
    assert np.ptp(around) > 60 > np.ptp(plain.astype(int)), "the box is drawn"
    with av.open(str(target)) as container:
        assert container.metadata["title"] == "camera"
        assert "table" in container.metadata["comment"]
        (stream,) = container.streams.video
        assert (stream.width, stream.height, stream.average_rate) == (320, 240, 10)
        assert stream.codec_context.colorspace == 6
        texts = [bytes(packet)[2:].decode() for packet in container.demux(subtitles=0) if packet.size > 2]
        assert set(texts) == {"Bottle"}
        assert container.duration == pytest.approx((times[-1] + 0.1) * 1e6, abs=2e4)


def test_the_labels_of_the_time_are_in_the_subtitles(buffer: ReplayBuffer, tmp_path: Path) -> None:
    fed(buffer, (moment(i, i / RATE, thing(BOTTLE if i < 20 else MUG)) for i in range(40)))
    buffer.save(tmp_path / "replay.mkv")
    with av.open(str(tmp_path / "replay.mkv")) as container:
        cues = [(float(p.pts * p.time_base), bytes(p).decode()) for p in container.demux(subtitles=0) if p.size]
    assert [text for _, text in cues] == ["Bottle", "Bottle", "Mug", "Mug"]
    assert [start for start, _ in cues] == pytest.approx([0.0, 1.0, 2.0, 3.0], abs=0.11)


def test_it_can_be_saved_again_while_it_continues_and_after_its_end(buffer: ReplayBuffer, tmp_path: Path) -> None:
    fed(buffer, shown(30))
    buffer.save(tmp_path / "first.mp4")
    fed(buffer, shown(30, 30))
    buffer.save(tmp_path / "second.mp4")
    buffer.close(completed=True)
    buffer.save(tmp_path / "third.mp4")
    lengths = [len(pictures(tmp_path / f"{name}.mp4")[0]) for name in ("first", "second", "third")]
    assert lengths == [29, 49, 50], "the encoder holds back one picture"
    with pytest.raises(OutputError, match="exists already"):
        buffer.save(tmp_path / "first.mp4")


def test_saving_from_another_thread_disturbs_nothing(buffer: ReplayBuffer, tmp_path: Path) -> None:
    fed(buffer, shown(60))
    saver = threading.Thread(target=lambda: [buffer.save(tmp_path / f"{i}.mp4") for i in range(5)])
    saver.start()
    fed(buffer, shown(200, 60))
    saver.join(30)
    for index in range(5):
        times, _ = pictures(tmp_path / f"{index}.mp4")
        assert len(times) >= 40
        assert np.allclose(np.diff(times), 0.1, atol=1e-3)


def test_nothing_yet_is_reported(buffer: ReplayBuffer, tmp_path: Path) -> None:
    assert buffer.is_empty
    assert buffer.held_s == 0
    with pytest.raises(OutputError, match="nothing to save yet"):
        buffer.save(tmp_path / "replay.mp4")
    with pytest.raises(OutputError, match="does not exist"):
        fed(buffer, shown(5)).save(tmp_path / "none" / "replay.mp4")
    assert not list(tmp_path.iterdir())


def test_memory_is_bounded_by_time_and_by_bytes() -> None:
    rng = np.random.default_rng(1)
    noise = [rng.integers(0, 255, (240, 320, 3), dtype=np.uint8) for _ in range(7)]

    def noisy(count: int) -> Iterable[LabeledFrame]:
        for index in range(count):
            yield LabeledFrame(Frame(index, index / RATE, noise[index % 7]), (), StageTimes(0.0))

    for buffer, most_bytes in ((ReplayBuffer(5.0), 10**8), (ReplayBuffer(300.0, 2 * 10**6), 2 * 10**6)):
        buffer.open(INFO)
        sizes = []
        for labeled in noisy(900):
            buffer.write(labeled)
            sizes.append(buffer.size_bytes)
        assert max(sizes) <= most_bytes
        assert max(sizes[-100:]) < 1.3 * max(sizes[100:200])
        assert buffer.held_s > 1
        with buffer._lock:
            held = sum(len(p.coded.data) for group in buffer._groups for p in group.pictures)
        assert buffer.size_bytes == pytest.approx(held, rel=0.1)
        buffer.close(completed=True)
    tiny = ReplayBuffer(5.0, 1000)
    tiny.open(INFO)
    fed(tiny, noisy(50))
    assert tiny.size_bytes <= 1000, "even one second alone is too much"


def test_another_size_is_letterboxed_until_nothing_else_is_held(buffer: ReplayBuffer, tmp_path: Path) -> None:
    fed(buffer, shown(40))
    fed(buffer, shown(30, 40, (200, 240)))
    buffer.save(tmp_path / "mixed.mp4")
    _, images = pictures(tmp_path / "mixed.mp4")
    assert {image.shape for image in images} == {(240, 320, 3)}
    assert images[-1][:, :40].max() < 30, "black at the side"
    fed(buffer, shown(80, 70, (200, 240)))
    buffer.save(tmp_path / "settled.mp4")
    _, images = pictures(tmp_path / "settled.mp4")
    assert {image.shape for image in images} == {(240, 200, 3)}
    assert len(images) >= 40


def test_pictures_of_ever_other_sizes_stay_in_one_film(buffer: ReplayBuffer, tmp_path: Path) -> None:
    for index in range(80):
        fed(buffer, shown(1, index, (201 + index % 3 * 40, 160)))
    buffer.save(tmp_path / "replay.mp4")
    assert len(pictures(tmp_path / "replay.mp4")[1]) >= 40


def test_a_gap_and_a_time_that_goes_back(buffer: ReplayBuffer, tmp_path: Path) -> None:
    fed(buffer, shown(40))
    fed(buffer, (moment(40 + i, 600 + i / RATE) for i in range(20)))
    assert buffer.held_s < 5, "what was before the gap is no longer what just happened"
    fed(buffer, shown(20))
    buffer.save(tmp_path / "replay.mp4")
    times, _ = pictures(tmp_path / "replay.mp4")
    assert times == pytest.approx([i / RATE for i in range(19)], abs=1e-3)


def test_a_full_disk_is_reported_before_and_midway(
    buffer: ReplayBuffer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fed(buffer, shown(40))
    with pytest.raises(DiskFullError):
        buffer.save(tmp_path / "none.mp4", RecordingOptions(reserve_bytes=10**18))
    assert not list(tmp_path.iterdir())
    answers = iter([False] * 20)
    monkeypatch.setattr("video_labeler.movie.movie_file.MovieFile.must_end", property(lambda _: next(answers, True)))
    with pytest.raises(DiskFullError, match=r"Everything up to then .* is in .*half\.mp4"):
        buffer.save(tmp_path / "half.mp4")
    assert len(pictures(tmp_path / "half.mp4")[0]) == 21


KILLED = """
import sys, time
from pathlib import Path
from tests.recording.test_replay_buffer import INFO, fed, shown
from video_labeler.movie.movie_file import MovieFile
from video_labeler.recording.replay_buffer import ReplayBuffer

real = MovieFile.copy
def slowly(self, picture, cues):
    real(self, picture, cues)
    print("frame", flush=True)
    time.sleep(0.05)
MovieFile.copy = slowly
buffer = ReplayBuffer(5.0)
buffer.open(INFO)
fed(buffer, shown(60)).save(Path(sys.argv[1]))
"""


def test_a_kill_while_it_is_saved_leaves_nothing_under_the_name(tmp_path: Path) -> None:
    target = tmp_path / "replay.mp4"
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(target)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for _ in range(30):
        assert child.stdout.readline() == "frame\n"
    child.send_signal(signal.SIGKILL)
    child.wait(20)
    child.stdout.close()
    assert not target.exists()
    (partial,) = tmp_path.iterdir()
    times, _ = pictures(partial)
    assert len(times) >= 15, "and the partial file can be read"
