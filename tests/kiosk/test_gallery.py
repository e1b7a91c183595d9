"""The kinds of things of the day."""

import numpy as np

from video_labeler.kiosk.gallery import Gallery
from video_labeler.kiosk.scene import Kind

PICTURE = np.zeros((160, 160, 3), dtype=np.uint8)


def test_a_kind_is_new_once_and_then_counted() -> None:
    gallery = Gallery({})
    assert gallery.add("Mug", PICTURE)
    assert gallery.add("Ball", None)
    assert not gallery.add("Mug", None)
    assert [(kind.name, kind.count) for kind in gallery.kinds] == [("Mug", 2), ("Ball", 1)]
    assert gallery.kinds[0].picture is PICTURE
    assert gallery.count == 2


def test_only_the_last_twelve_keep_their_picture() -> None:
    gallery = Gallery({})
    for number in range(40):
        gallery.add(f"Kind {number}", PICTURE)
    assert [kind.picture is not None for kind in gallery.kinds] == [True] * 12 + [False] * 28
    gallery.add("Kind 0", PICTURE)
    assert [kind.name for kind in gallery.kinds if kind.picture is not None][:2] == ["Kind 0", "Kind 39"]
    assert sum(kind.picture is not None for kind in gallery.kinds) == 12


def test_the_day_continues_after_a_restart_and_ends() -> None:
    gallery = Gallery({"Mug": 3, "Ball": 1})
    assert gallery.kinds == (Kind("Ball", 1), Kind("Mug", 3))
    assert not gallery.add("Mug", PICTURE)
    assert gallery.kinds[0].count == 4
    gallery.new_day()
    assert (gallery.kinds, gallery.count) == ((), 0)
    assert gallery.add("Mug", PICTURE)
