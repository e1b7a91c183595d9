"""Tries a custom model in a child process first, since a damaged or malicious file can crash its interpreter.

Run as a program (``python -m video_labeler.models.checking FORM PATH``) it is that child: it writes a
:class:`ModelReport` as JSON to its standard output.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from video_labeler.errors import ModelFormatError
from video_labeler.models.form import ModelForm
from video_labeler.models.report import ModelReport, TensorReport, saved_model_report, tflite_report

_MEMORY = 6 * 1024**3
"""Bytes of address space for trying a TFLite file, which may ask for any amount."""


def inspect_apart(path: Path, form: ModelForm, *, deadline_s: float | None = None) -> ModelReport:
    """Try a model in a child process and report on it; a crash or a hang is one of the problems. Never raises."""
    deadline = deadline_s or form.deadline_s
    try:
        child = subprocess.run(
            [sys.executable, "-P", "-m", __name__, form.value, str(path)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=deadline,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _broken(path, f"does not answer within {deadline:g} seconds")
    except OSError as error:
        return _broken(path, f"cannot be tried ({error.strerror or error})")
    try:
        return _from_json(child.stdout)
    except (ValueError, KeyError, TypeError):
        return _broken(path, "crashes the interpreter")


def check_apart(path: Path, form: ModelForm, cache: Path) -> None:
    """Make sure that a custom model does not crash or hang this process.

    What passed once is remembered in ``cache`` by its checksum, and not tried again.

    Raises:
        ModelFormatError: it crashes or hangs, or cannot be used at all.
    """
    passed = cache / "checked" / _checksum(path)
    if passed.exists():
        return
    report = inspect_apart(path, form)
    if not report.inputs:
        raise ModelFormatError(report.problems[0])
    # A cache that cannot be written costs a second try next time, no more.
    with suppress(OSError):
        passed.parent.mkdir(parents=True, exist_ok=True)
        passed.touch()


def main(arguments: list[str]) -> int:
    """Be the child: report on the model at a path."""
    form, path = ModelForm(arguments[0]), Path(arguments[1])
    if form is ModelForm.TFLITE:
        _limit_memory()
        report = tflite_report(path)
    else:
        report = saved_model_report(path, path.name)
    json.dump(asdict(report), sys.stdout)
    return 0


def _broken(path: Path, what: str) -> ModelReport:
    return ModelReport(path.name, problems=(f"The model {path.name} {what}: it is damaged, so get it again.",))


def _environment() -> dict[str, str]:
    # The child must find this very package, installed or not.
    root = str(Path(__file__).parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has none.
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _checksum(path: Path) -> str:
    digest = hashlib.sha256()
    for file in _files(path):
        if path.is_dir():
            digest.update(f"{file.relative_to(path)}\0{file.stat().st_size}\0".encode())
        with file.open("rb") as opened:
            digest.update(hashlib.file_digest(opened, "sha256").digest())
    return digest.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*") if file.is_file())
    else:
        yield path


def _from_json(text: bytes) -> ModelReport:
    values: dict[str, Any] = json.loads(text)
    for field in ("inputs", "outputs"):
        values[field] = tuple(TensorReport(**{**t, "shape": tuple(t["shape"])}) for t in values[field])
    return ModelReport(**{**values, "problems": tuple(values["problems"])})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
