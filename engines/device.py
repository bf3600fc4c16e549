"""Where a model runs and in which number format: chosen by what is there unless the options say.

torch is imported inside the functions that need it: the host counts threads here, and must start fast.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from engines.contract import EngineOptions, ModelUnavailable

if TYPE_CHECKING:
    import torch

DTYPES = ("float32", "float16", "bfloat16")


def choose_device(options: EngineOptions) -> "torch.device":
    """Return the device of the options; 'auto' is the first GPU when there is one, else the CPU.

    Raises ModelUnavailable when the options name a device that this machine does not have.
    """
    import torch

    if options.device == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(options.device)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise ModelUnavailable(f"The device '{options.device}' is not there: {str(error).splitlines()[0]}") from error
    return device


def choose_dtype(options: EngineOptions, device: "torch.device") -> "torch.dtype":
    """Return the dtype of the options; 'auto' is a 16-bit one where the device computes it faster, else float32.

    On a CPU without bf16 instructions a bfloat16 product is emulated and slower than float32.
    """
    import torch

    if options.dtype != "auto":
        if options.dtype not in DTYPES:
            raise ModelUnavailable(f"The dtype '{options.dtype}' is not one of auto, {', '.join(DTYPES)}.")
        dtype: torch.dtype = getattr(torch, options.dtype)
        return dtype
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    if device.type == "mps":
        return torch.float16
    fast_bf16 = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if fast_bf16 else torch.float32


def cpu_threads() -> int:
    """Return how many physical cores this process may use: a second thread on one core slows matrix products."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    cores = set()
    for cpu in allowed:
        siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        cores.add(siblings.read_text() if siblings.exists() else str(cpu))
    return len(cores)
