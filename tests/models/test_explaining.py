from pathlib import Path

import pytest

from tests.models.tiny_tflite import mean_colour
from video_labeler.models.catalog import ModelRole
from video_labeler.models.explaining import explain_model
from video_labeler.models.store import ModelStore


@pytest.mark.parametrize("role", list(ModelRole))
@pytest.mark.parametrize("text", ["auto", "builtin"])
def test_the_builtin_models_are_in_order(text: str, role: ModelRole, store: ModelStore) -> None:
    report = explain_model(text, role, store)
    assert (report.name, report.role, report.problems) == ("builtin", role.value, ())


def test_what_is_missing_or_wrong_is_said_and_nothing_is_downloaded(
    store: ModelStore, tmp_path: Path, builtin_localizer: Path
) -> None:
    store.cache.mkdir()
    published = "mobile_object_labeler_v1"
    assert "not installed yet" in explain_model(published, ModelRole.LABELER, store).problems[0]
    (store.cache / f"{published}.tflite").write_bytes(mean_colour())
    assert "not the published file" in explain_model(published, ModelRole.LABELER, store).problems[0]
    assert "There is no model" in explain_model("nothing", ModelRole.LABELER, store).problems[0]
    (tmp_path / "folder").mkdir()
    assert "saved_model.pb" in explain_model(str(tmp_path / "folder"), ModelRole.LABELER, store).problems[0]
    report = explain_model(str(builtin_localizer), ModelRole.LABELER, store)
    assert report.problems == ("It is a localizer, not a labeler.",)
    assert explain_model(builtin_localizer, store=store).is_usable
