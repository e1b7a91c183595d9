"""Downloads the full models in the background, and can be told to stop."""

import logging
import threading
from collections.abc import Callable

from video_labeler.errors import VideoLabelerError
from video_labeler.models.store import FileState, ModelStore
from video_labeler.session.view import FetchView

_log = logging.getLogger(__name__)


class ModelFetch:
    """One download of whatever full models are missing.

    ``on_done`` is called from its thread once all are there, ``on_failure`` with a sentence where they cannot be had;
    neither after :meth:`cancel`. ``store`` makes the store that downloads.
    """

    def __init__(
        self,
        *,
        on_done: Callable[[], None],
        on_failure: Callable[[str], None],
        store: Callable[[], ModelStore] = ModelStore,
    ) -> None:
        self._on_done = on_done
        self._on_failure = on_failure
        self._store = store
        self._stop = threading.Event()
        self._view: FetchView | None = FetchView(0, 0)
        self._thread = threading.Thread(target=self._run, name="model fetch", daemon=True)

    @property
    def view(self) -> FetchView | None:
        """How far it is; ``None`` when it has ended."""
        return self._view

    def start(self) -> None:
        """Begin. Returns at once."""
        self._thread.start()

    def cancel(self) -> None:
        """Stop downloading. Returns at once; nothing half-done is left behind."""
        self._stop.set()
        self._view = None

    def _run(self) -> None:
        try:
            self._fetch_all()
        except VideoLabelerError as error:
            self._end(str(error))
        except Exception as error:  # noqa: BLE001 - the picture goes on, and the window is told
            _log.exception("The download failed")
            self._end(f"The models could not be downloaded: {error or type(error).__name__}.")
        else:
            self._end(None)

    def _fetch_all(self) -> None:
        store = self._store()
        published = [entry for entry in store.catalog if not entry.is_built_in]
        missing = [entry for entry in published if store.status(entry).state is not FileState.RIGHT]
        in_all, before = sum(entry.size for entry in missing), 0
        for entry in missing:

            def show(done: int, _: int, before: int = before) -> None:
                if not self._stop.is_set():
                    self._view = FetchView(before + done, in_all)

            store.fetch(entry, show, self._stop)
            before += entry.size

    def _end(self, failure: str | None) -> None:
        cancelled = self._stop.is_set()
        self._view = None
        if cancelled:
            return
        if failure is None:
            self._on_done()
        else:
            self._on_failure(failure)
