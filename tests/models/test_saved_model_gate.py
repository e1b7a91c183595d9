"""What passes the gate for SavedModels, and what is refused by name, without TensorFlow."""

from pathlib import Path

import pytest

from tests.models.tiny_saved_model import field, function, meta_graph, node, saved_model, varint
from video_labeler import limits
from video_labeler.errors import ModelFormatError
from video_labeler.models.saved_model_gate import allowed_operations, check_saved_model

PICTURES = node("x", "Placeholder")
MEAN = node("mean", "Mean", "x")
TF1_SAVER = (
    node("save/Const", "PlaceholderWithDefault", "save/name"),
    node("save/name", "Const"),
    node("w", "VarHandleOp"),
    node("save/SaveV2", "SaveV2", "save/Const", "w"),
    node("save/done", "Identity", "save/Const", "^save/SaveV2"),
    node("save/RestoreV2", "RestoreV2", "save/Const:0", "save/name"),
    node("save/Assign", "AssignVariableOp", "w", "save/RestoreV2"),
    node("save/restore_all", "NoOp", "^save/Assign"),
)
NAMES = ("save/Const:0", "save/done:0", "save/restore_all")
TRACED_RESTORE = function(
    "__inference__traced_restore_9",
    node("r", "RestoreV2", "file_prefix", "names"),
    arguments=("file_prefix", "w"),
)
TRACED_SAVE = function("__inference__traced_save_8", node("s", "SaveV2", "file_prefix"), arguments=("file_prefix",))
TF2_SAVER = (
    node("saver_filename", "Placeholder"),
    node("StatefulPartitionedCall", "StatefulPartitionedCall", "saver_filename", calls=["__inference__traced_save_8"]),
    node("StatefulPartitionedCall_1", "StatefulPartitionedCall", "saver_filename", "w",
         calls=["__inference__traced_restore_9"]),
    node("w", "VarHandleOp"),
)  # fmt: skip
TF2_NAMES = ("saver_filename:0", "StatefulPartitionedCall:0", "StatefulPartitionedCall_1")
WRAPPER = function("__inference_wrapper_3", node("call", "PartitionedCall", calls=["__inference_body_2"]))
BODY = function("__inference_body_2", MEAN)

GOOD = {
    "smallest": meta_graph(PICTURES, MEAN, outputs=["mean:0"]),
    "of TensorFlow 1": meta_graph(PICTURES, MEAN, *TF1_SAVER, outputs=["mean:0"], saver=NAMES),
    "of TensorFlow 2": meta_graph(
        PICTURES,
        *TF2_SAVER,
        functions=[TRACED_RESTORE, TRACED_SAVE, WRAPPER, BODY],
        saver=TF2_NAMES,
        called=["__inference_wrapper_3"],
    ),
    "a function as an operation": meta_graph(node("y", "my_layer", "x"), functions=[function("my_layer", MEAN)]),
    "control flow": meta_graph(
        PICTURES,
        node("if", "If", "x", calls=["then", "else"]),
        node("case", "Case", "x", listed=["then", "else"]),
        functions=[function("then", MEAN), function("else", MEAN)],
    ),
    "savers in their collection": meta_graph(
        PICTURES, MEAN, *TF1_SAVER, outputs=["mean:0"], saver=NAMES,
        collections={"savers": field(2, field(1, "".join(NAMES))), "variables": field(2, field(1, field(1, "w:0")))},
    ),
}  # fmt: skip

READ = node("evil", "ReadFile", "name")
RESTORED = node("evil", "RestoreV2", "name")
BAD = {
    "in the graph": (meta_graph(PICTURES, MEAN, READ, outputs=["mean:0"]), "ReadFile"),
    "in a second graph": (meta_graph(PICTURES) + b"", "WriteFile"),
    "in a function": (meta_graph(functions=[function("__inference_f_1", READ)]), "ReadFile"),
    "of the model's own making": (meta_graph(node("evil", "Addons>Run", "x")), "Addons>Run"),
    "called as a function": (meta_graph(node("if", "If", calls=["ReadFile", "ReadFile"])), "ReadFile"),
    "called in a list": (meta_graph(node("case", "Case", listed=["PyFunc"])), "PyFunc"),
    "a function with the name of an operation": (
        meta_graph(node("evil", "WriteFile"), functions=[function("WriteFile", MEAN)]), "WriteFile",
    ),
    "restores for a signature": (
        meta_graph(*TF1_SAVER, outputs=["save/RestoreV2:0"], saver=NAMES), "RestoreV2",
    ),
    "restores from another file": (meta_graph(*TF1_SAVER, node("name", "Const"), RESTORED, saver=NAMES), "RestoreV2"),
    "restores with no saver": (meta_graph(*TF1_SAVER), "RestoreV2"),
    "saves for a signature": (
        meta_graph(*TF1_SAVER, node("y", "Identity", "save/done"), outputs=["y:0"], saver=NAMES), "SaveV2",
    ),
    "saves before it restores": (
        meta_graph(*TF1_SAVER, node("start", "NoOp", "^save/restore_all", "^save/done"),
                   saver=("save/Const:0", "save/done:0", "start")), "SaveV2",
    ),
    "saves at the start": (
        meta_graph(*TF1_SAVER, saver=NAMES,
                   collections={"saved_model_main_op": field(1, field(1, "save/SaveV2"))}), "SaveV2",
    ),
    "saves as a variable's first value": (
        meta_graph(*TF1_SAVER, saver=NAMES,
                   collections={"variables": field(2, field(1, field(1, "w:0") + field(6, "save/done:0")))}), "SaveV2",
    ),
    "an object restores": (
        meta_graph(functions=[TRACED_RESTORE], called=["__inference__traced_restore_9"]), "traced_restore",
    ),
    "an object saves": (meta_graph(functions=[TRACED_SAVE], called=["__inference__traced_save_8"]), "traced_save"),
    "a function saves": (
        meta_graph(functions=[TRACED_SAVE, function("f", node("c", "PartitionedCall",
                                                              calls=["__inference__traced_save_8"]))]), "traced_save",
    ),
    "a function restores what it likes": (
        meta_graph(functions=[function("f", node("name", "Const"), RESTORED, arguments=("file_prefix",))]), "RestoreV2",
    ),
}  # fmt: skip
BAD["in a second graph"] = (GOOD["smallest"], "WriteFile")


