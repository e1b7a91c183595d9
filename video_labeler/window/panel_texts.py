"""The words of the side panel, the controls and the dialogs, ready for translation.

Import this after the translators are installed: the constants are translated once.
"""

from PyQt6.QtCore import QCoreApplication


def _text(source: str, note: str = "") -> str:
    return QCoreApplication.translate("Panels", source, note)


NONE = "\N{EN DASH}"
RATE = _text("{rate} fps")
NOT_SURE = _text("Not sure")

# Sections of the side panel
SIDE_PANEL = _text("Side panel")
PREDICTIONS = _text("What it is")
OBJECTS = _text("Objects now")
SEEN = _text("Seen so far")
LABELING = _text("Labelling")
STATUS = _text("Status")
SHOW_SECTION = _text("Show {section}")
HIDE_SECTION = _text("Hide {section}")

# Predictions
MOST_PROMINENT = _text("Most prominent object")
PINNED = _text("Following object {track}")
PINNED_CENTER = _text("Following the middle of the picture")
OUT_OF_SIGHT = _text("Out of sight")
UNPIN = _text("Stop following the object")
NO_PICTURE_NOW = _text("No picture right now")
NOTHING_YET = _text("Nothing yet")
PREDICTION_SPOKEN = _text("{label}, {percent}")

# Objects
OBJECT_NUMBER = _text("Object {track}")
CENTER = _text("Middle of the picture")
NO_OBJECTS = _text("Nothing found right now")
CLICK_TO_PIN = _text("Click to follow this object")
CLICK_TO_UNPIN = _text("Click to stop following this object")
OBJECTS_LIST = _text("List of objects")
OBJECTS_HINT = _text("Objects in the picture now. Press Enter to follow one.")

# Seen
NOTHING_SEEN = _text("Nothing seen so far")
SEEN_LIST = _text("List of what was seen")
SEEN_HINT = _text("What was seen, newest first. Press Enter to go there while a file plays.")
FROM_TO = _text("{first} to {last}")
TIMES = _text("{count} times")
SEEN_COPIED = _text("The list is on the clipboard: {count} entries.")
SEEN_CLEARED = _text("The list was cleared.")
COPY_SEEN = _text("Copy the list")
CLEAR_SEEN = _text("Clear the list")
DOUBLE_CLICK_SEEKS = _text("Double-click to go to {time}")
COLUMNS = (
    _text("Label"),
    _text("From", "time"),
    _text("To", "time"),
    _text("Times", "how often"),
    _text("Best confidence"),
    _text("Source"),
)

# Status
SOURCE = _text("Source")
PICTURE_SIZE = _text("Picture")
CAPTURE = _text("Capture")
LABELLED = _text("Labelling")
PAINT = _text("Display")
LABEL_LATENCY = _text("Label delay")
PAINT_LATENCY = _text("Display delay")
LATENCY = _text("{median}, 95\N{NO-BREAK SPACE}%: {p95}")
LATENCY_TIP = _text("Half of the frames take less than the first figure, 95 of 100 less than the second.")
DROPS = _text("Dropped")
NO_DROPS = _text("None")
DROPS_LABELLING = _text("{count} before labelling")
DROPS_SINK = _text("{count} by {sink}")
MODEL = _text("Model")
LOCALIZER = _text("Localizer")
PROCESSOR = _text("Processor")
CORES = _text("{percent} of one core")
NO_SOURCE = _text("None open")
SIZE = "{width}\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN}\N{NO-BREAK SPACE}{height}"
NO_LOCALIZER = _text("None, middle of the picture only")
MODEL_LOADING = _text("Loading…")

# Sliders
THRESHOLD = _text("Minimum confidence")
THRESHOLD_SHORT = _text("Confidence")
AT_LEAST = "\N{GREATER-THAN OR EQUAL TO}\N{NO-BREAK SPACE}{value}"
THRESHOLD_TIP = _text("Labels below this confidence are not shown. Double-click for the default, {usual}.")
MAX_OBJECTS = _text("Maximum objects")
MAX_OBJECTS_SHORT = _text("Objects")
AT_MOST = "\N{LESS-THAN OR EQUAL TO}\N{NO-BREAK SPACE}{value}"
MAX_OBJECTS_TIP = _text("How many objects are labelled at once. Double-click for the default, {usual}.")

