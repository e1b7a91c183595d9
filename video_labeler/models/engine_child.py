"""The process that runs one model of an unknown maker (``python -m video_labeler.models.engine_child``).

It is confined before it imports anything that could run a model. It answers on its original standard output until its
standard input ends.
"""

import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, BinaryIO

from video_labeler import limits
from video_labeler.models.confinement import confine, lift_time_limit, limit_time
from video_labeler.models.engine_messages import Message, MessageError, receive, send
from video_labeler.models.form import ModelForm
from video_labeler.system.python_child import own_output

if TYPE_CHECKING:
    from video_labeler.models.hub import HubEngine
    from video_labeler.models.litert import LiteRtEngine


def main() -> int:
    """Load the model from the first message, and run it for each further one."""
    answers = own_output()
    requests = sys.stdin.buffer
    try:
        _serve(requests, answers)
    except (MessageError, OSError):
        # The program has ended, or closes the model.
        return 0
    return 0


def _serve(requests: BinaryIO, answers: BinaryIO) -> None:
    wanted = receive(requests, limits.TFLITE_FILE)
    form = ModelForm(wanted.values["form"])
    confine(form.memory)
    limit_time(form.deadline_s, _threads(wanted))
    from video_labeler.errors import ModelFormatError

    try:
        engine = _load(form, wanted)
        send(answers, _described(engine))
    except ModelFormatError as error:
        send(answers, {"problem": str(error)})
        return
    threads = _threads(wanted)
    del wanted
    while True:
        lift_time_limit()
        request = receive(requests, limits.OUTPUT)
        limit_time(limits.run_s(request.values["shape"][0]), threads)
        try:
            tensors = engine.run(_pictures(request))
        except ModelFormatError as error:
            send(answers, {"problem": str(error)})
        else:
            content = b"".join(tensor.astype("<f4").tobytes() for tensor in tensors)
            send(answers, {"shapes": [tensor.shape for tensor in tensors]}, content)


def _threads(wanted: Message) -> int:
    # TensorFlow has additional threads of its own.
    return int(wanted.values["threads"]) + (os.cpu_count() or 1)


def _load(form: ModelForm, wanted: Message) -> "LiteRtEngine | HubEngine":
    name, threads = wanted.values["name"], wanted.values["threads"]
    if form is ModelForm.TFLITE:
        from video_labeler.models.litert import LiteRtEngine

        return LiteRtEngine(wanted.content, name, threads)
    from pathlib import Path

    from video_labeler.models.hub import HubEngine

    return HubEngine(Path(wanted.values["folder"]), name, threads)


def _described(engine: "LiteRtEngine | HubEngine") -> dict[str, Any]:
    pixels = engine.pixel_range
    return {
        "inputs": [asdict(spec) for spec in engine.inputs],
        "outputs": [asdict(spec) for spec in engine.outputs],
        "input_size": engine.input_size,
        "pixels": {"dtype": pixels.dtype, "mean": pixels.mean, "std": pixels.std, "origin": pixels.origin.value},
    }


def _pictures(request: Message) -> Any:
    import numpy as np

    return np.frombuffer(request.content, np.uint8).reshape(request.values["shape"])


if __name__ == "__main__":
    sys.exit(main())
