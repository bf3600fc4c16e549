"""A tiny untrained generator with a codec and a text encoder to match, made in a moment."""

from pathlib import Path

import torch
from diffusers import DPMSolverMultistepScheduler, UNet2DConditionModel
from transformers import BertTokenizer

from engines.avatar import embedded
from engines.avatar.codec import PatchAutoencoder
from engines.avatar.completion import Examples
from engines.avatar.forms import FORMS
from engines.avatar.text_encoder import SlotTextConfig, SlotTextEncoder
from engines.avatar.upscaler import Upscaler
from engines.gan.checkpoint import Parts
from engines.gan.networks import Generator, Sizes
from engines.gan.settling import Settler

ATTRIBUTES = (("style", ("cartoon", "robot")), ("background", ("red", "blue")))
WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "red", "blue", "robot")
CHANNELS = 4
EXAMPLES = Examples(
    torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), ATTRIBUTES, torch.zeros(4, len(FORMS), dtype=torch.int16), [""],
    [()] * len(FORMS), (1, 1),
)  # fmt: skip


def make_parts(folder: Path) -> Parts:
    """Networks of random weights under one seed."""
    torch.manual_seed(0)
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    config = SlotTextConfig(
        ATTRIBUTES,
        {
            "vocab_size": len(WORDS), "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
            "intermediate_size": 16, "pad_token_id": 0,
        },
        layers=(1,), width=12, depth=1, heads=2, forms=len(FORMS),
    )  # fmt: skip
    codec = PatchAutoencoder(latent_channels=CHANNELS, width=(8, 8, 8), blocks=(1, 1, 1))
    codec.basis = torch.linalg.qr(torch.randn(192, CHANNELS)).Q.T.contiguous()
    parts = Parts(
        "tiny", make_generator(config.hidden_size), make_settler(config.hidden_size), EXAMPLES,
        codec.eval(),
        Upscaler(channels=4, blocks=1).eval(),
        SlotTextEncoder(config).eval(), BertTokenizer(str(folder / "vocab.txt"), model_max_length=16),
    )  # fmt: skip
    for network in (parts.codec, parts.upscaler, parts.text_encoder):
        network.requires_grad_(False)
    return parts


def make_settler(width: int) -> Settler:
    """A denoiser of two steps in the shape of the embedded one."""
    unet = UNet2DConditionModel(
        sample_size=16, in_channels=CHANNELS, out_channels=CHANNELS, block_out_channels=(8, 8), layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=4, norm_num_groups=4, cross_attention_dim=8, encoder_hid_dim=width,
        encoder_hid_dim_type="text_proj",
    )  # fmt: skip
    scheduler = DPMSolverMultistepScheduler(prediction_type="v_prediction", solver_order=1, timestep_spacing="trailing")
    return Settler(unet.eval().requires_grad_(False), scheduler, 2, torch.float32)


def make_generator(condition: int) -> Generator:
    """A generator whose mapping listens to its condition."""
    sizes = Sizes(condition, CHANNELS, noise=8, style=8, hidden=16, widths=(12, 8, 8))
    return Generator(sizes).eval().requires_grad_(False)


def save_assets(folder: Path, condition: int) -> Path:
    """A folder as engines/assets/gan is."""
    make_generator(condition).save(folder)
    embedded.write_manifest(folder, version="0123abcd")
    return folder
