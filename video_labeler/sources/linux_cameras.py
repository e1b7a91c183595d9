"""Lists the cameras of Linux, from the kernel's list, udev's database and, once per device, its driver."""

import logging
import os
import re
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from video_labeler.sources.camera_list import CameraDevice
from video_labeler.sources.naming import SourceKind, named_source
from video_labeler.sources.v4l2_node import NodeAnswer, ask_node

_log = logging.getLogger(__name__)

_SYS_CLASS = Path("/sys/class/video4linux")
_DEV = Path("/dev")
_UDEV = Path("/run/udev/data")

_SETTLES_WITHIN_S = 3.0
"""How long udev may take to create the links of a device that was just plugged in."""

_NO_CAMERA = re.compile(
    r"\b(out(put)?|meta(data)?|vbi|touch|radio|enc(ode|oder)?|dec(ode|oder)?|codec|m2m|jpeg|stat(s|istics)?|params)\b"
)
"""Names of devices that a driver creates besides cameras."""


@dataclass(frozen=True, slots=True)
class _Node:
    """What is known about a device file without opening it.

    ``hardware`` is its path in the kernel's tree, ``place`` its number among the device files of the same hardware,
    ``usb`` the folder of a USB device. ``links`` are those that udev wants to point here, ``capabilities`` what udev
    found; ``None`` where there is no udev. A node ``is_young`` while udev may be busy with what came with it, and
    ``is_settled`` when udev has seen it. ``state`` changes when the driver may have another answer.
    """

    number: int
    name: str
    path: Path
    hardware: Path | None
    usb: Path | None
    place: int
    links: frozenset[str]
    capabilities: str | None
    is_young: bool
    is_settled: bool
    state: tuple[object, ...]

    @property
    def key(self) -> str:
        """Identifies the device and its port by what the kernel knows immediately."""
        facts = [] if self.usb is None else [_first_line(self.usb / fact) for fact in _USB_FACTS]
        return "|".join((str(self.hardware), str(self.place), self.name, *facts))


_USB_FACTS = ("idVendor", "idProduct", "serial")


_answers: dict[str, tuple[tuple[object, ...], NodeAnswer | None]] = {}
"""The answers of drivers by device file, so that they are not asked again unless something has changed;
``None``: nothing."""

_known_hardware: dict[str, NodeAnswer] = {}
"""The same by hardware: a device that comes back unchanged need not be asked, and is found at once."""

_identities: dict[str, tuple[str, str | None]] = {}
"""The stable name and the port of each listed camera, by its hardware: udev creates their links some time after
the camera has come back."""


def linux_cameras(sys_class: Path = _SYS_CLASS, dev: Path = _DEV, udev: Path = _UDEV) -> tuple[CameraDevice, ...]:
    """The capture devices that the kernel lists under ``sys_class``; ``dev``: device files, ``udev``: udev's
    database.
    """
    nodes = [node for folder in _folders(sys_class) if (node := _node(folder, dev, udev)) is not None]
    there = {str(node.path) for node in nodes}
    for path in [path for path in list(_answers) if path not in there]:
        _answers.pop(path, None)
    found = [(node, answer) for node in nodes if (answer := _camera_answer(node, nodes)) is not None]
    found_nodes = [node for node, _ in found]
    by_id, ports = _links(dev, "by-id", found_nodes), _links(dev, "by-path", found_nodes)
    names = Counter(node.name for node, _ in found)
    unique = _unshared(found_nodes, by_id)
    cameras = []
    for node, answer in found:
        port = ports.get(node.path.name)
        link = unique.get(node.path.name) or port
        before = _identities.get(node.key)
        if before is not None and (link is None or not _owns_its_links(node, nodes)):
            link, port = before
        elif link is not None:
            _identities[node.key] = link, port
        stable_id = link or _by_name(node, names) or str(node.path)
        has_serial = node.usb is None or bool(_first_line(node.usb / "serial"))
        cameras.append(CameraDevice(node.number, node.name, stable_id, str(node.path), answer.sizes, port, has_serial))
    return tuple(cameras)


def _folders(sys_class: Path) -> list[Path]:
    try:
        return sorted(sys_class.glob("video*"), key=lambda folder: (len(folder.name), folder.name))
    except OSError:
        return []


