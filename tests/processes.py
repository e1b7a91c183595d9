"""Programs that a test starts, and that do not outlive it."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager


@contextmanager
def running(
    command: Sequence[object], *, stdout: int | None = None, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Start a program whose errors can be read; at the end it is killed, and its pipes are closed."""
    words = [str(word) for word in command]
    with subprocess.Popen(words, stdout=stdout, stderr=subprocess.PIPE, text=True, env=env) as child:
        try:
            yield child
        finally:
            child.kill()
