"""The words of the window itself, ready for translation; the panels have their own (``panel_texts.py``).

Import this after the translators are installed: the constants are translated once.
"""

from PyQt6.QtCore import QCoreApplication


def _text(source: str, note: str = "") -> str:
    return QCoreApplication.translate("Window", source, note)


APPLICATION = "Video Labeler"

# The picture
VIDEO_VIEW = _text("Picture with labels")
VIDEO_VIEW_DESCRIPTION = _text("Click an object to follow it. Space plays and pauses.")

# Menus
MENU_FILE = _text("&File")
MENU_PLAY = _text("&Playback")
MENU_VIEW = _text("&View")
MENU_LABELS = _text("&Labels")
MENU_HELP = _text("&Help")
MORE_BUTTONS = _text("More buttons")
TOOLBAR = _text("Toolbar")

# Actions: the words of menus and buttons, each with what the tool tip says
OPEN_FILE = _text("Open &file…")
OPEN_FOLDER = _text("Open f&older…")
OPEN_ADDRESS = _text("Open &address…")
PLAY_DEMO = _text("Play the &demo")
CLOSE_SOURCE = _text("&Close source")
RECORD = _text("&Record")
SNAPSHOT = _text("&Save snapshot")
SAVE_REPLAY = _text("Save what &just happened")
SHOW_RECORDINGS = _text("Show recordings folder")
PREFERENCES = _text("&Preferences…")
QUIT = _text("&Quit")
PLAY_PAUSE = _text("&Play or pause")
STEP = _text("&Next frame")
BACK = _text("Five seconds &back")
FORWARD = _text("Five seconds &forward")
PREVIOUS_SOURCE = _text("Pre&vious in the list")
NEXT_SOURCE = _text("Ne&xt in the list")
SLOWER = _text("&Slower")
FASTER = _text("F&aster")
FREEZE = _text("Free&ze picture")
MIRROR = _text("&Mirror")
ROTATE = _text("&Turn right")
FIGURES = _text("Show frame &rate")
SMOOTH = _text("&Smooth picture")
FULL_SCREEN = _text("&Full screen")
LEAVE_FULL_SCREEN = _text("Leave full screen")
SIDE_PANEL = _text("Side &panel")
CENTRE_CROP = _text("Label the &centre only")
MORE_CONFIDENT = _text("&Raise the minimum confidence")
LESS_CONFIDENT = _text("&Lower the minimum confidence")
UNPIN = _text("&Stop following the object")
GET_MODELS = _text("&Get the full model")
NOTICES = _text("&Messages")
SHORTCUTS = _text("&Keyboard shortcuts")
ABOUT = _text("&About Video Labeler")

# Choosing files
FILES_OF_VIDEOS_AND_PICTURES = _text("Videos and pictures ({patterns})")
FILES_OF_ANY_KIND = _text("All files (*)")
CHOOSE_FILE = _text("Open a video or a picture")
CHOOSE_FOLDER = _text("Open a folder of videos or pictures")
ADDRESS = _text("Address")
ADDRESS_EXAMPLE = _text("rtsp://… or http://…")

# Start panel
START_TITLE = _text("What shall we look at?")
NO_CAMERA = _text("No camera is connected. Plug one in, and it appears here.")
LOOKING_FOR_CAMERAS = _text("Looking for a camera…")
START_OPEN_FILE = _text("Open a video or picture")
START_DEMO = _text("Play the demo")
START_OPEN = _text("Open", "an address")
START_DROP = _text("Or drop videos, pictures, folders or a model anywhere in this window.")

# States of the source
OPENING = _text("Opening {name}")
CANCEL_OPENING_TIP = _text("Stay with what plays now")
CONNECTING = _text("Connecting")
RECONNECTING = _text("Reconnecting")
STALLED = _text("No pictures are arriving")
FROZEN = _text("The picture is not changing")
BLACK = _text("The picture is black")
IN_USE = _text("The camera is in use")
SOURCE_LOST = _text("The source has stopped")
TRYING_FOR = _text("{time} so far")
CHOOSE_ANOTHER = _text("Choose another source")

# Files that are not complete yet
FINISHING = _text("Finishing what is being saved…")
STILL_SAVING = _text("The recording is not complete yet.")
STILL_SAVING_DETAIL = _text(
    "The window closes by itself as soon as it is. If you close it now, what is already on the disk is kept "
    "and can be finished at the next start."
)
KEEP_WAITING = _text("Keep waiting")
CLOSE_NOW = _text("Close now")
FINISHING_IN_TERMINAL = _text("Finishing the recording. Press Ctrl-C again to quit without finishing it.")

