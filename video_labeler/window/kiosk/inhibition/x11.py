"""The X server's own screen saver and power saving, for computers without a desktop."""

import os
import re
import shutil
import subprocess

from video_labeler.window.kiosk.inhibition.inhibitor import Inhibitor, InhibitorError

_ANSWER_S = 2.0
_SAVER = re.compile(r"timeout:\s+(\d+)\s+cycle:\s+(\d+)")
_POWER_SAVING = "DPMS is Enabled"


class XsetInhibitor(Inhibitor):
    """Turns them off with ``xset``, and finally restores their previous settings.

    Where the process is killed, they stay off until the X server ends.
    """

    def __init__(self) -> None:
        super().__init__("xset", screen=True, sleep=False, is_fallback=True)
        self._before: tuple[str, ...] | None = None

    def hold(self, reason: str) -> None:
        """Turn them off, also if somebody has turned them on again.

        Raises:
            InhibitorError: there is no X server, or no ``xset``.
        """
        if not os.environ.get("DISPLAY") or shutil.which("xset") is None:
            raise InhibitorError("there is no xset, or no X server")
        found = _xset("q")
        saver = _SAVER.search(found)
        if saver is None:
            raise InhibitorError("xset does not say how the screen saver is set")
        saves_power = _POWER_SAVING in found
        if saver[1] == "0" and not saves_power:
            self._before = self._before or ()
            return
        if self._before is None:
            self._before = ("s", saver[1], saver[2], *(("+dpms",) if saves_power else ()))
        _xset("s", "off", *(("-dpms",) if saves_power else ()))

    def release(self) -> None:
        """Restore the previous settings."""
        before, self._before = self._before, None
        if before:
            try:
                _xset(*before)
            except InhibitorError:
                return


def _xset(*words: str) -> str:
    try:
        done = subprocess.run(["xset", *words], capture_output=True, text=True, timeout=_ANSWER_S, check=True)
    except subprocess.CalledProcessError as error:
        raise InhibitorError(error.stderr.strip() or "xset failed") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InhibitorError(f"xset does not work: {error}") from error
    return done.stdout
