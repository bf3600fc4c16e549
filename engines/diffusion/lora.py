"""LoRA: small trained changes to a checkpoint, loaded on first use and switched on a request at a time."""

from pathlib import Path

from engines.contract import ModelUnavailable
from engines.diffusion.checkpoint import Pipeline


class Loras:
    """The LoRAs that the owner installed for one pipeline, of which at most one is on."""

    def __init__(self, pipeline: Pipeline, files: dict[str, Path]) -> None:
        """`files`: name -> safetensors file."""
        self.names = frozenset(files)
        self._pipeline = pipeline
        self._files = files
        self._adapters: dict[str, str] = {}  # those loaded, by the names that peft accepts: no dots
        self._on: str | None = None

    def use(self, name: str | None) -> None:
        """Switch to one of the installed LoRAs, or to none; raises ModelUnavailable when its file does not fit."""
        if name == self._on:
            return
        if name is None:
            self._pipeline.disable_lora()
        else:
            if name not in self._adapters:
                self._load(name)
            self._pipeline.enable_lora()
            self._pipeline.set_adapters([self._adapters[name]])
        self._on = name

    def _load(self, name: str) -> None:
        file = self._files[name]
        if file.suffix != ".safetensors" or not file.is_file():
            raise ModelUnavailable(f"The LoRA '{name}' has no safetensors file at {file}.")
        adapter = f"lora_{len(self._adapters)}"
        try:
            self._pipeline.load_lora_weights(
                file.parent, weight_name=file.name, adapter_name=adapter, use_safetensors=True
            )
        except Exception as error:
            raise ModelUnavailable(f"The LoRA '{name}' at {file} does not fit this model: {error}") from error
        self._adapters[name] = adapter
