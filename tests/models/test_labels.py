import io
import os
import tracemalloc
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from video_labeler import limits
from video_labeler.errors import LabelFileError
from video_labeler.models.labels import embedded_labels, known_labels, read_label_file


def _with_lists(**lists: str) -> bytes:
    memory = io.BytesIO(b"the model itself")
    with zipfile.ZipFile(memory, "a") as archive:
        for name, text in lists.items():
            archive.writestr(name.replace("__", "-") + ".txt", text)
    return memory.getvalue()


def test_the_shipped_list_has_631_rows_and_two_mice() -> None:
    labels = known_labels()
    assert [label.row for label in labels] == list(range(631))
    assert len({label.id for label in labels}) == 631
    assert [name for name, times in Counter(label.name for label in labels).items() if times > 1] == ["Mouse"]
    assert [label.row for label in labels if label.name == "Mouse"] == [144, 334]
    assert (labels[321].id, labels[321].name) == ("/m/04dr76w", "Bottle")


def test_the_shipped_list_is_that_of_the_builtin_model(builtin_labeler: Path) -> None:
    assert embedded_labels(builtin_labeler.read_bytes(), 631) == known_labels()


def test_the_shipped_list_is_that_of_the_published_model(models_folder: Path) -> None:
    content = (models_folder / "mobile_object_labeler_v1.tflite").read_bytes()
    assert embedded_labels(content, 631) == known_labels()


def test_one_list_in_the_model_is_names() -> None:
    labels = embedded_labels(_with_lists(labels="cat\ndog\nÄpfel\n"), 3)
    assert labels is not None
    assert [(label.row, label.id, label.name) for label in labels] == [(0, "", "cat"), (1, "", "dog"), (2, "", "Äpfel")]


def test_english_names_and_ids_are_told_apart() -> None:
    content = _with_lists(labels__de="Katze\nHund", labels="/m/01yrx\n/m/0bt9lr", labels__en="Cat\nDog")
    labels = embedded_labels(content, 2)
    assert labels is not None
    assert [(label.id, label.name) for label in labels] == [("/m/01yrx", "Cat"), ("/m/0bt9lr", "Dog")]


@pytest.mark.parametrize("content", [b"", b"no zip", _with_lists(labels="a\nb"), _with_lists(labels="a\nb\nc")[:-9]])
def test_lists_that_do_not_fit_are_none(content: bytes) -> None:
    assert embedded_labels(content, 3) is None


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("labels.txt", "cat\ndog, small\n\n", [("", "cat"), ("", "dog, small")]),
        ("labels.txt", "\ufeffcat\r\ndog\r\n", [("", "cat"), ("", "dog")]),
        ("labels.csv", "/m/1,cat\n/m/2,dog\n", [("/m/1", "cat"), ("/m/2", "dog")]),
        ("labels.csv", 'row,id,name\n0,/m/1,cat\n1,/m/2,"dog, small"\n', [("/m/1", "cat"), ("/m/2", "dog, small")]),
        ("labels.csv", "cat\ndog\n", [("", "cat"), ("", "dog")]),
    ],
)
def test_label_files(tmp_path: Path, name: str, text: str, expected: list[tuple[str, str]]) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    assert [(label.id, label.name) for label in read_label_file(path, 2)] == expected


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"cat\n", "1 labels, but the model gives 2"),
        (b"cat\ndog\ncow", "3 labels"),
        (b"", "0 labels"),
        (b"\xff\xfe\x00c", "not a text file"),
        (b"cat\0dog\n", "not a text file"),
    ],
)
def test_label_files_that_do_not_fit(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "labels.txt"
    path.write_bytes(content)
    with pytest.raises(LabelFileError, match=word):
        read_label_file(path, 2)


def test_a_missing_label_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(LabelFileError, match="no label file"):
            read_label_file(path, 2)


def test_a_csv_line_without_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("/m/1,cat\ndog\n")
    with pytest.raises(LabelFileError, match="label 2"):
        read_label_file(path, 2)


def _zip(method: int, *members: tuple[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as archive:
        for name, text in members:
            archive.writestr(name, text)
    return memory.getvalue()


def _claiming(content: bytes, size: int) -> bytes:
    """The same zip, whose only member claims to unpack to ``size`` bytes."""
    changed = bytearray(content)
    local, central = content.index(b"PK\3\4"), content.index(b"PK\1\2")
    changed[local + 22 : local + 26] = changed[central + 24 : central + 28] = size.to_bytes(4, "little")
    return bytes(changed)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("claimed", [3, 1000, None])
def test_a_zip_that_unpacks_to_much_has_no_lists(method: int, claimed: int | None) -> None:
    bomb = _zip(method, ("labels.txt", b"\n" * 2**24))
    tracemalloc.start()
    assert embedded_labels(bomb if claimed is None else _claiming(bomb, claimed), 3) is None
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2**23


def test_a_zip_of_many_members_has_no_lists() -> None:
    many = _zip(zipfile.ZIP_STORED, *[(f"{number}.txt", b"a\nb\nc") for number in range(3_000)])
    assert embedded_labels(many, 3) is None


def test_a_damaged_zip_has_no_lists() -> None:
    """Every byte of a small zip in turn, changed."""
    whole = _zip(zipfile.ZIP_DEFLATED, ("labels.txt", b"red\ngreen\nblue"), ("ids.txt", b"/m/a\n/m/b\n/m/c"))
    assert embedded_labels(whole, 3) is not None
    for position in range(len(whole)):
        for value in (0, 0xFF, whole[position] ^ 1):
            changed = whole[:position] + bytes([value]) + whole[position + 1 :]
            found = embedded_labels(b"TFL3" + changed, 3)
            assert found is None or len(found) == 3


@pytest.mark.parametrize(
    "text", ['id,name\n"' + "x" * 200_000 + '",a', 'id,name\n1,"a', "a" * 140_000 + ",b", "\rid,name\r\r\n"]
)
def test_a_damaged_csv_is_one_sentence(text: str, tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(text.encode())
    with pytest.raises(LabelFileError) as caught:
        read_label_file(path, 5)
    assert "\n" not in str(caught.value)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "labels.txt")
    with pytest.raises(LabelFileError, match="no label file"):
        read_label_file(tmp_path / "labels.txt", 3)


def test_a_large_label_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "labels.txt").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(LabelFileError, match="too large"):
        read_label_file(tmp_path / "labels.txt", 3)


def test_labels_are_letters_alone(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("id,name\n/m/1\x1b,Mug\x1b[2J\u202e\n", encoding="utf-8")
    (label,) = read_label_file(path, 1)
    assert (label.id, label.name) == ("/m/1\\x1b", "Mug\\x1b[2J\\u202e")
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("labels.txt", "a\x9bb\n")
    assert [label.name for label in embedded_labels(memory.getvalue(), 1) or ()] == ["a\\x9bb"]


def test_a_label_without_end_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "labels.txt"
    path.write_text("cat" * 1_000_000 + "\ndog\n")
    cat, dog = read_label_file(path, 2)
    assert cat.name.startswith("catcat")
    assert cat.name.endswith("…")
    assert len(cat.name) == limits.LABEL_TEXT
    assert dog.name == "dog"
