"""What the style-based engine loads: the generator, and codec and text encoder of the embedded picture model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from PIL import Image
from safetensors import SafetensorError
from torch import Tensor
from torch.nn import functional as F
from transformers import AutoTokenizer
from transformers.utils import logging

from engines.avatar import completion, embedded
from engines.avatar.codec import Decoded, PatchAutoencoder
from engines.avatar.completion import Examples, read_examples
from engines.avatar.text_encoder import SlotTextEncoder, is_understood
from engines.avatar.upscaler import SCALE, Upscaler, enlarge_images, load_upscaler
from engines.contract import EngineOptions, ModelUnavailable
from engines.device import choose_dtype
from engines.gan.networks import CONFIG, WEIGHTS, Generator, condition_of
from engines.gan.settling import Settler, load_settler
from engines.gan.styles import Parent, breed, draw_styles
from engines.pictures import crop_to, open_picture

ASSETS = Path(__file__).resolve().parent.parent / "assets" / "gan"
NAME = "huashen-gan"
SIZE = 256
"""Pixels a side of what the codec reads and draws."""
LARGE = SIZE * SCALE
"""Pixels a side of a picture; frames of a loop stay at `SIZE`."""
_REMEDY = "restore it from the repository with `git checkout -- engines/assets/gan`"


@dataclass(frozen=True, slots=True)
class Parts:
    """The networks of one loaded checkpoint, on the CPU: a picture costs it a tenth of a second."""

    name: str
    generator: Generator
    settler: Settler
    examples: Examples
    codec: PatchAutoencoder
    upscaler: Upscaler
    text_encoder: SlotTextEncoder
    tokenizer: Any

    def read_prompt(self, prompt: str) -> tuple[Tensor, bool]:
        """The tokens (attributes + forms, H) of a prompt, and whether it names something that can be drawn."""
        ids = self.tokenizer([prompt], truncation=True, return_tensors="pt").input_ids
        return self.text_encoder(ids).last_hidden_state[0], is_understood(self, [prompt])[0]

    def imagine(self, tokens: Tensor, seed: int, psi: float) -> Tensor:
        """Latents (C, h, w) of what tokens (attributes + forms, H) ask for, the rest decided by the seed."""
        whole = self.examples.complete(tokens, seed)
        styles = draw_styles(self.generator, condition_of(whole[None])[0], seed, psi)
        return self.settler.settle(self.generator.synthesis(styles[None])[0], whole)

    def breed(self, first: Parent, second: Parent, shares: tuple[float, ...]) -> Tensor:
        """Latents (C, h, w) of a child; a parent that is all of it comes back as it was."""
        child = breed(self.generator, first, second, shares)
        if {*shares} in ({0.0}, {1.0}):
            return child
        return self.settler.settle(child, self.examples.unasked(self.text_encoder.config.hidden_size))

    def read_picture(self, data: bytes) -> Tensor:
        """Latents (C, h, w) of an encoded picture, cropped to a square; raises InvalidInput where it is none."""
        picture = np.array(crop_to(open_picture(data), SIZE, SIZE), dtype=np.float32)
        pixels = torch.from_numpy(picture).permute(2, 0, 1)[None] / 127.5 - 1
        return self.codec.project(F.avg_pool2d(pixels, 2))[0]

    def draw(self, latents: Sequence[Tensor]) -> list[Image.Image]:
        """Pictures of `LARGE` pixels a side of latents (C, h, w)."""
        return [enlarge_images(self.upscaler, [picture])[0] for picture in self.decode(latents)]

    def decode(self, latents: Sequence[Tensor]) -> list[Image.Image]:
        """Pictures of latents (C, h, w), one at a time, so that no picture depends on its neighbours."""
        pictures = []
        for one in latents:
            sample = cast(Decoded, self.codec.decode(one[None])).sample[0]
            values = ((sample.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
            pictures.append(Image.fromarray(values.permute(1, 2, 0).contiguous().numpy()))
        return pictures


def load_parts(options: EngineOptions, assets: Path = ASSETS) -> Parts:
    """Load everything once a process; raises ModelUnavailable, naming the file and the remedy, where that fails."""
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # a log gets lines, not bars
    if options.threads:
        torch.set_num_threads(options.threads)
    return _load(options.data_dir, assets, choose_dtype(options, torch.device("cpu")))


@lru_cache(maxsize=1)
def _load(data_dir: Path, assets: Path, dtype: torch.dtype) -> Parts:
    generator, version = load_generator(assets)
    folder = embedded.prepare(data_dir)
    said = json.loads((folder / "huashen.json").read_text(encoding="utf-8"))
    settler = load_settler(folder, said["num_inference_steps"], dtype)
    codec: Any = PatchAutoencoder.from_pretrained(folder / "vae")
    upscaler = load_upscaler(embedded.part("upscaler"), torch.device("cpu"), torch.float32)
    encoder: Any = SlotTextEncoder.from_pretrained(folder / "text_encoder")
    tokenizer = AutoTokenizer.from_pretrained(folder / "tokenizer")
    wanted = generator.sizes.condition, generator.sizes.channels
    if wanted != (encoder.config.hidden_size, codec.config.latent_channels):
        raise ModelUnavailable(f"{assets / WEIGHTS} belongs to another version of the embedded picture model.")
    for network in (codec, encoder):
        network.eval().requires_grad_(False)
    try:
        examples = read_examples(folder / completion.FILE, encoder)
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelUnavailable(f"The examples in {folder} cannot be used: {error}") from error
    return Parts(f"{NAME}-{version}", generator, settler, examples, codec.float(), upscaler, encoder.float(), tokenizer)


def load_generator(assets: Path = ASSETS) -> tuple[Generator, str]:
    """The generator and its version.

    Raises ModelUnavailable where a file is missing or not what the manifest says.
    """
    try:
        manifest = json.loads((assets / embedded.MANIFEST).read_text(encoding="utf-8"))
        for name in (WEIGHTS, CONFIG):
            if embedded.digest_of(assets / name) != manifest["files"][name]:
                raise ModelUnavailable(f"{assets / name} is corrupt; {_REMEDY}.")
        return Generator.load(assets), str(manifest["version"])
    except OSError as error:
        raise ModelUnavailable(f"{error.filename or assets} is missing; {_REMEDY}.") from error
    except (ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise ModelUnavailable(f"A file in {assets} is corrupt; {_REMEDY}.") from error
