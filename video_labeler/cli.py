"""The command line: finds the command, runs it, and turns every error into one sentence and an exit code."""

import importlib
import logging
import os
import signal
import sys
import threading
from types import FrameType
from typing import Any, NoReturn

import click

from video_labeler import __version__
from video_labeler.errors import SettingsError, VideoLabelerError

_FAILED, _WRONG_USAGE = 1, 2

_COMMANDS = ("annotate", "label", "evaluate", "models", "cameras", "doctor")


class _LazyGroup(click.Group):
    """Imports a command's module when the command is called, so that each starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"video_labeler.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            raise click.UsageError(
                f"There is no command {args[0]!r}. There are: {', '.join(_COMMANDS)}.", ctx
            ) from None


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Try `video-labeler annotate clip.mp4`, or `video-labeler doctor` if something does not work.",
)
@click.version_option(__version__, "--version", prog_name="video-labeler")
@click.option("--debug", is_flag=True, help="Log what happens inside, with full error reports.")
def cli(*, debug: bool) -> None:
    """Label what a webcam or a video shows: boxes, names and confidences, offline."""
    logging.basicConfig(level=logging.DEBUG if debug else logging.ERROR, format="%(relativeCreated)7d ms %(message)s")


def main() -> NoReturn:
    """Run the command line, and end the process with 0 (done), 1 (failed) or 2 (wrong usage)."""
    signal.signal(signal.SIGTERM, _interrupt)
    code = _run(sys.argv[1:])
    if threading.active_count() > 1:
        # A thread that hangs in a driver would bring the interpreter down on its way out.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    try:
        result = cli.main(arguments, prog_name="video-labeler", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return _WRONG_USAGE
    except BrokenPipeError:
        # Whoever read the output has gone (`... | head`); the interpreter must not complain about it at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FAILED
    except BaseException as error:  # noqa: BLE001 - the last resort: never a traceback
        return _explain(error)
    return result if isinstance(result, int) else 0


def _explain(error: BaseException) -> int:
    """Say in a sentence what happened, and return the exit code for it."""
    logging.getLogger(__name__).debug("The error in full", exc_info=error)
    match error:
        case VideoLabelerError():
            message = f"Error: {error}"
        case click.Abort() | KeyboardInterrupt():
            message = "Stopped."
        case MemoryError():
            message = "Error: The memory is full. Close other programs, or choose a smaller source."
        case _:
            message = f"Error: Something unexpected went wrong ({type(error).__name__}: {error})."
    click.echo("\n".join((message, *getattr(error, "__notes__", ()))), err=True)
    return _WRONG_USAGE if isinstance(error, SettingsError) else _FAILED


def _interrupt(signal_number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
