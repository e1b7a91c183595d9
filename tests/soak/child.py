"""The kiosk's child as it is, with probes on it and with parts that break when the soak orders it.

``python -m tests.soak.child kiosk --child SOURCE ...``: the words are those of ``video-labeler``.
"""

import os
import shutil
import time
from pathlib import Path
from typing import Any, NoReturn

from tests.soak.broken_parts import failing_models, raise_when_ordered, short_disk_usage
from tests.soak.pictures import load_pictures
from tests.soak.shared_memory import FOLDER_VARIABLE, Orders, Sighting, Sightings, What
from tests.soak.synthetic_camera import SYNTHETIC, OrderedDevice


def main() -> NoReturn:
    """Put the probes in, then be the child."""
    folder = Path(os.environ[FOLDER_VARIABLE])
    orders, sightings = Orders(folder), Sightings(folder)
    sightings.write(Sighting(What.STARTED, time.monotonic(), number=os.getpid()))
    shutil.disk_usage = short_disk_usage(orders)
    _break_models(orders)
    _break_camera(folder, orders)
    _watch_labelling(sightings)
    _watch_stand(sightings)

    from video_labeler.cli import main as product

    product()


def _break_models(orders: Orders) -> None:
    from video_labeler.labeling import loading

    loading.load_models = failing_models(loading.load_models, orders)


def _break_camera(folder: Path, orders: Orders) -> None:
    from video_labeler.session import source_run
    from video_labeler.sources.base import Source
    from video_labeler.sources.live import LiveSource
    from video_labeler.sources.naming import NamedSource

    open_real = source_run.source_from_name

    def open_breaking(named: NamedSource, camera: Any = None, must_answer: bool = True, **how: Any) -> Source:
        if named.text == SYNTHETIC:
            device = OrderedDevice(load_pictures(folder), orders)
            return raise_when_ordered(LiveSource(device, must_answer, longest_pause_s=camera.longest_pause_s), orders)
        source = open_real(named, camera, must_answer, **how)
        return raise_when_ordered(source, orders) if isinstance(source, LiveSource) else source

    source_run.source_from_name = open_breaking


def _watch_labelling(sightings: Sightings) -> None:
    """Note every labelled frame of the camera; the attract video is a file, whose frames wait for the models."""
    from video_labeler.session.frame_labeling import SourceLabeler

    label = SourceLabeler.label

    def label_and_tell(self: SourceLabeler, frame: Any) -> Any:
        labeled = label(self, frame)
        if not self._waits:
            well = self._tracking is not None and self._failures == 0
            sightings.write(Sighting(What.LABELLED, time.monotonic(), frame.captured_s, number=float(well)))
        return labeled

    SourceLabeler.label = label_and_tell


def _watch_stand(sightings: Sightings) -> None:
    """Note what is on the screen; the window takes the stand's class from its module when it is imported."""
    from video_labeler.kiosk import stand
    from video_labeler.kiosk.scene import LIVE_LIMIT_S, Scene

    class WatchedStand(stand.Stand):
        _seen_scene = ""
        _celebrated_s = float("-inf")
        _shown = False

        def look(self) -> Any:
            view = super().look()
            now_s = time.monotonic()
            if view.scene.value != self._seen_scene:
                self._seen_scene = view.scene.value
                sightings.write(Sighting(What.SCENE, now_s, text=view.scene.value))
            if not self._shown and view.scene is Scene.ATTRACT and view.shown.newest is not None:
                self._tell_picture(now_s)
            return view

        def painted(self, age_s: float) -> None:
            super().painted(age_s)
            now_s = time.monotonic()
            sightings.write(Sighting(What.PAINTED, now_s, now_s - age_s))
            if not self._shown:
                self._tell_picture(now_s)

        def replaced(self, age_s: float) -> None:
            super().replaced(age_s)
            if age_s > LIVE_LIMIT_S:
                now_s = time.monotonic()
                sightings.write(Sighting(What.OLD, now_s, now_s - age_s, age_s))

        def _celebrate(self, prediction: Any) -> None:
            super()._celebrate(prediction)
            sightings.write(Sighting(What.CELEBRATED, time.monotonic(), text=prediction.label.name))

        def _tell_picture(self, now_s: float) -> None:
            self._shown = True
            sightings.write(Sighting(What.PICTURE, now_s))

    stand.Stand = WatchedStand  # type: ignore[misc]


if __name__ == "__main__":
    main()