# States of models and disk
NOTHING_IS_SAID = _text("Nothing is labelled")
NOTHING_IS_SAID_DETAIL = _text("No label under “Say only” in the preferences is known to this model.")
MODELS_LOADING = _text("Loading the models…")
MODELS_FAILED = _text("The models could not be loaded")
DISK_NEARLY_FULL = _text("The disk is nearly full")
DISK_LEFT = _text("{size} left. The recording stops by itself before it is full.")
BASIC_LABELS = _text("The basic model is in use.")
GET_FULL_MODEL = _text("Get the full model ({size})")
FETCHING = _text("Getting the full model…")
FETCHING_PART = _text("Getting the full model: {done} of {size}")
CANCEL = _text("Cancel")

# What is told above the picture
SETTINGS_PROBLEMS = _text("Some of the settings file was not understood:")
SETTINGS_MORE = _text("… and {count} more; see the log.")
CUT_OFF = _text("The recording {name} was cut off ({time}, begun {begun}). Finish it?")
CUT_OFF_SEVERAL = _text("{count} recordings were cut off ({time} in all, the last begun {begun}). Finish them?")
CUT_OFF_FINISH = _text("Finish")
CUT_OFF_LATER = _text("Later")
CUT_OFF_FINISHING = _text("Finishing what was cut off…")
CUT_OFF_SAVED = _text("Saved {name}.")
CUT_OFF_SAVED_SEVERAL = _text("Saved {count} recordings, the first as {name}.")
CUT_OFF_FAILED = _text("What was cut off could not be finished. It is kept as it is; the log says more.")
SETTINGS_TAKEN_IN = _text("The settings file has changed; its settings now apply.")
SETTINGS_COPIED = _text("The settings that could not be read are kept in {name}.")

# Messages
PICTURES_SAVED = _text("{count} pictures saved.")
RECORDINGS_SAVED = _text("{count} recordings saved.")
REPLAYS_SAVED = _text("{count} replays saved.")
TOLD_TIMES = _text("{text} ({count} times)", "a sentence, and how often it was told")
NOTICES_TITLE = _text("Messages")
NO_NOTICES = _text("No messages yet.")
COPY_NOTICES = _text("Copy all")
CLOSE = _text("Close")
UNREAD_PROBLEMS = _text("{count} unread", "problems")
ONE_AFTER_THE_OTHER = _text("Playing {count} sources one after the other.")
ONE_MODEL_AT_A_TIME = _text("Only one model can be tried at a time: {name}.")
NO_FILE_MANAGER = _text("No file manager could be opened. It is here: {path}")
SHOW_IN_FOLDER = _text("Show in folder")
DISMISS = _text("Dismiss")
DISMISS_MESSAGE = _text("Dismiss the message")
DISMISS_LINE = _text("Dismiss the line about the model")
SAID_ONLY = _text("Say only: {names}")
NEVER_SAID = _text("Never say: {names}")
NOT_LABELS = _text("No such label: {names}")
FILTER_MARK_TIP = _text("Click to change which labels are said")
FROZEN_MARK = _text("Frozen. Press {key} to continue.")
FROZEN_MARK_TIP = _text("The picture is frozen; the source and any recording continue. Click to continue here, too.")
DROP_SOURCE = _text("Drop to open {name}")
DROP_SEVERAL = _text("Drop to play {count} sources one after the other")
DROP_MODEL = _text("Drop to try the model {name}")
DROP_UNFIT = _text("{name} is not a video, a picture or a model.")
DROP_EMPTY = _text("There are no videos or pictures in the folder {name}.")
DROP_GONE = _text("{name} is not there any more.")
DROP_SCHEME = _text(
    "Addresses with {scheme}: cannot be opened. A stream begins with rtsp://, http://, https:// or udp://."
)
DROP_TEXT = _text("Only files, folders, addresses and models can be opened, not text.")
DROP_NOTHING = _text("This is not a file, a folder, an address or a model.")
FULL_SCREEN_CONTROLS = _text("Full-screen controls")
MENU = _text("Menu")
FULL_SCREEN_NOW = _text("Press Esc to leave full screen.")
ABOUT_TEXT = _text(
    "<h3>Video Labeler {version}</h3>"
    "<p>Labels what a camera or a video shows, on this computer, without the internet.</p>"
    "<p>Free software under the GNU General Public License, version 3 or later.</p>"
)
