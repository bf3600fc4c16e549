"""What a model runs on: the options' word, else what is there, on whichever processor this is."""

from pathlib import Path

import pytest
import torch

from engines.contract import EngineOptions, ModelUnavailable
from engines.device import choose_device, choose_dtype

CPU = torch.device("cpu")


def options(device: str = "auto", dtype: str = "auto") -> EngineOptions:
    return EngineOptions(Path(), device=device, dtype=dtype)


def processor(monkeypatch: pytest.MonkeyPatch, *, bf16: bool, amx: bool) -> None:
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: bf16)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx)


@pytest.mark.parametrize(("bf16", "amx"), [(True, False), (False, True), (True, True)])
def test_a_cpu_with_bf16_products_computes_in_bfloat16(monkeypatch: pytest.MonkeyPatch, bf16: bool, amx: bool) -> None:
    processor(monkeypatch, bf16=bf16, amx=amx)
    assert choose_dtype(options(), CPU) == torch.bfloat16


def test_a_cpu_that_would_emulate_them_computes_in_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    processor(monkeypatch, bf16=False, amx=False)
    assert choose_dtype(options(), CPU) == torch.float32


def test_the_options_word_goes_before_what_is_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    processor(monkeypatch, bf16=True, amx=True)
    assert choose_dtype(options(dtype="float32"), CPU) == torch.float32
    assert choose_device(options(device="cpu")) == CPU


def test_an_unknown_dtype_or_device_is_named() -> None:
    with pytest.raises(ModelUnavailable, match="'int3' is not one of"):
        choose_dtype(options(dtype="int3"), CPU)
    with pytest.raises(ModelUnavailable, match="'cuda:77' is not there"):
        choose_device(options(device="cuda:77"))
