"""The process that annotates files for a batch, one after the other (``python -m video_labeler.annotate.worker``).

It takes requests from its standard input, and answers on its original standard output. The end of its input tells it
to stop: what it is annotating ends early and is kept.
"""

import logging
import os
import pickle
import queue
import signal
import sys
import threading
from typing import IO, Any, NoReturn

from video_labeler.annotate.work import Failure, ModelFacts, Work, annotate
from video_labeler.annotate.worker_messages import Answer, Start, send
from video_labeler.errors import VideoLabelerError
from video_labeler.labeling.label_mask import check_label_names
from video_labeler.labeling.loading import load_models
from video_labeler.labeling.object_labeler import Models
from video_labeler.opencv import cv2
from video_labeler.system.logs import log_to_stderr, sentence_of
from video_labeler.system.memory import limit_arenas
from video_labeler.system.python_child import own_output

_log = logging.getLogger(__name__)


class _Requests:
    """The requests from the program, read in a thread of their own.

    When they end while nothing is being annotated, so does the process: whatever it is doing has not begun a result.
    """

    def __init__(self, incoming: IO[bytes]) -> None:
        self.stop = threading.Event()
        self._incoming = incoming
        self._waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._is_annotating = False
        threading.Thread(target=self._read, name="requests", daemon=True).start()

    def next(self) -> Any:
        """Wait for the next request."""
        return self._waiting.get()

    def annotating(self, is_annotating: bool) -> None:
        """Tell that a file is being annotated from now on, or that its result was sent."""
        with self._lock:
            self._is_annotating = is_annotating
            if self.stop.is_set() and not is_annotating:
                os._exit(0)

    def _read(self) -> None:
        try:
            while True:
                self._waiting.put(pickle.load(self._incoming))  # noqa: S301 - from the program that started this one
        except (EOFError, OSError, pickle.UnpicklingError):
            with self._lock:
                self.stop.set()
                if not self._is_annotating:
                    os._exit(0)


def main() -> NoReturn:
    """Load the models, and annotate what is asked for until the requests end."""
    limit_arenas()
    # Ctrl-C and SIGTERM are for the program, which then ends the requests.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = own_output()
    requests = _Requests(sys.stdin.buffer)
    start: Start = requests.next()
    log_to_stderr(start.log_level)
    cv2.setNumThreads(start.picture_threads)
    models = _load(start)
    if isinstance(models, Failure):
        send(answers, models)
        # The thread that waits for requests would keep the interpreter from ending.
        os._exit(1)
    send(answers, ModelFacts.of(models))
    while True:
        work: Work = requests.next()
        send(answers, _annotated(work, models, requests, answers))
        requests.annotating(False)


def _load(start: Start) -> Models | Failure:
    try:
        models = load_models(start.models)
        check_label_names(start.labels, models.labeler.labels)
    except VideoLabelerError as error:
        return Failure.of(error, "Loading the models")
    except Exception as error:  # noqa: BLE001 - the program tells it
        _log.debug("Loading the models failed", exc_info=error)
        return Failure(sentence_of(error), VideoLabelerError)
    return models


def _annotated(work: Work, models: Models, requests: _Requests, answers: IO[bytes]) -> Answer:
    try:
        return annotate(
            work, models, lambda now: send(answers, now), requests.stop, on_begin=lambda: requests.annotating(True)
        )
    except Exception as error:  # noqa: BLE001 - one bad input must not stop the others
        return Failure.of(error, f"Annotating {work.source.shown}")


if __name__ == "__main__":
    main()
