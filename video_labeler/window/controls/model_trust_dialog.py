"""Asks whether a model that is a program may run."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from video_labeler.window import panel_texts as texts
from video_labeler.window.form_dialog import fit_text
from video_labeler.window.plain_text import PlainLabel, plain_title


class ModelTrustDialog(QDialog):
    """Accepted if the user allows the model called ``name`` to run; Enter and Escape do not."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = texts.MODEL_IS_PROGRAM.format(name=name)
        self.setWindowTitle(plain_title(title))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(_words(title, strong=True))
        layout.addWidget(_words(texts.MODEL_TRUST_HINT))
        layout.addSpacing(6)
        layout.addWidget(self._buttons())
        fit_text(self)

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        run = buttons.addButton(texts.RUN_MODEL, QDialogButtonBox.ButtonRole.AcceptRole)
        keep_out = buttons.addButton(texts.DO_NOT_RUN_MODEL, QDialogButtonBox.ButtonRole.RejectRole)
        assert run is not None
        assert keep_out is not None
        run.setAutoDefault(False)
        keep_out.setDefault(True)
        # Its text is bold, which Qt does not take into account for a default button.
        keep_out.setProperty("primary", True)
        keep_out.setFocus()
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons


def _words(text: str, *, strong: bool = False) -> PlainLabel:
    label = PlainLabel(text)
    label.setWordWrap(True)
    label.setProperty("strong", strong)
    return label
