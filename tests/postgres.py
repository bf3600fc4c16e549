"""A PostgreSQL server of the tests' own, on loopback, where the machine has the programs for one."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder with initdb and postgres, or None where they are not installed."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


@contextmanager
def server() -> Iterator[str]:
    """A fresh server; yields its URL for asyncpg, with the password in it."""
    folder = programs()
    assert folder, "ask programs() first"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="huashen-pg-") as temporary:
        data = Path(temporary) / "data"
        # PostgreSQL refuses to run as root: become its own user, which Debian's package makes.
        become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if become:
            shutil.chown(temporary, "postgres", "postgres")
        run = {"check": True, "cwd": "/", "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([*become, str(folder / "initdb"), "-D", str(data), "-U", "huashen", "-A", "trust"], **run)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={temporary} -c fsync=off"
        control = [*become, str(folder / "pg_ctl"), "-D", str(data), "-w"]
        subprocess.run([*control, "-o", options, "-l", f"{temporary}/log", "start"], **run)
        try:
            yield f"postgresql+asyncpg://huashen@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **run)
