"""Subtitles that players read: checked by reading them with FFmpeg, and letter by letter."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.movie.streams import BOTTLE, MUG, feed, moment, thing
from video_labeler.exports.subtitle_file import SubtitleFile
from video_labeler.frames import Label, LabeledFrame

NASTY = Label(3, "", "a <b>bold</b> & {\\an8}\n\n00:00:01.000 --> \u2028end")


def stream() -> list[LabeledFrame]:
    """Nothing, then a mug, then a mug and two bottles, to the end at 3.0 s."""
    mug, bottles = thing(MUG), (thing(BOTTLE, track=2), thing(BOTTLE, track=3))
    objects = [()] * 5 + [(mug,)] * 10 + [(mug, *bottles)] * 15
    return [moment(index, index / 10, *shown) for index, shown in enumerate(objects)]


def read_back(path: Path) -> list[tuple[float, float]]:
    """Start and end of each cue, as FFmpeg reads them."""
    command = ["ffprobe", "-v", "warning", "-show_packets", "-of", "json", path]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not finished.stderr
    packets = json.loads(finished.stdout)["packets"]
    return [
        (float(packet["pts_time"]), round(float(packet["pts_time"]) + float(packet["duration_time"]), 3))
        for packet in packets
    ]


def test_webvtt_letter_by_letter(tmp_path: Path) -> None:
    target = tmp_path / "out.vtt"
    feed(SubtitleFile(target), stream())
    assert target.read_text(encoding="utf-8") == (
        "WEBVTT\n\n"
        "1\n00:00:00.500 --> 00:00:01.500\nMug\n\n"
        "2\n00:00:01.500 --> 00:00:03.000\nBottle \N{MULTIPLICATION SIGN}2 · Mug\n\n"
    )
    assert read_back(target) == [(0.5, 1.5), (1.5, 3.0)]


def test_subrip_is_read_by_players(tmp_path: Path) -> None:
    target = tmp_path / "out.srt"
    feed(SubtitleFile(target), stream())
    assert target.read_text(encoding="utf-8").startswith("1\n00:00:00,500 --> 00:00:01,500\nMug\n\n2\n")
    assert read_back(target) == [(0.5, 1.5), (1.5, 3.0)]


def test_its_times_are_those_of_the_frames_as_in_the_video(tmp_path: Path) -> None:
    feed(SubtitleFile(tmp_path / "out.vtt"), [moment(index, 7.25 + index / 10, thing(MUG)) for index in range(10)])
    assert read_back(tmp_path / "out.vtt") == [(7.25, 8.25)]


def test_hours_and_rounding(tmp_path: Path) -> None:
    target = tmp_path / "out.srt"
    feed(SubtitleFile(target), [moment(0, 0.0), moment(1, 3599.9996, thing(MUG)), moment(2, 36_000.0, thing(MUG))])
    assert "01:00:00,000 --> 19:00:00,000" in target.read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", [".vtt", ".srt"])
def test_a_text_never_ends_its_cue_or_acts_as_markup(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out{suffix}"
    feed(SubtitleFile(target), [moment(index, index / 10, thing(NASTY)) for index in range(10)])
    text = target.read_text(encoding="utf-8")
    assert text.count("-->") == 1
    assert len(text.strip().splitlines()) == (5 if suffix == ".vtt" else 3)
    assert len(read_back(target)) == 1
    command = ["ffmpeg", "-v", "error", "-i", target, "-f", "ass", "-"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    plain = shown.replace("\u2060", "")
    if suffix == ".srt":
        assert "<b>bold</b> & {\\an8}" in plain
        assert "{\\b1}" not in shown
    else:
        assert "&lt;b&gt;bold&lt;/b&gt; &amp; " in text


def test_a_video_without_labels_gives_an_empty_valid_file(tmp_path: Path) -> None:
    feed(SubtitleFile(tmp_path / "out.vtt"), [moment(0, 0.0), moment(1, 1.0)])
    assert (tmp_path / "out.vtt").read_text(encoding="utf-8") == "WEBVTT\n\n"


def test_after_a_failure_it_stays_partial(tmp_path: Path) -> None:
    feed(SubtitleFile(tmp_path / "out.vtt"), stream(), completed=False)
    assert [path.name for path in tmp_path.iterdir()] == ["out.partial.vtt"]
    assert len(read_back(tmp_path / "out.partial.vtt")) == 2