@pytest.mark.parametrize("kind", list(GOOD))
def test_image_networks_pass(kind: str) -> None:
    check_saved_model(saved_model(GOOD[kind]), "model")


@pytest.mark.parametrize("kind", list(BAD))
def test_what_is_more_than_an_image_network_is_refused_by_name(kind: str) -> None:
    graph, operation = BAD[kind]
    graphs = [graph] if kind != "in a second graph" else [graph, meta_graph(node("evil", "WriteFile"))]
    with pytest.raises(ModelFormatError, match=f"model .*{operation}.* image networks do not need") as caught:
        check_saved_model(saved_model(*graphs), "model")
    assert "\n" not in str(caught.value)


def _twice(number: int, content: bytes) -> bytes:
    return field(2, field(2, field(1, node("a", "Const") + field(number, content))))


DAMAGED = {
    "nothing": b"",
    "no graph": b"\x08\x01",
    "text": b"This is no model at all, but a text.",
    "cut off": saved_model(GOOD["smallest"])[:-9],
    "two operations in one node": _twice(2, b"ReadFile"),
    "two names of one node": _twice(1, b"b"),
    "two nodes of one name": saved_model(meta_graph(PICTURES, PICTURES)),
    "two functions with the same name": saved_model(meta_graph(functions=[BODY, BODY])),
    "no UTF-8": saved_model(meta_graph(field(1, "a") + field(2, b"\xff\xfe"))),
    "a number for a graph": b"\x10\x01",
    "a long number": b"\x08" + b"\xff" * 11,
    "a group without end": b"\x0b" * 9,
}


@pytest.mark.parametrize("kind", list(DAMAGED))
def test_damage_is_one_sentence(kind: str) -> None:
    with pytest.raises(ModelFormatError, match="model") as caught:
        check_saved_model(DAMAGED[kind], "model")
    assert "\n" not in str(caught.value)


def test_nesting_and_numbers_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    attribute = field(10, field(1, "f"))
    for _ in range(2_000):
        attribute = field(10, field(1, "f") + field(2, field(1, "a") + field(2, attribute)))
    deep = field(1, "a") + field(2, "Const") + field(5, field(1, "a") + field(2, attribute))
    with pytest.raises(ModelFormatError, match="too deeply"):
        check_saved_model(saved_model(meta_graph(deep)), "model")
    signature = b""
    for _ in range(2_000):
        signature = field(2, signature)
    with pytest.raises(ModelFormatError, match="too deeply"):
        check_saved_model(saved_model(field(5, signature)), "model")
    monkeypatch.setattr(limits, "GRAPH_FIELDS", 1_000)
    with pytest.raises(ModelFormatError, match="too many"):
        check_saved_model(varint(8) + b"\x01" + b"\x08\x01" * 1_000, "model")


def test_names_are_shown_as_letters() -> None:
    with pytest.raises(ModelFormatError) as caught:
        check_saved_model(saved_model(meta_graph(node("a", "\x1b[2J" + "x" * 500))), "model")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("name", ["labeler_hub_tf1", "labeler_hub_tf2"])
def test_the_published_forms_pass(name: str, models_folder: Path) -> None:
    check_saved_model((models_folder / name / "saved_model.pb").read_bytes(), name)


def test_the_list_leaves_out_what_touches_the_computer() -> None:
    allowed = allowed_operations()
    assert len(allowed.computing) > 300
    assert allowed.restoring == {"RestoreV2"}
    assert allowed.saving == {"SaveV2", "MergeV2Checkpoints"}
    touching = "File|Save|Restore|Checkpoint|Iterator|Dataset|PyFunc|Print|Send|Recv|Summary|Remote|Table|Library|Queue"
    # One that only puts a name together, for the saver.
    computing = allowed.computing - {"ShardedFilename"}
    assert not [name for name in computing if any(part in name for part in touching.split("|"))]
