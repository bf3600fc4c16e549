"""The captioner's vocabulary: every word of its grammar, as a `tokenizers` file."""

from __future__ import annotations

import random

from tokenizers import Tokenizer, models, pre_tokenizers

from engines.training.descriptions import describe
from engines.training.drawings import STYLES, draw_plain
from engines.training.render import draw_colours
from engines.training.styles import draw
from engines.vision.captioner import END, PAD, START

SPECIAL = {PAD: "<pad>", START: "<s>", END: "</s>"}


def build(samples: int = 4000, seed: int = 0) -> Tokenizer:
    """A tokenizer of whole words and commas, from `samples` written descriptions and what drawings are called."""
    rng = random.Random(seed)
    texts = [describe(draw_plain(rng).labels, rng) for _ in range(samples // 4)] + list(STYLES)
    for _ in range(samples):
        character = draw(rng)
        labels, _ = draw_colours(character.labels, tuple(name for name, _ in character.slots), rng)
        texts.append(describe(labels, rng))
    words = sorted({word for text in texts for word in text.replace(",", " , ").split()})
    vocabulary = {word: index for index, word in enumerate([*SPECIAL.values(), *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=SPECIAL[PAD]))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(",", "isolated"), pre_tokenizers.WhitespaceSplit()]
    )
    return tokenizer
