"""Playing a file: its pace, and what a person does with it."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from tests.sources.clips import write_test_clip
from video_labeler.frames import Frame
from video_labeler.sources.base import Delivery, SourceInfo, SourceState
from video_labeler.sources.playback import Playback
from video_labeler.sources.video_file import VideoFile

COUNT, RATE = 20, 20


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_test_clip(tmp_path_factory.mktemp("playback") / "a.mp4", size=(96, 64), count=COUNT, rate=RATE)


@pytest.fixture
def playback(clip: Path) -> Iterator[Playback]:
    with Playback(VideoFile(clip)) as playing:
        playing.open()
        yield playing


def frames_until(playback: Playback, count: int, limit_s: float = 15) -> list[Frame]:
    frames: list[Frame] = []
    deadline = time.monotonic() + limit_s
    while len(frames) < count and time.monotonic() < deadline:
        frame = playback.read(0.05)
        if frame is not None:
            frames.append(frame)
    return frames


def read_to_end(playback: Playback) -> list[Frame]:
    frames = []
    deadline = time.monotonic() + 15
    while not playback.position.ended and time.monotonic() < deadline:
        frame = playback.read(0.05)
        if frame is not None:
            frames.append(frame)
    return frames


def test_a_jump_leaves_a_gap_in_the_indices(playback: Playback) -> None:
    playback.set_speed(4.0)
    before = frames_until(playback, 3)
    playback.seek(before[-1].time_s + 1 / RATE)
    after = frames_until(playback, 2)
    assert after[0].index > before[-1].index + 1
    assert after[1].index == after[0].index + 1


@pytest.mark.parametrize("speed", [1.0, 4.0])
def test_it_plays_every_frame_not_sooner_than_it_is_due(playback: Playback, speed: float) -> None:
    playback.set_speed(speed)
    begun = time.monotonic()
    frames = read_to_end(playback)
    taken = time.monotonic() - begun
    assert playback.delivery is Delivery.EVERY_FRAME
    assert [frame.index for frame in frames] == list(range(COUNT))
    assert taken >= (COUNT - 1) / RATE / speed * 0.95
    for earlier, later in pairwise(frames):
        assert later.captured_s >= earlier.captured_s


def test_captured_is_when_it_was_shown_not_when_it_was_decoded(playback: Playback) -> None:
    frames_until(playback, 1)
    playback.pause()
    assert playback.read(0.3) is None
    playback.play()
    before = time.monotonic()
    (frame,) = frames_until(playback, 1)
    assert frame.captured_s >= before


def test_a_loop_of_one_picture_rests_between_its_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_test_clip(tmp_path / "one.mp4", size=(96, 64), count=1, rate=RATE)
    with Playback(VideoFile(path), loop=True) as playing:
        playing.open()
        assert len(frames_until(playing, 2)) == 2
        monkeypatch.setattr("video_labeler.sources.playback._LONE_PICTURE_S", 1000.0)
        assert playing.read(20 / RATE) is None


def test_a_duration_that_the_header_says_wrongly_is_corrected_at_the_end(clip: Path) -> None:
    class TooLong(VideoFile):
        def open(self) -> SourceInfo:
            return replace(super().open(), duration_s=99.0)

    with Playback(TooLong(clip)) as playing:
        assert playing.open().duration_s == 99.0
        playing.set_speed(4.0)
        read_to_end(playing)
        assert playing.position.duration_s == pytest.approx(COUNT / RATE)


def test_a_slow_reader_slows_the_playing_and_misses_nothing(playback: Playback) -> None:
    frames = []
    while not playback.position.ended:
        frame = playback.read(0.05)
        if frame is not None:
            frames.append(frame)
            if frame.index < 4:
                time.sleep(0.3)
    assert [frame.index for frame in frames] == list(range(COUNT))
    # After the pause the rest still takes its own time: nothing is caught up with in a rush.
    assert frames[-1].captured_s - frames[4].captured_s >= (COUNT - 5) / RATE * 0.8


def test_pause_holds_and_play_continues_where_it_was(playback: Playback) -> None:
    shown = frames_until(playback, 3)
    playback.pause()
    assert playback.position.paused
    assert playback.read(0.2) is None
    assert playback.position.time_s == shown[-1].time_s
    playback.play()
    assert frames_until(playback, 1)[0].index == 3


def test_pausing_before_the_first_frame_still_shows_it(playback: Playback) -> None:
    playback.pause()
    (frame,) = frames_until(playback, 1)
    assert frame.index == 0
    assert playback.read(0.15) is None
    playback.play()
    assert frames_until(playback, 1)[0].index == 1


def test_steps_go_frame_by_frame(playback: Playback) -> None:
    frames_until(playback, 2)
    for expected in (2, 3, 4):
        playback.step()
        assert frames_until(playback, 1)[0].index == expected
        assert playback.read(0.1) is None
    assert playback.position.paused


def test_a_seek_shows_its_frame_also_while_paused(playback: Playback) -> None:
    frames_until(playback, 2)
    playback.pause()
    playback.seek(0.5)
    assert playback.position.time_s == 0.5
    (frame,) = frames_until(playback, 1)
    assert frame.time_s == pytest.approx(0.5)
    assert playback.read(0.15) is None
    playback.seek(0.0)
    assert frames_until(playback, 1)[0].time_s == 0.0


def test_a_seek_while_it_waits_takes_effect_at_once(playback: Playback) -> None:
    frames_until(playback, 1)
    playback.pause()
    found: list[Frame | None] = []
    reader = threading.Thread(target=lambda: found.append(playback.read(10)))
    reader.start()
    time.sleep(0.1)
    playback.seek(0.7)
    reader.join(5)
    assert found
    assert found[0] is not None
    assert found[0].time_s == pytest.approx(0.7)


def test_at_the_end_it_stays_until_it_is_played_again(playback: Playback) -> None:
    playback.set_speed(4)
    read_to_end(playback)
    assert playback.position.ended
    assert playback.status.state is SourceState.ENDED
    assert not playback.ended
    assert playback.read(0.1) is None
    playback.play()
    assert not playback.position.ended
    assert frames_until(playback, 1)[0].time_s == 0.0
    read_to_end(playback)
    playback.seek(0.5)
    assert not playback.position.ended
    assert frames_until(playback, 1)[0].time_s == pytest.approx(0.5)


def test_a_seek_beyond_the_end_stays_inside(playback: Playback) -> None:
    frames_until(playback, 1)
    playback.seek(500)
    duration = playback.position.duration_s
    assert duration is not None
    assert playback.position.time_s == duration
    assert frames_until(playback, 1)[0].time_s == pytest.approx((COUNT - 1) / RATE)


def test_the_frame_that_stands_still_can_be_shown_again(playback: Playback) -> None:
    frames_until(playback, 3)
    playback.show_again()
    assert frames_until(playback, 1)[0].index == 3, "while it plays the next one comes soon enough"
    playback.pause()
    playback.show_again()
    assert frames_until(playback, 1)[0].index == 3
    assert playback.read(0.1) is None


def test_a_loop_begins_again(clip: Path) -> None:
    with Playback(VideoFile(clip), loop=True) as playback:
        playback.open()
        playback.set_speed(4)
        frames = frames_until(playback, COUNT + 3)
    assert [frame.time_s for frame in frames[COUNT:]] == pytest.approx([0, 1 / RATE, 2 / RATE], abs=1e-6)


def test_what_is_asked_before_the_file_is_open_holds(clip: Path) -> None:
    with Playback(VideoFile(clip)) as playback:
        playback.pause()
        playback.seek(0.4)
        playback.set_speed(100)
        playback.open()
        assert frames_until(playback, 1)[0].time_s == pytest.approx(0.4)
        assert playback.read(0.1) is None
        assert playback.position.speed == 4.0


def test_while_nobody_looks_few_frames_are_made_and_the_pace_stays(playback: Playback) -> None:
    playback.spare(0.3)
    frames_until(playback, 1)
    begun = time.monotonic()
    frames = read_to_end(playback)
    taken = time.monotonic() - begun
    assert 2 <= len(frames) <= 6
    # Without a gap: nothing has jumped.
    assert [frame.index for frame in frames] == list(range(1, len(frames) + 1))
    assert frames[-1].time_s == pytest.approx((COUNT - 1) / RATE)
    assert taken >= (COUNT - 1) / RATE * 0.95
    assert all(later.time_s - earlier.time_s > 0.2 for earlier, later in pairwise(frames[:-1]))


def test_who_looks_again_sees_the_picture_of_that_moment(playback: Playback) -> None:
    playback.spare(30.0)
    (first,) = frames_until(playback, 1)
    assert playback.read(0.5) is None
    playback.spare(0.0)
    asked_s = time.monotonic()
    (frame,) = frames_until(playback, 1)
    at_least_s = asked_s - first.captured_s - 2 / RATE
    assert at_least_s <= frame.time_s <= frame.captured_s - first.captured_s + 2 / RATE
    following = frames_until(playback, 2)
    assert [later.time_s for later in following] == pytest.approx([frame.time_s + i / RATE for i in (1, 2)])


def test_a_file_that_is_paused_or_wound_while_nobody_looks_obeys_at_once(playback: Playback) -> None:
    playback.spare(30.0)
    frames_until(playback, 1)
    playback.pause()
    playback.seek(0.5)
    (frame,) = frames_until(playback, 1)
    assert frame.time_s == pytest.approx(0.5)
    playback.step()
    (frame,) = frames_until(playback, 1)
    assert frame.time_s == pytest.approx(0.5 + 1 / RATE)
