"""Concatenated recordings whose sound differs: each part is heard as it is."""

import subprocess
from pathlib import Path

import av
import numpy as np
import pytest

from tests.movie.test_sound import copy
from tests.sources.joined import joined

_TONE_HZ = 440
_CODECS = {"mp4": ("libx264", "aac"), "flv": ("flv", "aac"), "wmv": ("wmv2", "wmav2")}


def part(path: Path, *sound: str, rate: int = 44100) -> Path:
    """Two seconds of pictures, with a tone if options for its encoding are given."""
    video = ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=10:d=2"]
    tone = ["-f", "lavfi", "-i", f"sine=f={_TONE_HZ}:d=2:r={rate}"] if sound else []
    codec = _CODECS[path.suffix[1:]][0]
    command = ["ffmpeg", "-v", "error", *video, *tone, "-c:v", codec, *(("-c:a", *sound) if sound else ())]
    subprocess.run([*command, str(path)], check=True, timeout=60)
    return path


def heard(path: Path) -> list[tuple[float, float]]:
    """The tone of each half of four seconds in Hz, and when the last sound ends."""
    with av.open(str(path)) as film:
        frames = list(film.decode(audio=0))
    rate = frames[0].sample_rate
    samples = np.concatenate([np.asarray(frame.to_ndarray(), dtype=float)[0] for frame in frames])
    middles = (samples[round(at * rate) : round((at + 0.8) * rate)] for at in (0.6, 2.6))
    tones = [float(np.abs(np.fft.rfft(middle)).argmax()) * rate / len(middle) for middle in middles]
    return [(tone, len(samples) / rate) for tone in tones]


@pytest.mark.parametrize("kind", _CODECS)
@pytest.mark.parametrize("is_first", [True, False])
def test_parts_of_other_rates_and_channels_sound_as_they_are(tmp_path: Path, kind: str, *, is_first: bool) -> None:
    codec = _CODECS[kind][1]
    parts = [
        part(tmp_path / f"a.{kind}", codec, "-ac", "1"),
        part(tmp_path / f"b.{kind}", codec, "-ac", "2", rate=48000),
    ]
    film = joined(tmp_path / f"joined.{kind}", *(parts if is_first else reversed(parts)))
    losses = copy(film, tmp_path / "out.mp4").losses
    told = f"The sound ({codec}) was converted to AAC, because its format changes midway."
    assert losses is not None
    # An MP4 counts the times of sound in samples.
    assert losses.endswith(told) if kind == "mp4" else losses == told
    assert ("count time differently" in losses) == (kind == "mp4")
    for tone, lasts_s in heard(tmp_path / "out.mp4"):
        assert tone == pytest.approx(_TONE_HZ, abs=3)
        assert lasts_s == pytest.approx(4.0, abs=0.2)


def test_parts_of_other_codecs_sound_as_they_are_also_behind_one_without_sound(tmp_path: Path) -> None:
    first = part(tmp_path / "a.flv", "aac", "-ac", "1")
    silent, other = part(tmp_path / "silent.flv"), part(tmp_path / "b.flv", "libmp3lame", "-ac", "1")
    copy(joined(tmp_path / "joined.flv", first, other), tmp_path / "out.mp4")
    assert [tone for tone, _ in heard(tmp_path / "out.mp4")] == pytest.approx([_TONE_HZ] * 2, abs=3)
    copy(joined(tmp_path / "three.flv", first, silent, other), tmp_path / "three.mp4")
    with av.open(str(tmp_path / "three.mp4")) as film:
        late = [frame for frame in film.decode(audio=0) if frame.time is not None and frame.time > 4.3]
    assert len(late) > 50
    assert np.abs(np.concatenate([frame.to_ndarray()[0] for frame in late])).max() > 0.05


def test_sound_that_begins_in_a_later_part_is_told_to_be_left_out(tmp_path: Path) -> None:
    film = joined(tmp_path / "joined.mp4", part(tmp_path / "a.mp4"), part(tmp_path / "b.mp4", "aac"))
    losses = copy(film, tmp_path / "out.mp4").losses
    assert losses == "Sound of later parts of the file is left out, because its first part has none like it."
