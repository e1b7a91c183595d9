"""Which files are in the making, and for how long."""

from pathlib import Path

from video_labeler.session.saving import Saving


def test_a_file_is_in_the_making_until_it_is_done_and_no_longer() -> None:
    saving = Saving()
    first, second = saving.begin(Path("a.mp4")), saving.begin(Path("b.mp4"))
    assert saving.paths == (Path("a.mp4"), Path("b.mp4"))
    assert saving.view is None, "both still grow"
    saving.finish(first)
    assert saving.view is not None
    assert saving.view.names == ("a.mp4",)
    assert not saving.wait(0.0)
    saving.done(first)
    assert saving.paths == (Path("b.mp4"),)
    assert saving.view is None
    saving.done(second)
    assert saving.paths == ()
    assert saving.wait(0.0)


def test_two_files_of_one_name_are_two() -> None:
    saving = Saving()
    first, second = saving.begin(Path("Replay"), ends=True), saving.begin(Path("Replay"), ends=True)
    saving.done(first)
    assert saving.paths == (Path("Replay"),)
    saving.done(second)
    assert saving.paths == ()


def test_whoever_waits_may_be_told_to_leave() -> None:
    saving = Saving()
    saving.begin(Path("a.mp4"))
    saving.leave()
    assert saving.wait(0.0)
