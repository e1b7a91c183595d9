"""Chooses the model, and shows which one is in use."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import QFileDialog, QMenu, QSizePolicy, QVBoxLayout, QWidget

from video_labeler.models.catalog import AUTO, BUILT_IN, LABELER_V1, LOCALIZER_V1, ModelRole
from video_labeler.session.view import ModelState, ModelsView, SessionView
from video_labeler.settings import ModelSettings, ScoreKind
from video_labeler.system.background_task import StopSignal
from video_labeler.window import panel_texts as texts
from video_labeler.window.controls.menu_button import MenuButton
from video_labeler.window.controls.model_report_dialog import ModelReportDialog, needs_labels
from video_labeler.window.controls.model_trust_dialog import ModelTrustDialog
from video_labeler.window.look.icons import icon
from video_labeler.window.model_names import model_title
from video_labeler.window.plain_text import PlainLabel
from video_labeler.window.window_task import WindowTask

if TYPE_CHECKING:
    # At run time it would import the model runtime, which must not delay the window's start.
    from video_labeler.models.report import ModelReport

_WIDEST = 400
_SUFFIXES = (".tflite", ".tar.gz", ".tgz")


class ModelPicker(QWidget):
    """A button with a menu: the full, the basic or the user's own model, which can also be dropped on it.

    ``model_chosen`` carries the settings with the new model; the user's own has been tried in a separate process
    before.
    """

    model_chosen = pyqtSignal(ModelSettings)

    def __init__(self) -> None:
        super().__init__()
        self._settings = ModelSettings()
        self._offered = ""
        self._check = WindowTask(self)
        self._button = MenuButton(_WIDEST)
        self._button.setIcon(icon("model"))
        self._button.setToolTip(texts.MODEL_TIP)
        self._button.setAccessibleName(texts.MODEL_TIP)
        self._button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._note = PlainLabel()
        self._note.setWordWrap(True)
        self._note.setProperty("muted", True)
        self._note.hide()
        menu = QMenu(self._button)
        self._published = self._entry(menu, texts.FULL_MODEL, self.choose_published)
        self._builtin = self._entry(menu, texts.BASIC_MODEL, self.choose_builtin)
        menu.addSeparator()
        self._own = self._entry(menu, texts.OWN_MODEL, self.choose_file)
        self._button.setMenu(menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._button)
        layout.addWidget(self._note)
        self.setFocusProxy(self._button)
        self.setAcceptDrops(True)

    @property
    def words(self) -> str:
        """The button's text."""
        return self._button.words

    @property
    def note(self) -> str:
        """The text below the button, if any."""
        return self._note.text()

    def show_view(self, view: SessionView) -> None:
        """Show which model is in use, or the state of the chosen one."""
        models = view.models
        self._settings = models.settings
        if not self._check.is_busy:
            self._button.say(_speaking(models))
            self._button.setAccessibleName(texts.PART_OF_FIELD.format(field=texts.MODEL_TIP, part=_speaking(models)))
        failed = models.state is ModelState.FAILED and models.message
        self._say(texts.MODEL_FAILED.format(message=models.message) if failed else "")
        chosen = _chosen(models)
        for action, name in ((self._published, LABELER_V1.name), (self._builtin, BUILT_IN)):
            action.setChecked(chosen == name)
        self._own.setChecked(chosen not in {LABELER_V1.name, BUILT_IN, AUTO})

    def choose_published(self) -> None:
        """Choose the full models; the session downloads missing ones."""
        self._choose(LABELER_V1.name, LOCALIZER_V1.name)

    def choose_builtin(self) -> None:
        """Choose the models that ship with the program."""
        self._choose(BUILT_IN, BUILT_IN)

    def choose_file(self) -> None:
        """Ask for a model file, and try it."""
        patterns = " ".join(f"*{suffix}" for suffix in _SUFFIXES)
        filters = f"{texts.MODEL_FILES} ({patterns});;{texts.ALL_FILES} (*)"
        path, _ = QFileDialog.getOpenFileName(self, texts.MODEL_TITLE, "", filters)
        if path:
            self.offer_file(Path(path))

    def offer_file(self, path: Path) -> None:
        """Try a model file, and choose it if it fits; otherwise say why not."""
        self._offered = str(path)
        self._try_offered(trusted=False)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:  # noqa: N802 - Qt's name
        """Accept a single model file."""
        if event is not None and _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:  # noqa: N802 - Qt's name
        """Try the file that was dropped."""
        path = None if event is None else _dropped(event)
        if event is not None and path is not None:
            event.acceptProposedAction()
            self.offer_file(path)

    def _try_offered(self, *, trusted: bool) -> None:
        self._button.say(texts.CHECKING_MODEL.format(name=Path(self._offered).name))
        self._button.setEnabled(False)
        offered = self._offered
        self._check.start(
            "model check",
            lambda stop: _explained(offered, stop, trusted=trusted),
            failing=f"The model {offered} cannot be used",
            on_success=self._judge,
            on_failure=lambda sentence: self._judge(_unusable(offered, sentence)),
        )

    def _choose(self, model: str, localizer: str) -> None:
        self.model_chosen.emit(
            replace(self._settings, model=model, localizer=localizer, labels_file=None, scores=ScoreKind.AUTO)
        )

    def _judge(self, report: "ModelReport") -> None:
        self._button.setEnabled(True)
        self._button.say(Path(self._offered).name)
        if report.needs_trust:
            dialog = ModelTrustDialog(Path(self._offered).name, self.window())
            dialog.accepted.connect(lambda: self._try_offered(trusted=True))
            dialog.open()
        elif not report.is_usable:
            self._explain(report)
        elif report.role == ModelRole.LOCALIZER.value:
            self.model_chosen.emit(replace(self._settings, localizer=self._offered))
        else:
            self._use_labeler(None)

    def _explain(self, report: "ModelReport") -> None:
        dialog = ModelReportDialog(report, self.window())
        if needs_labels(report):
            dialog.labels_chosen.connect(self._use_labeler)
        dialog.open()

    def _use_labeler(self, labels_file: str | None) -> None:
        self.model_chosen.emit(
            replace(self._settings, model=self._offered, labels_file=labels_file, scores=ScoreKind.AUTO)
        )

    def _say(self, words: str) -> None:
        self._note.setText(words)
        self._note.setVisible(bool(words))

    def _entry(self, menu: QMenu, words: str, act: Callable[[], None]) -> QAction:
        action = QAction(words, menu)
        action.setCheckable(True)
        action.triggered.connect(act)
        menu.addAction(action)
        return action


def _explained(model: str, stop: StopSignal, *, trusted: bool) -> "ModelReport":
    from video_labeler.models.explaining import explain_model
    from video_labeler.models.store import ModelStore

    return explain_model(model, store=ModelStore(stop=stop), trusted=trusted)


def _unusable(model: str, problem: str) -> "ModelReport":
    from video_labeler.models.report import ModelReport

    return ModelReport(model, problems=(problem,))


def _speaking(models: ModelsView) -> str:
    if models.state is ModelState.LOADING:
        return texts.MODEL_LOADING
    return model_title(models.labeler, ModelRole.LABELER) or texts.NONE


def _chosen(models: ModelsView) -> str:
    """The model that the settings name; for ``auto`` the one that was found."""
    if models.settings.model != AUTO:
        return models.settings.model
    if models.state is not ModelState.READY:
        return AUTO
    return BUILT_IN if models.basic else LABELER_V1.name


def _dropped(event: QDropEvent) -> Path | None:
    data = event.mimeData()
    urls = [] if data is None else data.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.name.lower().endswith(_SUFFIXES) or (path / "saved_model.pb").is_file() else None
