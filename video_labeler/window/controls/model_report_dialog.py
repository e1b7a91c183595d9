"""Explains as ``doctor`` does why a model does not fit, and offers what would help."""

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QVBoxLayout, QWidget

from video_labeler.models.catalog import ModelRole
from video_labeler.window import panel_texts as texts
from video_labeler.window.form_dialog import fit_text
from video_labeler.window.plain_text import PlainLabel, plain_title

if TYPE_CHECKING:
    from video_labeler.models.report import ModelReport, TensorReport


def needs_labels(report: "ModelReport") -> bool:
    """Whether the model lacks nothing but labels."""
    return report.role == ModelRole.LABELER.value and report.label_count > 0 and not report.labels


class ModelReportDialog(QDialog):
    """``labels_chosen`` carries the path of a label file, if the model lacks labels."""

    labels_chosen = pyqtSignal(str)

    def __init__(self, report: "ModelReport", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report = report
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        lack = texts.MODEL_LACKS_LABELS if needs_labels(report) else texts.MODEL_UNFIT
        title = lack.format(name=Path(report.name).name)
        self.setWindowTitle(plain_title(title))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(_words(title, strong=True))
        for sentence in self._sentences():
            layout.addWidget(_words(sentence))
        facts = "\n".join(_facts(report))
        if facts:
            layout.addWidget(_words(facts, muted=True))
        layout.addWidget(_words(texts.MODEL_NOT_USED, muted=True))
        layout.addSpacing(6)
        layout.addWidget(self._buttons())
        fit_text(self)

    def _sentences(self) -> tuple[str, ...]:
        report = self._report
        if not needs_labels(report):
            return report.problems
        return (
            texts.MODEL_NEEDS_LABELS.format(name=report.name, count=report.label_count),
            texts.CHOOSE_LABELS_HINT.format(count=report.label_count),
        )

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        close = buttons.addButton(texts.CLOSE, QDialogButtonBox.ButtonRole.RejectRole)
        assert close is not None
        close.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        if needs_labels(self._report):
            choose = buttons.addButton(texts.CHOOSE_LABELS, QDialogButtonBox.ButtonRole.ActionRole)
            assert choose is not None
            choose.setDefault(True)
            choose.setProperty("primary", True)
            choose.clicked.connect(self._choose_labels)
        return buttons

    def _choose_labels(self) -> None:
        title = plain_title(texts.LABELS_TITLE.format(name=self._report.name))
        path, _ = QFileDialog.getOpenFileName(
            self, title, "", f"{texts.TEXT_FILES} (*.txt *.csv);;{texts.ALL_FILES} (*)"
        )
        if path:
            self.labels_chosen.emit(path)
            self.accept()


def _words(text: str, *, strong: bool = False, muted: bool = False) -> PlainLabel:
    label = PlainLabel(text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setProperty("strong", strong)
    label.setProperty("muted", muted)
    return label


def _facts(report: "ModelReport") -> list[str]:
    facts = [texts.MODEL_TAKES.format(tensor=_tensor(tensor)) for tensor in report.inputs]
    facts += [texts.MODEL_GIVES.format(tensor=_tensor(tensor)) for tensor in report.outputs]
    if report.pixels:
        facts.append(texts.MODEL_PIXELS.format(pixels=report.pixels))
    return facts


def _tensor(tensor: "TensorReport") -> str:
    shape = "\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN}\N{NO-BREAK SPACE}".join(map(str, tensor.shape)) or "1"
    return f"{tensor.name}: {tensor.dtype}, {shape}"
