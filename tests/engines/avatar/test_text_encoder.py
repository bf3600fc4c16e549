"""What the embedded model's text encoder says it understood."""

from types import SimpleNamespace

import pytest
import torch

from engines.avatar.text_encoder import SlotTextConfig, SlotTextEncoder, is_understood

BERT = {
    "vocab_size": 64,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "pad_token_id": 0,
}


def tokenize(prompts: list[str], **_: object) -> SimpleNamespace:
    """One token a prompt: 1 where it says 'robot', 3 where 'hello', else 2."""
    tokens = [1 if "robot" in prompt else 3 if "hello" in prompt else 2 for prompt in prompts]
    return SimpleNamespace(input_ids=torch.tensor(tokens)[:, None])


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """An encoder whose only slot reads the token 1 as a robot, guesses at 3, and reads any other as nothing."""
    config = SlotTextConfig(attributes=[("style", ["cartoon", "robot"])], bert=BERT, layers=(1, 2), width=24)
    encoder = SlotTextEncoder(config)
    says = torch.tensor([[0.0, 0, 0], [0, 9, 0], [0, 0, 9], [1, 0, 0]])
    monkeypatch.setattr(encoder, "logits", lambda ids: [says[ids[:, 0]]])
    return SimpleNamespace(text_encoder=encoder, tokenizer=tokenize)


def test_what_names_nothing_it_can_draw_is_not_understood(pipeline: SimpleNamespace) -> None:
    prompts = ["a robot", "a castle", "hello there", "机器人 robot"]
    assert is_understood(pipeline, prompts) == [True, False, False, True]


@pytest.mark.parametrize("prompt", ["一只戴眼镜的猫", "🤖🎩", "123"])
def test_only_words_in_latin_letters_count(pipeline: SimpleNamespace, prompt: str) -> None:
    pipeline.tokenizer = lambda prompts, **_: tokenize(["robot"])  # the slots see something nevertheless
    assert is_understood(pipeline, [prompt]) == [False]


def test_other_models_cannot_tell() -> None:
    assert is_understood(SimpleNamespace(text_encoder=None), ["a castle", "城堡"]) == [True, True]