def _node(folder: Path, dev: Path, udev: Path) -> _Node | None:
    digits = folder.name.removeprefix("video")
    path = dev / folder.name
    try:
        status = path.stat()
    except OSError:
        return None
    if not (digits.isascii() and digits.isdecimal()):
        return None
    is_young = 0 <= time.time() - status.st_ctime < _SETTLES_WITHIN_S
    notes_file = udev / f"c{_first_line(folder / 'dev')}"
    notes = "" if is_young and _is_older(notes_file, status.st_mtime_ns) else _text(notes_file)
    place = _first_line(folder / "index")
    return _Node(
        number=int(digits),
        name=_first_line(folder / "name") or folder.name,
        path=path,
        hardware=_resolved(folder / "device"),
        usb=next((above for above in folder.resolve().parents if (above / "idVendor").exists()), None),
        place=int(place) if place.isdecimal() else 0,
        links=frozenset(re.findall(r"^S:(.*)$", notes, re.MULTILINE)),
        capabilities=_capabilities(notes),
        is_young=is_young,
        is_settled=bool(notes) or not udev.is_dir() or not is_young,
        # A virtual camera is one only while a program feeds it: the file stays, but its format or udev's data change.
        state=(status.st_ino, status.st_rdev, status.st_ctime_ns, notes, *map(_text, map(folder.joinpath, _CHANGING))),
    )


_CHANGING = ("format", "state")


def _is_older(notes: Path, made_ns: int) -> bool:
    """Whether udev wrote this of a device that had the same number before; it touches the device file first."""
    try:
        return notes.stat().st_mtime_ns < made_ns
    except OSError:
        return False


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _first_line(path: Path) -> str:
    return _text(path).strip().partition("\n")[0]


def _capabilities(notes: str) -> str | None:
    found = re.search(r"^E:ID_V4L_CAPABILITIES=(.*)$", notes, re.MULTILINE)
    return None if found is None else found[1]


def _camera_answer(node: _Node, nodes: list[_Node]) -> NodeAnswer | None:
    """What is known about a camera; ``None`` if it is not a camera, or not ready yet."""
    is_known = node.key in _identities and os.access(node.path, os.R_OK | os.W_OK)
    if not is_known and not _owns_its_links(node, nodes):
        return None
    answer = _asked(node)
    if answer is None:
        # No permission, busy, or a driver that returns errors: opening it will say more, if it is a camera at all.
        return NodeAnswer(is_camera=True) if _seems_a_camera(node, nodes) else None
    return answer if answer.is_camera else None


def _owns_its_links(node: _Node, nodes: list[_Node]) -> bool:
    """Whether udev has seen it, and all that came with it and may lay claim to the same links."""
    if not node.is_young:
        return True
    return node.is_settled and all(
        other.is_settled or (other.name != node.name and other.hardware != node.hardware) for other in nodes
    )


def _asked(node: _Node) -> NodeAnswer | None:
    key = str(node.path)
    before = _answers.get(key)
    if before is not None and before[0] == node.state:
        return before[1]
    answer = _known_hardware.get(node.key)
    if answer is not None:
        _answers[key] = node.state, answer
        return answer
    try:
        answer = ask_node(key)
        if node.hardware is not None:
            _known_hardware[node.key] = answer
    except Exception as error:  # noqa: BLE001 - whatever one driver does, the other cameras must be listed
        level = logging.DEBUG if isinstance(error, PermissionError) else logging.WARNING
        _log.log(level, "%s (%s) could not be queried: %s", node.path, node.name, error)
    _answers[key] = node.state, answer
    return answer


def _seems_a_camera(node: _Node, nodes: list[_Node]) -> bool:
    if node.capabilities is not None:
        return ":capture:" in node.capabilities
    if _NO_CAMERA.search(re.sub(r"[^a-z0-9]+", " ", node.name.lower())):
        return False
    # Webcams have a second device file with the same name, for metadata of their pictures.
    return not any(
        other.name == node.name and other.place < node.place and other.hardware == node.hardware for other in nodes
    )


def _resolved(link: Path) -> Path | None:
    try:
        return link.resolve(strict=True)
    except OSError:
        return None


def _links(dev: Path, kind: str, nodes: list[_Node]) -> dict[str, str]:
    """udev's links by maker and serial number, or by port, by the name of their target.

    A link that several devices claim points to one of them at random, and is left out.
    """
    claims = Counter(link for node in nodes for link in node.links)
    try:
        links = sorted((dev / "v4l" / kind).iterdir(), reverse=True)
        return {link.resolve().name: str(link) for link in links if claims[f"v4l/{kind}/{link.name}"] < 2}
    except OSError:
        return {}


def _unshared(nodes: list[_Node], by_id: dict[str, str]) -> dict[str, str]:
    """Without links that identical cameras without serial numbers share, which point to one of them at random."""
    unlinked = {node.name for node in nodes if node.path.name not in by_id}
    return {node.path.name: by_id[node.path.name] for node in nodes if node.name not in unlinked}


def _by_name(node: _Node, names: Counter[str]) -> str | None:
    """The name, if it identifies this camera and no other."""
    if names[node.name] > 1 or named_source(node.name).kind is not SourceKind.CAMERA or node.name.isdecimal():
        return None
    return node.name
