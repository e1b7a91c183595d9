"""Runs a model of an unknown maker in a separate process, which may crash, hang or be hostile."""

import math
import subprocess
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from video_labeler import limits
from video_labeler.errors import ModelFormatError
from video_labeler.models.base import Pictures, Tensor, TensorSpec
from video_labeler.models.engine_messages import Message, MessageError, receive, send
from video_labeler.models.form import ModelForm
from video_labeler.models.pixels import PixelRange, RangeOrigin
from video_labeler.models.score_kind import probe_pictures
from video_labeler.system.background_task import StopSignal
from video_labeler.system.python_child import apart, python_command, python_environment
from video_labeler.text.shown import shown

_LONGEST_SENTENCE = 500
_LARGEST_SIDE = 8192
_MOST_SIDES = 8
_LIES = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
"""Errors raised by reading an answer in an unexpected form."""


class IsolatedEngine:
    """An engine whose model runs in a confined process, which is ended for good if it does not answer in time.

    Calls from several threads wait for each other.
    """

    def __init__(
        self,
        form: ModelForm,
        name: str,
        threads: int = 1,
        *,
        content: bytes = b"",
        folder: Path | None = None,
        deadline_s: float | None = None,
        stop: StopSignal | None = None,
    ) -> None:
        """Load a TFLite model's ``content``, or the SavedModel in ``folder``; ``name`` is used in messages.

        Raises:
            ModelFormatError: it cannot be used, crashes, is not loaded within ``deadline_s`` seconds, or ``stop`` was
                set meanwhile.
        """
        self.name = name
        self._lock = threading.Lock()
        self._ended = ""
        self._process = _started(name)
        # Even if nobody closes the engine, and at the end of the program.
        self._end = weakref.finalize(self, _end, self._process)
        wanted = {"form": form.value, "name": name, "threads": threads, "folder": str(folder) if folder else ""}
        try:
            with (stop or StopSignal()).calling(self.close):
                answer = self._ask(wanted, content, deadline_s or form.deadline_s)
            self.inputs, self.outputs, self.input_size, self.pixel_range = _described(answer.values)
        except _LIES as error:
            self.close()
            raise self._crashed() from error
        except BaseException:
            self.close()
            raise

    def run(self, pictures: Pictures) -> tuple[Tensor, ...]:
        """The model's outputs for each picture, ``float32``, (pictures, ...).

        Raises:
            ModelFormatError: it fails, crashes or does not answer in time, now or earlier, or was closed.
        """
        content = pictures.tobytes()
        with self._lock:
            answer = self._ask({"shape": pictures.shape}, content, limits.run_s(len(pictures)))
        try:
            return _tensors(answer, len(pictures), len(self.outputs) or 1)
        except _LIES as error:
            raise self._crashed() from error

    def close(self) -> None:
        """Release the model; a running call in another thread fails."""
        self._ended = self._ended or f"The model {self.name} is closed already: load it again."
        self._end()

    def _ask(self, values: Mapping[str, Any], content: bytes | memoryview, seconds: float) -> Message:
        if self._ended:
            raise ModelFormatError(self._ended)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            with self._within(seconds):
                send(self._process.stdin, values, content)
                answer = receive(self._process.stdout, limits.OUTPUT)
        except (OSError, ValueError, MessageError) as error:
            self._ended = self._ended or str(self._crashed())
            self._end()
            raise ModelFormatError(self._ended) from error
        except BaseException:
            # Ctrl-C, too: the outstanding answer must not be taken for that to the next request.
            self.close()
            raise
        problem = answer.values.get("problem")
        if problem is not None:
            raise ModelFormatError(_sentence(problem))
        return answer

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """End the process when its time is over, which ends waiting for its answer."""
        timer = threading.Timer(seconds, self._give_up, (seconds,))
        timer.name, timer.daemon = f"deadline of {self.name}", True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _give_up(self, seconds: float) -> None:
        self._ended = (
            f"The model {self.name} did not answer within {seconds:g} seconds, and has been stopped: use another one."
        )
        self._process.kill()

    def _crashed(self) -> ModelFormatError:
        return ModelFormatError(f"The model {self.name} crashes the interpreter: it is damaged, so get it again.")


def tried_engine(
    form: ModelForm, name: str, threads: int = 1, *, stop: StopSignal | None = None, **what: Any
) -> tuple[IsolatedEngine, tuple[Tensor, ...]]:
    """A model in a process of its own, with what it made of a few trial pictures; ``what`` is as for the engine.

    Raises:
        ModelFormatError: it cannot be used, crashes, does not answer in time, or ``stop`` was set meanwhile.
    """
    engine = IsolatedEngine(form, name, threads, stop=stop, **what)
    try:
        with (stop or StopSignal()).calling(engine.close):
            return engine, engine.run(probe_pictures(engine))
    except BaseException:
        engine.close()
        raise


def _started(name: str) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            python_command("video_labeler.models.engine_child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=python_environment(),
            **apart(),
        )
    except OSError as error:
        raise ModelFormatError(f"The model {name} cannot be tried ({error.strerror or error}).") from error


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            # Discard what could not be written.
            with suppress(OSError, ValueError):
                stream.close()


def _described(
    values: Mapping[str, Any],
) -> tuple[tuple[TensorSpec, ...], tuple[TensorSpec, ...], tuple[int, int], PixelRange]:
    pixels = values["pixels"]
    width, height = map(int, values["input_size"])
    if not (0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE):
        raise ValueError("The size of the pictures is impossible")
    if len(values["inputs"]) + len(values["outputs"]) > limits.TENSORS + 1:
        raise ValueError("There are too many tensors")
    if not all(math.isfinite(part) for part in (*pixels["mean"], *pixels["std"])) or not all(pixels["std"]):
        raise ValueError("The range of the pixels is empty")
    return (
        tuple(map(_spec, values["inputs"])),
        tuple(map(_spec, values["outputs"])),
        (width, height),
        PixelRange(
            str(pixels["dtype"]),
            tuple(map(float, pixels["mean"])),
            tuple(map(float, pixels["std"])),
            RangeOrigin(pixels["origin"]),
        ),
    )


def _spec(values: Mapping[str, Any]) -> TensorSpec:
    if len(values["shape"]) > _MOST_SIDES:
        raise ValueError("A tensor has too many sides")
    return TensorSpec(
        str(values["name"])[:_LONGEST_SENTENCE],
        int(values["index"]),
        tuple(map(int, values["shape"])),
        str(values["dtype"])[:_LONGEST_SENTENCE],
        float(values["scale"]),
        int(values["zero_point"]),
    )


def _tensors(answer: Message, pictures: int, outputs: int) -> tuple[Tensor, ...]:
    tensors = []
    position = 0
    shapes = answer.values["shapes"]
    if len(shapes) != outputs:
        raise ValueError("The number of answers is not that of the outputs")
    for shape in shapes:
        sides = tuple(map(int, shape))
        if not sides or sides[0] != pictures or min(sides) < 0:
            raise ValueError("The number of answers is not that of the pictures")
        count = math.prod(sides)
        tensors.append(np.frombuffer(answer.content, "<f4", count, position).reshape(sides))
        position += 4 * count
    return tuple(tensors)


def _sentence(problem: object) -> str:
    return shown(str(problem)[:_LONGEST_SENTENCE])
