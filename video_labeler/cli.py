"""The command line: finds the command, runs it, and turns every error into one sentence and an exit code."""

import contextlib
import importlib
import io
import logging
import os
import signal
import sys
import threading
from types import FrameType
from typing import Any, NoReturn

import click

from video_labeler import __version__
from video_labeler.commands.telling import finish_streams, prepare_streams, quieten, tell
from video_labeler.errors import OutputError, SettingsError, VideoLabelerError
from video_labeler.system.logs import log_to_stderr, sentence_of
from video_labeler.system.memory import limit_arenas
from video_labeler.text.shown import shown_lines

_FAILED, _WRONG_USAGE = 1, 2
_EXIT_TIMEOUT_S = 2.0
_presses: list[int] = []

_COMMANDS = (
    "window",
    "kiosk",
    "annotate",
    "label",
    "find",
    "recover",
    "evaluate",
    "bench",
    "models",
    "cameras",
    "doctor",
    "install-desktop",
)

_WINDOW = "window"
_OWN_OPTIONS = ("-h", "--help", "--version", "--debug")


class _LazyGroup(click.Group):
    """Imports a command's module when the command is called, so that each starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"video_labeler.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _with_window(args))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            raise click.UsageError(
                f"{args[0]!r} is neither a command nor a source. The commands are: {', '.join(_COMMANDS)}. A source is "
                "a camera, a file, a folder or an address.",
                ctx,
            ) from None


def _with_window(args: list[str]) -> list[str]:
    """The arguments, with the window command added where only its options, a source, or nothing is given."""
    own = 0
    while own < len(args) and args[own] in _OWN_OPTIONS:
        own += 1
    rest = args[own:]
    if not rest and any(word in args for word in _OWN_OPTIONS if word != "--debug"):
        return args
    if rest and not rest[0].startswith("-") and not _is_source(rest[0]):
        return args
    return [*args[:own], _WINDOW, *rest]


def _is_source(word: str) -> bool:
    if word in _COMMANDS:
        return False
    from video_labeler.commands.window import names_source

    return names_source(word)


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="[COMMAND or SOURCE] [ARGS]...",
    epilog="Try `video-labeler demo`, `video-labeler annotate clip.mp4`, or `video-labeler doctor` if something does "
    "not work.",
)
@click.version_option(__version__, "--version", prog_name="video-labeler")
@click.option("--debug", is_flag=True, help="Log what happens inside, with full error reports.")
def cli(*, debug: bool) -> None:
    """Label what a webcam or a video shows: boxes, names and confidences, offline.

    With a SOURCE in place of a command, or with nothing at all, it opens a window with the live picture.
    """
    log_to_stderr(logging.DEBUG if debug else logging.ERROR)


def main() -> NoReturn:
    """Run the command line, and end the process with 0 (done), 1 (failed) or 2 (wrong usage)."""
    prepare_streams()
    limit_arenas()
    signal.signal(signal.SIGTERM, _interrupt)
    # A process that a shell starts in the background ignores Ctrl-C, and must keep ignoring it.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    code = _run(sys.argv[1:])
    try:
        finish_streams()
    except OutputError as error:
        code = code or _explain(error)
    if threading.active_count() > 1:
        # A thread that hangs in a driver would crash the interpreter at exit.
        os._exit(code)
    sys.exit(code)


def window_main() -> NoReturn:
    """Open the window, as double-clicking the program does."""
    sys.argv.insert(1, _WINDOW)
    main()


def _run(arguments: list[str]) -> int:
    try:
        result = cli.main(arguments, prog_name="video-labeler", standalone_mode=False)
    except click.ClickException as error:
        said = io.StringIO()
        error.show(said)
        with contextlib.suppress(OSError):
            click.echo(shown_lines(said.getvalue()), err=True, nl=False)
        _hint_at_dashes(arguments)
        return _WRONG_USAGE
    except BrokenPipeError:
        # The reader of the output has gone (`... | head`); the interpreter must not complain about that at exit either.
        quieten(sys.stdout)
        return _FAILED
    except SystemExit:
        # Click's own answer to the same, after it has quietened the interpreter.
        return _FAILED
    except BaseException as error:  # noqa: BLE001 - the last resort: never a traceback
        return _explain(error)
    return result if isinstance(result, int) else 0


def _hint_at_dashes(arguments: list[str]) -> None:
    """Explain how to name a file that begins with a dash."""
    for word in arguments:
        if word.startswith("-") and os.path.lexists(word):
            tell(f"The file {word} looks like an option. Write ./{word} for it.")


def _explain(error: BaseException) -> int:
    """Say in a sentence what happened, and return the exit code for it."""
    logging.getLogger(__name__).debug("The error in full", exc_info=error)
    match error:
        case VideoLabelerError():
            message = f"Error: {error}"
        case click.Abort() | KeyboardInterrupt():
            message = "Stopped."
        case MemoryError():
            message = "Error: Out of memory. Close other programs, or choose a smaller source."
        case RuntimeError() if "home directory" in str(error):
            message = "Error: You have no home folder on this system. Name one: HOME=/some/folder video-labeler ..."
        case OSError():
            what = "Reading or writing" if error.filename is None else f"Using {os.fsdecode(error.filename)}"
            message = f"Error: {what} failed: {error.strerror or error}."
        case _:
            message = f"Error: {sentence_of(error)}"
    for sentence in (message, *getattr(error, "__notes__", ())):
        tell(sentence)
    return _WRONG_USAGE if isinstance(error, SettingsError) else _FAILED


def _interrupt(signal_number: int, frame: FrameType | None) -> NoReturn:
    """End cleanly on the first Ctrl-C; at once on the second, whatever hangs."""
    if signal_number == signal.SIGINT:
        _presses.append(signal_number)
        if len(_presses) == 2:
            last = threading.Timer(_EXIT_TIMEOUT_S, _end_at_once)
            last.daemon = True
            last.start()
    raise KeyboardInterrupt


def _end_at_once() -> None:
    with contextlib.suppress(Exception):
        tell("Stopped.")
    os._exit(_FAILED)
