"""Sound whose rate changes on the way, as in joined recordings of two cameras, keeps its pitch and its length."""

import subprocess
from pathlib import Path

import av
import numpy as np
import pytest

from tests.movie.test_sound import copy

TONE = 440


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("parts")
    for rate in (48000, 22050):
        command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=64x48:r=10:d=2"]
        command += ["-f", "lavfi", "-i", f"sine={TONE}:d=2:r={rate}", "-c:v", "libx264", "-c:a", "aac"]
        subprocess.run([*command, str(folder / f"{rate}.ts")], check=True)
    return sorted(folder.iterdir(), reverse=True)


def test_it_keeps_pitch_and_length(parts: list[Path], tmp_path: Path) -> None:
    clip = tmp_path / "joined.ts"
    clip.write_bytes(b"".join(part.read_bytes() for part in parts))
    recorder = copy(clip, tmp_path / "out.mkv")

    with av.open(str(tmp_path / "out.mkv")) as container:
        resampler = av.AudioResampler("s16", "mono", 8000)
        samples = np.concatenate(
            [piece.to_ndarray()[0] for frame in container.decode(audio=0) for piece in resampler.resample(frame)]
        ).astype(int)
    assert len(samples) / 8000 == pytest.approx(4.0, abs=0.15)
    for begin in (4000, 20000):
        heard = samples[begin : begin + 8000]
        rises = np.count_nonzero((heard[:-1] <= 0) & (heard[1:] > 0))
        assert rises == pytest.approx(TONE, abs=5)
    assert "changes midway" in (recorder.losses or "")


def test_sound_that_stays_as_it_is_is_copied(parts: list[Path], tmp_path: Path) -> None:
    clip = tmp_path / "joined.ts"
    clip.write_bytes(2 * parts[0].read_bytes())
    assert copy(clip, tmp_path / "out.mkv").losses is None
