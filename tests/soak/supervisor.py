"""The kiosk's supervisor as it is, whose child is the one with the probes.

``python -m tests.soak.supervisor kiosk SOURCE ...``: the words are those of ``video-labeler``.
"""

import subprocess
from typing import Any, NoReturn


def main() -> NoReturn:
    """Be the supervisor."""
    real = subprocess.Popen

    class Popen(real):
        def __init__(self, words: Any, *rest: Any, **options: Any) -> None:
            super().__init__(_with_probes(words), *rest, **options)

    subprocess.Popen = Popen

    from video_labeler.cli import main as product

    product()


def _with_probes(words: Any) -> Any:
    """The words of a command, with the child's module exchanged; that one lies in the working folder."""
    if isinstance(words, list | tuple) and "--child" in words and "video_labeler" in words:
        return ["tests.soak.child" if word == "video_labeler" else word for word in words if word != "-P"]
    return words


if __name__ == "__main__":
    main()
