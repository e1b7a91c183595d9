"""The current models: loaded in the background, and lent to one labeler at a time."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from video_labeler.errors import SettingsError
from video_labeler.frames import Label
from video_labeler.labeling.label_mask import check_label_names
from video_labeler.labeling.object_labeler import Models
from video_labeler.session.view import ModelState, ModelsView
from video_labeler.settings import LabelListSettings, ModelSettings
from video_labeler.system.background_task import BackgroundTask, StopSignal

_CLOSE_LIMIT_S = 0.3


def _load(settings: ModelSettings, stop: StopSignal) -> Models:
    # The runtimes are imported where they are needed, so that the window is up before them.
    from video_labeler.labeling.loading import load_models
    from video_labeler.models.store import ModelStore

    return load_models(settings, ModelStore(downloads=settings.downloads, stop=stop))


class ModelBank:
    """Loads models in background threads; the newest request wins, and a failed one leaves the old models in use.

    ``on_change`` is called from a loading thread after every success, ``on_failure`` with a sentence after a failure.
    ``load`` loads the models that settings name.
    """

    def __init__(
        self,
        settings: ModelSettings,
        *,
        on_change: Callable[[], None],
        on_failure: Callable[[str], None],
        load: Callable[[ModelSettings, StopSignal], Models] = _load,
    ) -> None:
        self._on_change = on_change
        self._on_failure = on_failure
        self._load = load
        self._lock = threading.Lock()
        self._in_use = threading.Lock()
        self._models: Models | None = None
        self._speaking: ModelSettings | None = None
        self._loading: BackgroundTask[Models] | None = None
        """The newest; it is cancelled under the lock, so that what it brings is taken or not taken as a whole."""
        self._view = ModelsView(ModelState.LOADING, settings)
        self._settled = threading.Event()

    @property
    def view(self) -> ModelsView:
        """The state of the models."""
        return self._view

    @property
    def has_models(self) -> bool:
        """Whether any models are loaded."""
        return self._models is not None

    def use(self, settings: ModelSettings) -> None:
        """Start loading other models; the previous ones stay in use until then."""
        task: BackgroundTask[Models] = BackgroundTask(
            "models",
            lambda stop: self._load(settings, stop),
            failing="The model cannot be used",
            on_success=lambda models: self._exchange(models, _ready(settings, models), task),
            on_failure=lambda message: self._fail(message, task),
            on_unused=lambda models: models.close(),
        )
        with self._lock:
            self._cancel()
            self._loading = task
            self._view = replace(self._view, state=ModelState.LOADING, settings=settings, message="")
        task.start()

    def wait(self, timeout_s: float) -> bool:
        """Whether the first models have been loaded, or failed, within ``timeout_s`` seconds."""
        return self._settled.wait(timeout_s)

    @contextmanager
    def lent(self) -> Iterator[Models | None]:
        """Lend the current models to one thread at a time; they stay open until returned."""
        with self._in_use:
            yield self._models

    @property
    def labels(self) -> Sequence[Label] | None:
        """The labels of the current models; ``None`` if there are none."""
        with self.lent() as models:
            return models.labeler.labels if models is not None else None

    def problem_with(self, lists: LabelListSettings) -> str:
        """What is wrong with lists of labels for the current models, as a sentence; empty if nothing is."""
        labels = self.labels
        try:
            if labels is not None:
                check_label_names(lists, labels)
        except SettingsError as error:
            return str(error)
        return ""

    def report(self, message: str) -> None:
        """Show that the models keep failing, or with an empty ``message`` that they work again."""
        with self._lock:
            if self._view.state is not ModelState.LOADING and self._models is not None:
                state = ModelState.FAILED if message else ModelState.READY
                self._view = replace(self._view, state=state, message=message)

    def close(self) -> None:
        """Release the models, including any that are still being loaded; waits only briefly for a busy model."""
        with self._lock:
            self._cancel()
        self._settled.set()
        if self._in_use.acquire(timeout=_CLOSE_LIMIT_S):
            models, self._models = self._models, None
            self._in_use.release()
            if models is not None:
                models.close()

    def _cancel(self) -> None:
        if self._loading is not None:
            self._loading.cancel()

    def _fail(self, message: str, task: BackgroundTask[Models]) -> None:
        with self._lock:
            if task.is_cancelled:
                return
            settings = self._speaking or self._view.settings
            self._view = replace(self._view, state=ModelState.FAILED, settings=settings, message=message)
        self._settled.set()
        self._on_failure(message)

    def _exchange(self, models: Models, view: ModelsView, task: BackgroundTask[Models]) -> None:
        """Switch to new models, unless others have been requested in the meantime."""
        with self._in_use:
            with self._lock:
                current = not task.is_cancelled
                if current:
                    self._view = view
                    self._speaking = view.settings
            unused: Models | None = models
            if current:
                unused, self._models = self._models, models
        if unused is not None:
            unused.close()
        if current:
            self._settled.set()
            self._on_change()


def _ready(settings: ModelSettings, models: Models) -> ModelsView:
    from video_labeler.models.catalog import BUILT_IN
    from video_labeler.models.store import ModelStore

    return ModelsView(
        ModelState.READY,
        settings,
        labeler=models.labeler.name,
        localizer=models.localizer.name if models.localizer else "",
        basic=models.labeler.name == BUILT_IN,
        full_is_here=ModelStore().has_full,
    )
