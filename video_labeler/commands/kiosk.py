"""`video-labeler kiosk`: the program on a stand, kept going by a supervisor that knows neither Qt nor models."""

import faulthandler
import logging
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from video_labeler.commands.options import camera_options, labeling_options, settings_option
from video_labeler.commands.telling import say, tell
from video_labeler.commands.window import require_display, saved_settings, with_options
from video_labeler.errors import SettingsError
from video_labeler.settings import KioskSettings, Settings, range_of
from video_labeler.settings_file import default_settings_path

if TYPE_CHECKING:
    from video_labeler.kiosk.supervisor import Supervisor

_log = logging.getLogger(__name__)

_LOG_FILE = "kiosk.log"
_WORDS = "video_labeler.words"
_FIRST_SCREEN, _LAST_SCREEN = map(int, range_of(KioskSettings, "screen"))


class _RememberingCommand(click.Command):
    """Keeps the arguments as they were typed, for child processes that are started with the same ones."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[_WORDS] = tuple(args)
        return super().parse_args(ctx, args)


@click.command("kiosk", cls=_RememberingCommand, short_help="Show it on a stand: full screen, unattended.")
@click.argument("source", required=False)
@settings_option
@click.option(
    "--screen",
    type=click.IntRange(_FIRST_SCREEN, _LAST_SCREEN),
    default=None,
    metavar="N",
    help="Which screen, 1 being the first; 0: the main one. Without it: as in the settings.",
)
@click.option("--check", is_flag=True, help="Only check everything that a stand needs, and report what is wrong.")
@click.option("--install-autostart", is_flag=True, help="Start it like this whenever this user logs in.")
@click.option("--remove-autostart", is_flag=True, help="Stop starting it when this user logs in.")
@click.option("--set-pin", is_flag=True, help="Ask for a PIN that ends it, and keep its hash in the settings file.")
@click.option("--child", is_flag=True, hidden=True, help="Run as the kiosk itself.")
@click.option(
    "--card", default=None, hidden=True, metavar="REASON", help="Run as the card that says why there is no kiosk."
)
@camera_options
@labeling_options
@click.pass_context
def command(
    context: click.Context,
    /,
    source: str | None,
    settings_path: Path | None,
    screen: int | None,
    *,
    check: bool,
    install_autostart: bool,
    remove_autostart: bool,
    set_pin: bool,
    child: bool,
    card: str | None,
    **options: Any,
) -> int:
    """Show the live picture of SOURCE on a stand: full screen, for hours, unattended.

    SOURCE is a camera's number or name, or an address (rtsp://, http://). Without it, the first camera is shown. It
    restarts after any failure, until the exit keys Ctrl+Shift+Q are pressed.
    """
    if remove_autostart:
        from video_labeler.kiosk.autostart import remove

        say(remove())
    if set_pin:
        _set_pin(settings_path or default_settings_path())
    if remove_autostart or set_pin:
        return 0
    given = [name for name in options if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    is_part = child or card is not None
    settings, notices = saved_settings(settings_path, may_be_missing=is_part)
    settings = with_options(settings, given, options)
    if screen is not None:
        settings = replace(settings, kiosk=replace(settings.kiosk, screen=screen))
    if check:
        from video_labeler.kiosk.check import run_check

        return run_check(settings, source, notices)
    if install_autostart:
        from video_labeler.kiosk.autostart import install

        say(install([word for word in _part(context) if word != "--install-autostart"]))
        return 0
    require_display(os.environ)

    from video_labeler.settings_file import check_files

    settings, missing = check_files(settings)
    if card is not None:
        return _run_card(settings, card)
    if child:
        return _run_child(settings, source)
    return _supervise(settings, (*notices, *missing), partial(_part, context))


def _set_pin(path: Path) -> None:
    from video_labeler import stored_pin
    from video_labeler.settings_file import save_changes

    pin = click.prompt("PIN, up to 12 digits", hide_input=True, confirmation_prompt="Once more", err=True)
    if not stored_pin.is_pin(pin):
        raise SettingsError("A PIN is up to 12 digits, such as 2580. Nothing has been changed.")
    save_changes(Settings(), Settings(kiosk=KioskSettings(exit_pin=stored_pin.hashed(pin))), path)
    say(f"The hash of the PIN is in {path}. The kiosk asks for it from its next start on.")


def _part(context: click.Context, *words: str) -> list[str]:
    """This command line, with the words that run it as a part of the kiosk."""
    debug = ["--debug"] if context.find_root().params.get("debug") else []
    # An option at the end could come after a "--".
    return [*debug, "kiosk", *words, *context.meta[_WORDS]]


def _run_child(settings: Settings, source: str | None) -> int:
    from video_labeler.kiosk.day_book import kiosk_folder, local_now, read_kinds
    from video_labeler.kiosk.heartbeat import Pulse

    pulse = Pulse.of_process()
    _log_to_supervisor()

    from video_labeler.window.kiosk.application import run_kiosk

    try:
        return run_kiosk(settings, source, pulse, read_kinds(kiosk_folder(), local_now().date()))
    finally:
        pulse.finish()


def _run_card(settings: Settings, reason: str) -> int:
    from video_labeler.kiosk.heartbeat import Pulse

    pulse = Pulse.of_process()
    _log_to_supervisor()

    from video_labeler.window.kiosk.application import run_card

    return run_card(settings, reason, pulse)


def _log_to_supervisor() -> None:
    """Log to the standard error output only: the supervisor keeps the log file, with the stacks of crashes, too."""
    from video_labeler.system.logs import MaskingFormatter

    root = logging.getLogger()
    root.setLevel(min(root.level, logging.INFO))
    for handler in root.handlers:
        handler.setFormatter(MaskingFormatter("%(levelname)s %(threadName)s %(name)s: %(message)s"))
    faulthandler.enable()


def _supervise(settings: Settings, notices: tuple[str, ...], part: Callable[..., list[str]]) -> int:
    from video_labeler.kiosk.day_book import DayBook, kiosk_folder
    from video_labeler.kiosk.leftovers import Leftovers
    from video_labeler.kiosk.only_one import OnlyOne
    from video_labeler.kiosk.processes import start_low_priority, start_piped
    from video_labeler.kiosk.supervisor import Supervisor
    from video_labeler.kiosk.vital_signs import Limits
    from video_labeler.recording.folder import KIOSK_FOLDER, recordings_folder
    from video_labeler.system.log_file import log_folder, start_log_file

    with OnlyOne(kiosk_folder()):
        start_log_file(log_folder(), _LOG_FILE)
        for notice in notices:
            _log.warning("%s", notice)
            tell(f"Note: {notice}")
        leftovers = Leftovers(recordings_folder(settings.window) / KIOSK_FOLDER, start_low_priority)
        supervisor = Supervisor(
            start_child=partial(start_piped, part("--child")),
            start_card=lambda reason: start_piped(part("--card", reason)),
            book=DayBook(kiosk_folder()),
            limits=Limits(settings.kiosk.memory_limit_mb),
            on_up=leftovers.save,
        )
        try:
            with _signals_stop(supervisor):
                return supervisor.run()
        finally:
            leftovers.close()


@contextmanager
def _signals_stop(supervisor: "Supervisor") -> Iterator[None]:
    """Let Ctrl-C, a closed terminal and a request to terminate end the kiosk, too."""

    def stop(signal_number: int, frame: FrameType | None) -> None:
        supervisor.stop()

    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    before: Mapping[int, Any] = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
