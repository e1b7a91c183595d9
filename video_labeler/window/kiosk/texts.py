"""The words of the kiosk's window, ready for translation.

Import this after the translators are installed: the constants are translated once.
"""

from PyQt6.QtCore import QCoreApplication


def _text(source: str, note: str = "") -> str:
    return QCoreApplication.translate("Kiosk", source, note)


WINDOW = _text("Video Labeler: kiosk")
KEEP_AWAKE = _text("Running on a stand", "why the screen stays on; desktops show it")

# On the picture
LIVE = _text("Live", "beside a red dot: the camera's picture of this moment")
DEMO = _text("Demo", "a video is playing, not the camera")
WAIT = _text("One moment, please")

# Celebrating an object
NEW_KIND = _text("New today: kind no. {number}")
SEEN_AGAIN = _text("Seen again")

# The gallery of the day; {count} is written large
ONE_KIND = _text("{count} kind of thing\nseen today")
KINDS = _text("{count} kinds of things\nseen today")
NOTHING_YET = _text("Nothing seen yet today.\nWhat will be the first?")

# Ending the kiosk
PIN_PROMPT = _text("PIN to end the kiosk")
PIN_WRONG = _text("That is not the PIN.")
PIN_LOCKED = _text("Too many tries. Wait {seconds} s.")

# When the kiosk cannot run
CARD_TITLE = _text("Back in a moment")
CARD_RETRY = _text("It is tried again every minute.")


def kinds_seen(count: int) -> str:
    """How many kinds of things were seen today, with the place of the number left in."""
    return ONE_KIND if count == 1 else KINDS if count else NOTHING_YET
