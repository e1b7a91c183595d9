"""Models, label files, zips, archives and graphs that are damaged or hostile."""

import gzip
import io
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz.trying import Kind, try_changed
from tests.models.tiny_saved_model import function, meta_graph, node, saved_model
from tests.models.tiny_tflite import mean_colour, normalising_metadata
from video_labeler.assets import asset
from video_labeler.models.archive import unpack
from video_labeler.models.labels import embedded_labels, read_label_file
from video_labeler.models.report import inspect_tflite
from video_labeler.models.saved_model_gate import check_saved_model
from video_labeler.models.tflite_metadata import normalisation


def _zips() -> list[bytes]:
    zips = []
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        memory = io.BytesIO(b"TFL3" * 20)
        with zipfile.ZipFile(memory, "a", method) as archive:
            archive.writestr("labels.txt", "red\ngreen\nblue\n" * 50)
            archive.writestr("ids.txt", "/m/a\n" * 150)
        zips.append(memory.getvalue())
    return zips


def _tars() -> list[bytes]:
    tars = []
    for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        memory = io.BytesIO()
        with tarfile.open(fileobj=memory, mode="w", format=form) as tar:
            for name in ("saved_model.pb", "variables/variables.index", "assets/" + "long/" * 12 + "n" * 30 + ".txt"):
                member = tarfile.TarInfo(name)
                member.size = 600
                tar.addfile(member, io.BytesIO(b"x" * 600))
        tars.append(memory.getvalue())
    return tars


def _graphs() -> list[bytes]:
    functions = [function("__inference_f_1", node("y", "Mean", "x", calls=["__inference_g_2"]), arguments=("x",))]
    functions += [function("__inference_g_2", node("r", "Relu", "x", listed=["__inference_f_1"]))]
    nodes = (node("file", "Const"), node("r", "RestoreV2", "file"), node("restore", "NoOp", "^r"), node("s", "SaveV2"))
    graph = meta_graph(
        node("x", "Placeholder"), node("y", "PartitionedCall", "x", calls=["__inference_f_1"]), *nodes,
        functions=functions, outputs=["y:0"], saver=("file:0", "s:0", "restore"), called=["__inference_f_1"],
    )  # fmt: skip
    return [saved_model(graph), saved_model(graph, graph)]


def _unpack(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        unpack(io.BytesIO(content), Path(folder) / "model", "model.tar.gz")


def _label_file(suffix: str) -> Callable[[bytes], None]:
    def read(content: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"labels{suffix}"
            path.write_bytes(content)
            read_label_file(path, 631)

    return read


KINDS = {
    "label zip": Kind(_zips, lambda content: embedded_labels(content, 150), 600),
    "archive": Kind(lambda: [gzip.compress(tar) for tar in _tars()], _unpack, 100),
    "tar in an archive": Kind(_tars, lambda content: _unpack(gzip.compress(content, 1)), 150),
    "graph": Kind(_graphs, lambda content: check_saved_model(content, "model"), 600),
    "label file": Kind(
        lambda: [asset("labels.csv").read_bytes(), b'\xef\xbb\xbfid,name\n' + b'"/m/a","A ""b"" c"\n' * 631],
        _label_file(".csv"), 300,
    ),
    "label file of lines": Kind(lambda: [b"label\n" * 631], _label_file(".txt"), 200),
    "metadata": Kind(
        lambda: [mean_colour(metadata=normalising_metadata([127.5] * count, [127.5] * count)) for count in (1, 3)],
        normalisation, 100,
    ),
    "model": Kind(
        lambda: [mean_colour(), mean_colour("uint8"), mean_colour(metadata=normalising_metadata([0.0], [255.0]))],
        lambda content: inspect_tflite(content, "model.tflite"), 4,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(KINDS))
def test_changed_inputs_are_read_or_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    try_changed(name, KINDS[name], capsys)
