"""A checkpoint: a diffusers pipeline loaded by folder or hub name, placed on its device, and what it is made for."""

import inspect
import json
import logging
from pathlib import Path
from typing import Any, TypeAlias

import torch
import transformers
from diffusers import AutoPipelineForText2Image
from diffusers.utils import logging as diffusers_logging
from safetensors import SafetensorError, safe_open

from engines import hub
from engines.avatar import (
    completion,
    embedded,  # also defines the classes that folders of its kind name
)
from engines.avatar.upscaler import SCALE
from engines.contract import EngineOptions, ModelUnavailable
from engines.device import choose_device, choose_dtype
from engines.diffusion.plan import Facts

log = logging.getLogger(__name__)

Pipeline: TypeAlias = Any
"""A diffusers pipeline: a class of its own for each family of models, found by duck typing."""

OFFLOADS = ("auto", "none", "model", "sequential")
ROOM = 1.3
"""Activations need about this much more than the weights, and `WORKSPACE` bytes on top."""
WORKSPACE = 2 * 1024**3


def load_checkpoint(options: EngineOptions) -> tuple[Pipeline, Facts]:
    """Load `options.picture_model` onto its device, ready to draw.

    Weights are safetensors only, and no code from a checkpoint is run. A folder may hold a `huashen.json` with any of
    `num_inference_steps`, `image_steps`, `guidance_scale`, `negative_guidance`, `min_size` and `max_size`; the rest is
    the pipeline's own. A folder `upscaler` beside the networks doubles what the pipeline draws, and a file of examples
    completes prompts (see engines.avatar.completion).

    Raises ModelUnavailable, saying which file is missing or corrupt.
    """
    # The bars for steps of milliseconds; those for downloads stay.
    diffusers_logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    if options.threads:
        torch.set_num_threads(options.threads)
    device = choose_device(options)
    where = _locate(options)
    pipeline = _read(where, choose_dtype(options, device))
    pipeline.set_progress_bar_config(disable=True)
    place(pipeline, device, options.offload)
    if options.compile:
        denoiser(pipeline).compile()
    return pipeline, describe(pipeline, where)


def denoiser(pipeline: Pipeline) -> Any:
    """Return the network that is called at every step: a UNet, or a transformer in newer pipelines."""
    return getattr(pipeline, "unet", None) or pipeline.transformer


def describe(pipeline: Pipeline, where: str | Path) -> Facts:
    """Return what a pipeline is made for, from its folder's `huashen.json`, its networks and its own defaults."""
    said = _said(where)
    scale = pipeline.vae_scale_factor
    network = denoiser(pipeline)
    sample = getattr(pipeline, "default_sample_size", None) or network.config.sample_size
    height, width = (sample, sample) if isinstance(sample, int) else sample
    height, width = height * scale, width * scale
    upscaler = Path(where) / "upscaler"
    drawn = width if upscaler.is_dir() else None
    if drawn is not None:
        height, width = height * SCALE, width * SCALE
    # Transformers cut latents into patches of two; a UNet copes with any latent.
    multiple = scale * (1 if getattr(pipeline, "unet", None) else 2)
    own = inspect.signature(pipeline.__call__).parameters
    return Facts(
        name=Path(where).name if Path(where).is_dir() else str(where),
        width=width,
        height=height,
        multiple=multiple,
        min_size=said.get("min_size", _floor(min(width, height) // 2, multiple)),
        max_size=said.get("max_size", _floor(max(width, height) * 2, multiple)),
        num_inference_steps=said.get("num_inference_steps", own["num_inference_steps"].default),
        guidance_scale=float(said.get("guidance_scale", own["guidance_scale"].default)),
        image_steps=said.get("image_steps"),
        negative_guidance=said.get("negative_guidance"),
        upscaler=None if drawn is None else upscaler,
        drawn=drawn,
        examples=examples if (examples := Path(where) / completion.FILE).is_file() else None,
    )


def place(pipeline: Pipeline, device: torch.device, offload: str) -> None:
    """Put a pipeline on its device, whole or, when it does not fit, with networks moved there as they are needed."""
    if offload not in OFFLOADS:
        raise ModelUnavailable(f"The offload '{offload}' is not one of {', '.join(OFFLOADS)}.")
    if device.type != "cuda":
        pipeline.to(device)
        return
    how = _choose_offload(pipeline, device) if offload == "auto" else offload
    log.info("offload: %s", how)
    if how == "model":
        pipeline.enable_model_cpu_offload(device=device)
    elif how == "sequential":
        pipeline.enable_sequential_cpu_offload(device=device)
    else:
        pipeline.to(device)
    if hasattr(pipeline.vae, "enable_slicing"):
        pipeline.vae.enable_slicing()  # decodes one picture at a time: a batch needs no more memory than one
    if how != "none" and hasattr(pipeline.vae, "enable_tiling"):
        pipeline.vae.enable_tiling()  # decodes pictures larger than it was trained on in tiles


def _choose_offload(pipeline: Pipeline, device: torch.device) -> str:
    free, _ = torch.cuda.mem_get_info(device)
    sizes = [
        sum(tensor.numel() * tensor.element_size() for tensor in (*network.parameters(), *network.buffers()))
        for network in pipeline.components.values()
        if isinstance(network, torch.nn.Module)
    ]
    return fit(free, sum(sizes), max(sizes))


def fit(free: int, whole: int, largest: int) -> str:
    """Return the offload for `free` bytes of device memory, given the bytes of all networks and of the largest."""
    if whole * ROOM + WORKSPACE <= free:
        return "none"
    return "model" if largest * ROOM + WORKSPACE <= free else "sequential"


def _locate(options: EngineOptions) -> str | Path:
    if options.picture_model == "embedded":
        return embedded.prepare(options.data_dir)
    where = hub.locate(options.picture_model)
    if isinstance(where, Path) and not (where / "model_index.json").is_file():
        raise ModelUnavailable(f"'{where}' is not a diffusers pipeline folder: it has no model_index.json.")
    return where


def _read(where: str | Path, dtype: torch.dtype) -> Pipeline:
    def read(local_files_only: bool) -> Pipeline:
        loader: Any = AutoPipelineForText2Image
        how: dict[str, Any] = {"dtype": dtype, "use_safetensors": True, "local_files_only": local_files_only}
        if dtype != torch.float32 and not isinstance(where, Path):
            try:
                return loader.from_pretrained(where, variant="fp16", **how)  # half the download, where there is one
            except (OSError, ValueError):
                log.info("no fp16 variant of %s", where)
        return loader.from_pretrained(where, **how)

    try:
        return hub.read_model(where, read)
    except (OSError, ValueError, SafetensorError) as error:
        broken = _broken_file(where)
        said = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        what = f"{broken} is corrupt, restore it" if broken else said
        raise ModelUnavailable(f"The picture model '{where}' cannot be loaded: {what}.") from error


def _broken_file(where: str | Path) -> str | None:
    for file in sorted(Path(where).rglob("*.safetensors")) if Path(where).is_dir() else ():
        try:
            with safe_open(file, "pt"):
                pass
        except (OSError, SafetensorError):
            return str(file)
    return None


def _said(where: str | Path) -> dict[str, Any]:
    file = Path(where) / "huashen.json"
    if not file.is_file():
        return {}
    try:
        said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelUnavailable(f"{file} is not readable JSON: {error}") from error
    return said


def _floor(size: int, multiple: int) -> int:
    return max(multiple, size // multiple * multiple)