# Sources
CHOOSE_SOURCE = _text("Choose a source")
SOURCE_TIP = _text("Where the picture comes from")
NO_CAMERAS = _text("No camera connected")
RECENT = _text("Recent")
OPEN_FILE = _text("Open file…")
OPEN_FOLDER = _text("Open folder…")
OPEN_ADDRESS = _text("Open address…")
DEMO = _text("Demo")
PLAY_DEMO = _text("Play the demo")
ALL_FILES = _text("All files")
ADDRESS_TITLE = _text("Open an address")
ADDRESS_LABEL = _text("Address of a network camera or stream")
ADDRESS_EXAMPLE = "rtsp://192.168.1.20/stream"
ADDRESS_HINT = _text("It begins with rtsp://, http://, https:// or udp://.")
NOT_AN_ADDRESS = _text("{text} is not an address. It begins with rtsp://, http://, https:// or udp://.")
MISSING_SCHEME = _text("What kind of address is it? Write rtsp://{text} or http://{text}.")
NO_SUCH_PATH = _text("There is no file or folder {text}.")
OPEN = _text("Open")
TEST_PICTURE = _text("Test picture")

# Models
MODEL_TIP = _text("Which model names things")
FULL_MODEL = _text("Full model")
BASIC_MODEL = _text("Basic model")
OWN_MODEL = _text("Open model…")
AUTOMATIC_MODEL = _text("Automatic")
MODEL_TITLE = _text("Open a model")
MODEL_FILES = _text("Models")
CHECKING_MODEL = _text("Checking {name}…")
MODEL_IS_PROGRAM = _text("{name} is a program. Run it?")
MODEL_TRUST_HINT = _text(
    "A SavedModel is more than data. It is checked and runs in isolation, but run it only if you trust whoever made "
    "it. You are asked once for each model."
)
RUN_MODEL = _text("Run it")
DO_NOT_RUN_MODEL = _text("Do not run it")
MODEL_LACKS_LABELS = _text("{name} needs a list of labels")
MODEL_UNFIT = _text("{name} cannot be used")
MODEL_NOT_USED = _text("The models in use stay as they are.")
MODEL_TAKES = _text("input {tensor}")
MODEL_GIVES = _text("output {tensor}")
MODEL_PIXELS = _text("pixels: {pixels}")
MODEL_NEEDS_LABELS = _text("{name} gives {count} scores, but does not say what they mean.")
CHOOSE_LABELS_HINT = _text("Choose a text file with {count} labels, one per line.")
CHOOSE_LABELS = _text("Choose labels…")
LABELS_TITLE = _text("Choose the labels of {name}")
TEXT_FILES = _text("Text files")
MODEL_FAILED = _text("The model could not be loaded: {message}")

# Recording
RECORD = _text("Record")
RECORD_TIP = _text("Record what is shown, with its labels")
STOP_RECORDING = _text("Stop", "the recording")
RECORD_TO = _text("Record to {folder}")
RECORDING_TO = _text("Recording to {path}. Click to stop.")
SPACE_LEFT = _text("{size} left")
SKIPPED = _text("{count} frames skipped: the disk is slow")
RECORDED = _text("Recording, {elapsed}, {size}, {free} left on the disk")

# Playback
PLAY = _text("Play")
PAUSE = _text("Pause")
PLAY_AGAIN = _text("Play again")
STEP = _text("Next frame")
POSITION = _text("Position")
POSITION_TIP = _text("Drag to another place; the keys go five seconds back and forward")
PREVIOUS_SOURCE = _text("Previous in the list")
NEXT_SOURCE = _text("Next in the list")
PLACE_IN_LIST = _text("{number} of {count}", "sources of a list")
PICTURE_OF = _text("{number} of {count} · {name}", "pictures of a folder")
SPEED = _text("Speed")
SPEED_TIMES = "{speed}\N{MULTIPLICATION SIGN}"

