"""The standard streams of a command: what it says to people beside its results, also where they are closed or full."""

import codecs
import contextlib
import io
import os
import sys

import click

from video_labeler.errors import OutputError
from video_labeler.text.shown import escape_what_does_not_fit, shown

_ESCAPING = "video_labeler.escaping"


def tell(sentence: str) -> None:
    """Print a sentence on the standard error output, in one line and without secrets; it may fail to."""
    # Nobody is left to be told about it.
    with contextlib.suppress(OSError, ValueError):
        click.echo(shown(sentence), err=True)


def say(*lines: str) -> None:
    """Print lines of a result for people on the standard output."""
    click.echo("\n".join(map(shown, lines)))


def prepare_streams() -> None:
    """Open what is closed, so that no file of ours gets a standard stream's number, and let every name be printed."""
    with contextlib.suppress(OSError):
        while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
            os.set_inheritable(descriptor, True)
        os.close(descriptor)
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - lives as long as the process
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - as above
    codecs.register_error(_ESCAPING, escape_what_does_not_fit)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ESCAPING)


def finish_streams() -> None:
    """Print what is still held back.

    Raises:
        OutputError: it cannot be printed.
    """
    try:
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        quieten(sys.stdout)
        raise OutputError(f"The output cannot be printed: {getattr(error, 'strerror', None) or error}.") from error
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()


def quieten(stream: object) -> None:
    """Let what a stream still holds go nowhere, so that the interpreter does not complain at its end."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # type: ignore[attr-defined]
        os.close(nowhere)
