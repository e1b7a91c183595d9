"""Downloads the full models in the background; can be cancelled."""

from collections.abc import Callable
from functools import partial

from video_labeler.models.store import FileState, ModelStore
from video_labeler.session.view import FetchView
from video_labeler.system.background_task import BackgroundTask, StopSignal


def _store(stop: StopSignal) -> ModelStore:
    return ModelStore(stop=stop)


class ModelFetch:
    """One download of the full models that are missing.

    ``on_done`` is called from its thread once all are there, ``on_failure`` with a sentence if it fails;
    neither after :meth:`cancel`. ``store`` makes the store that downloads until the signal.
    """

    def __init__(
        self,
        *,
        on_done: Callable[[], None],
        on_failure: Callable[[str], None],
        store: Callable[[StopSignal], ModelStore] = _store,
    ) -> None:
        self._store = store
        self._view: FetchView | None = FetchView(0, 0)
        self._task = BackgroundTask(
            "model fetch",
            self._fetch_all,
            failing="The models could not be downloaded",
            on_success=lambda _: self._end(on_done),
            on_failure=lambda text: self._end(partial(on_failure, text)),
        )

    @property
    def view(self) -> FetchView | None:
        """Its progress; ``None`` when it has ended."""
        return self._view

    def start(self) -> None:
        """Begin. Returns at once."""
        self._task.start()

    def cancel(self) -> None:
        """Stop downloading. Returns at once; nothing half-done is left behind."""
        self._task.cancel()
        self._view = None

    def _fetch_all(self, stop: StopSignal) -> None:
        store = self._store(stop)
        published = [entry for entry in store.catalog if not entry.is_built_in]
        missing = [entry for entry in published if store.status(entry).state is not FileState.RIGHT]
        in_all, before = sum(entry.size for entry in missing), 0
        for entry in missing:

            def show(done: int, _: int, before: int = before) -> None:
                if not stop.is_set():
                    self._view = FetchView(before + done, in_all)

            store.fetch(entry, show)
            before += entry.size

    def _end(self, tell: Callable[[], None]) -> None:
        self._view = None
        tell()
