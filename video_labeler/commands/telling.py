"""Writes to a command's standard streams, results and messages, also where they are closed or full."""

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
    """Print a message on standard error, in one line and without secrets; failures are ignored."""
    # A failure here has nowhere to be reported.
    with contextlib.suppress(OSError, ValueError):
        click.echo(shown(sentence), err=True)


def say(*lines: str) -> None:
    """Print lines of a result for people on standard output."""
    click.echo("\n".join(map(shown, lines)))


def prepare_streams() -> None:
    """Open closed streams, so that no other file gets their descriptors, and make every name printable."""
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
    """Flush the streams.

    Raises:
        OutputError: the output cannot be written.
    """
    try:
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        quieten(sys.stdout)
        raise OutputError(f"The output cannot be printed: {getattr(error, 'strerror', None) or error}.") from error
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()


def quieten(stream: object) -> None:
    """Discard what a stream still buffers, so that the interpreter does not complain at exit."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # type: ignore[attr-defined]
        os.close(nowhere)
