"""How every child process that runs a module of this package is started."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO


def python_command(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of this package as a program.

    ``-P`` keeps the current folder out of the module search path: a file ``av.py``
    there must not be imported.
    """
    return [sys.executable, "-P", "-m", module, *arguments]


def python_environment() -> dict[str, str]:
    """The environment in which the child finds this package, installed or not, and writes UTF-8."""
    root = str(Path(__file__).resolve().parents[2])
    # An empty entry of PYTHONPATH stands for the current folder, like a relative one.
    given = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if Path(path).is_absolute()]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, *given]), "PYTHONIOENCODING": "utf-8"}


def apart(*, below_normal: bool = False) -> dict[str, Any]:
    """What to give ``Popen``, so that Ctrl-C in a terminal is for the program alone, which then ends its children.

    ``below_normal`` lowers the priority on Windows.
    """
    if sys.platform == "win32":
        priority = subprocess.BELOW_NORMAL_PRIORITY_CLASS if below_normal else 0
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW | priority}
    return {"start_new_session": True}


def own_output() -> BinaryIO:
    """In a child: a stream to its standard output that nothing else is printed to from now on."""
    answers = os.fdopen(os.dup(1), "wb")
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    os.close(sink)
    return answers