# Preferences
PREFERENCES = _text("Preferences")
PAGE_LABELING = _text("Labelling")
PAGE_LABELS = _text("Labels")
PAGE_MODELS = _text("Models")
PAGE_CAMERA = _text("Camera")
PAGE_PICTURE = _text("Picture")
PAGE_RECORDING = _text("Recording")
REGIONS = _text("What to label")
REGIONS_LOCALIZED = _text("Every object found")
REGIONS_CENTER = _text("Only the middle of the picture")
EFFORT = _text("Ask the models")
EFFORT_BALANCED = _text("Where there may be something new")
EFFORT_LIGHT = _text("Seldom, to spare the computer")
EFFORT_FULL = _text("In every frame")
TOP_K = _text("Labels for each object")
LOCALIZER_THRESHOLD = _text("Minimum object score")
MODELS_OWN = _text("Model default")
ONLY_LABELS = _text("Say only")
HIDE_LABELS = _text("Never say")
ALL_LABELS = _text("All labels")
NO_LABELS = _text("None; for example: Person, Food")
LABELS_NOTE = _text(
    "Separate names with commas; a name includes its narrower labels. What is never said is not marked either, "
    "neither in the picture nor in what is saved."
)
LABELER_FIELD = _text("Labeler")
LOCALIZER_FIELD = _text("Localizer")
LABELS_FIELD = _text("Label file")
LABELS_FROM_MODEL = _text("From the model")
LABEL_FILTERS = f"{TEXT_FILES} (*.txt *.csv);;{ALL_FILES} (*)"
MODELS_NOTE = _text(
    "Automatic uses the full model if it is on the disk, otherwise the basic one. A model of your own is tried "
    "first; if it cannot be used, the previous one stays."
)
SCORES_FIELD = _text("Scores")
SCORES_AUTO = _text("Detected automatically")
SCORES_PROBABILITY = _text("Already probabilities")
SCORES_SIGMOID = _text("Need a sigmoid")
SCORES_SOFTMAX = _text("Need a softmax")
THREADS_FIELD = _text("Processor cores")
DOWNLOADS_FIELD = _text("Offer and allow downloads")
LOCALIZER_NONE = _text("None")
PART_OF_FIELD = "{field}: {part}"
BROWSE = _text("Browse…")
CAMERA_WIDTH = _text("Width")
CAMERA_HEIGHT = _text("Height")
CAMERA_RATE = _text("Frame rate")
CAMERA_PAUSE = _text("Longest pause between retries")
CAMERA_FROZEN = _text("Report a still picture after")
CAMERA_BLACK = _text("Report a black picture after")
CAMERA_SILENT = _text("Reopen a silent camera after")
OTHER_HOSTS = _text("Allow redirects to other computers")
CAMERAS_OWN = _text("Camera default")
CAMERA_NOTE = _text("A camera may deliver something close to this. Changes take effect the next time it is opened.")
PERCENT_SUFFIX = "\N{NO-BREAK SPACE}%"
PIXELS_SUFFIX = _text(" px")
RATE_SUFFIX = _text(" fps")
SECONDS_SUFFIX = _text(" s", "seconds")
REPLAY = _text("Replay")
MIRROR = _text("Mirror the picture")
ROTATE = _text("Turn")
DEGREES = _text("{angle}° clockwise")
NOT_TURNED = _text("Not turned")
SMOOTH = _text("Smooth: always the newest picture, even if its labels lag")
THEME = _text("Colours")
THEME_SYSTEM = _text("Same as the system")
THEME_LIGHT = _text("Light")
THEME_DARK = _text("Dark")
PANEL_OPEN = _text("Show the side panel")
PICTURE_NOTE = _text("Mirroring and turning change the window only, not recordings.")
FOLDER = _text("Folder")
SYSTEM_FOLDER = _text("The system's videos folder")
FOLDER_NOTE = _text(
    "Videos and snapshots are saved here, named by date and time. “Save what just happened” saves the last seconds, "
    "as many as Replay says; 0 turns it off."
)
RECORDINGS_TITLE = _text("Choose the folder for recordings")
RESET = _text("Reset to defaults")
RESET_DONE = _text("Reset to the defaults: {pages}. Nothing is saved yet.")
RESET_NOTHING = _text("Everything is already at its default.")
SAVE_ANYWAY = _text("Save anyway")
UNDO = _text("Undo")
SAVE_CHANGES = _text("Save the changes?")
DISCARD = _text("Discard")
KEEP_EDITING = _text("Keep editing")
SAVE = _text("Save")
FROM_UNTIL = _text("From {low} to {high}")

# Shortcuts
SHORTCUTS = _text("Keyboard shortcuts")
SHORTCUT_OR = _text("or", "between two shortcuts")
CLOSE = _text("Close")
