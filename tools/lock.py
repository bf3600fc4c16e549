"""Pin what pyproject.toml asks for: requirements.lock to run, requirements-dev.lock to test and train.

pip resolves in a dry run as if nothing were installed. Local version labels (torch's +cpu) are dropped, so that
the same lock takes the build that fits the machine.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def resolve(target: str) -> dict[str, str]:
    """Distribution name -> version, as pip would install `target` into an empty environment."""
    options = ["--quiet", "--dry-run", "--ignore-installed", "--report", "-"]
    pip = [sys.executable, "-m", "pip", "install", *options, target]
    report = json.loads(subprocess.run(pip, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    found = {item["metadata"]["name"].lower(): item["metadata"]["version"] for item in report["install"]}
    found.pop("huashen")
    return {name: version.split("+")[0] for name, version in found.items() if not name.startswith(("nvidia-", "cuda-"))}


def write(name: str, pins: dict[str, str]) -> None:
    """One pin a line, sorted."""
    (ROOT / name).write_text("".join(f"{key}=={pins[key]}\n" for key in sorted(pins)))


runtime = resolve(".")
everything = resolve(".[development,training]")
write("requirements.lock", runtime)
write("requirements-dev.lock", {name: version for name, version in everything.items() if name not in runtime})
