"""The fields of the preferences that hold a path or a model."""

from collections.abc import Sequence
from enum import Enum, auto

from PyQt6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from video_labeler.window import panel_texts as texts
from video_labeler.window.look.theme import current_colours
from video_labeler.window.preferences.fields import ChoiceField


class PathKind(Enum):
    """What a path leads to."""

    FILE = auto()
    FOLDER = auto()


class PathField(QWidget):
    """A file or a folder; empty means ``None``, which ``without`` explains."""

    def __init__(self, kind: PathKind, title: str, without: str, patterns: str = "") -> None:
        super().__init__()
        self._kind = kind
        self._title = title
        self._patterns = patterns
        self.line = QLineEdit()
        self.line.setPlaceholderText(without)
        self.line.setStyleSheet(f"QLineEdit {{ placeholder-text-color: {current_colours().muted}; }}")
        self.line.setClearButtonEnabled(True)
        self.browse = QPushButton(texts.BROWSE)
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._ask)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.browse)
        self.setFocusProxy(self.line)

    @property
    def setting(self) -> str | None:
        """The path."""
        return self.line.text().strip() or None

    def show_setting(self, value: str | None) -> None:
        """Show a path."""
        self.line.setText(value or "")

    def _ask(self) -> None:
        if self._kind is PathKind.FOLDER:
            path = QFileDialog.getExistingDirectory(self, self._title, self.line.text())
        else:
            path = QFileDialog.getOpenFileName(self, self._title, self.line.text(), self._patterns)[0]
        if path:
            self.line.setText(path)


class ModelField(QWidget):
    """A model known by name, or the user's own file."""

    def __init__(self, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.choice = ChoiceField(choices)
        # On a small screen the text is cut, and the list that opens shows all of it.
        self.choice.setMinimumWidth(140)
        self.browse = QPushButton(texts.BROWSE)
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._ask)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.choice, 1)
        layout.addWidget(self.browse)
        self.setFocusProxy(self.choice)

    @property
    def setting(self) -> str:
        """The model's name or path."""
        return str(self.choice.setting)

    def show_setting(self, value: str) -> None:
        """Show a model."""
        self.choice.show_setting(value)

    def _ask(self) -> None:
        filters = f"{texts.MODEL_FILES} (*.tflite *.tar.gz *.tgz);;{texts.ALL_FILES} (*)"
        path = QFileDialog.getOpenFileName(self, texts.MODEL_TITLE, "", filters)[0]
        if path:
            self.choice.show_setting(path)
