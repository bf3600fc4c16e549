"""What is said of pictures: by kind, as sure as the networks are, the same alone and in a batch."""

import dataclasses

import pytest
import torch

from engines.contract import Cancelled, Description, ImageToText, InvalidInput, TextGeneration
from engines.vision.describe import Describer, hedged, weighed
from tests.engines.vision.tiny import networks, png


def look(describer: Describer, *pictures: bytes, cancelled: int | None = None) -> list[object]:
    return describer.run([ImageToText(one) for one in pictures], lambda *_: None, lambda index: index == cancelled)


def plain(answer: object) -> Description:
    assert isinstance(answer, Description), answer
    return dataclasses.replace(answer, seconds=0.0)


def test_a_picture_is_described_the_same_alone_and_in_a_batch() -> None:
    describer = Describer(networks())
    pictures = [png("orange"), png("white", spot="black"), png("blue", (300, 200))]
    together = [plain(answer) for answer in look(describer, *pictures)]
    assert together == [plain(look(describer, one)[0]) for one in pictures]
    assert len({answer.confidence for answer in together}) == 3


def test_an_avatar_has_the_attributes_that_the_heads_are_sure_of_and_a_prompt() -> None:
    answer = plain(look(Describer(networks()), png())[0])
    assert answer.kind == "avatar" and answer.attributes["style"] == "robot" and "robot" in answer.prompt
    assert "drawing" not in answer.attributes and "gender" not in answer.attributes
    assert 0 < answer.confidence < 1 and answer.text.endswith(".")


@pytest.mark.parametrize(("sure", "colour"), [(9.0, "white"), (0.5, "blue")])
def test_a_doubted_background_is_the_border_s(sure: float, colour: str) -> None:
    nets = networks()
    heads = dict(zip([name for name, _ in nets.tower.attributes], nets.tower.heads, strict=True))
    heads["background"].weight.zero_()
    heads["background"].bias.copy_(torch.tensor([0.0, sure, 0.0]))
    answer = plain(look(Describer(nets), png("#3b82f6", spot="white"))[0])
    assert answer.attributes["background"] == colour


def test_what_the_tower_takes_for_no_avatar_is_none() -> None:
    nets = networks()
    style = dict(zip([name for name, _ in nets.tower.attributes], nets.tower.heads, strict=True))["style"]
    style.bias.copy_(torch.tensor([0.0, 0.0, 20.0]))
    answer = plain(look(Describer(nets), png())[0])
    assert (answer.kind, answer.text, answer.prompt) == ("drawing", "A drawing, mostly orange.", "orange background")


def test_where_nothing_is_likely_the_sentence_says_so() -> None:
    nets = networks(sure=0.0)
    style = dict(zip([name for name, _ in nets.tower.attributes], nets.tower.heads, strict=True))["style"]
    style.bias.zero_()
    answer = plain(look(Describer(nets), png("white", spot="black"))[0])
    assert (
        answer.kind == "unknown" and answer.text == "A picture, mostly white and black; what it shows, I cannot tell."
    )


def test_the_tower_decides_between_avatars_and_drawings_and_says_nothing_of_photos() -> None:
    assert weighed([0.3, 0.6, 0.1], 0.99) == pytest.approx([0.882, 0.018, 0.1], abs=1e-3)
    assert weighed([0.1, 0.0, 0.9], 0.5) == pytest.approx([0.1, 0.0, 0.9], abs=1e-6)


def test_a_drawing_whose_words_are_unsure_is_told_by_its_colours() -> None:
    answer = plain(look(Describer(networks("drawing")), png("white", spot="#2f6fd0"))[0])
    assert (answer.kind, answer.text) == ("drawing", "A drawing, mostly white and blue.")
    assert answer.attributes == {"background": "white"}


def test_a_photo_is_hedged_and_gives_away_no_more_than_its_pixels() -> None:
    nets = networks("photo")
    nets.photos.model.classifier.weight.zero_()
    nets.photos.model.classifier.bias.copy_(torch.tensor([9.0, 0.0, 0.0]))
    sure = plain(look(Describer(nets), png("#3b82f6", spot="#edb98a"))[0])
    assert (sure.kind, sure.text) == ("photo", "A photo; it may show a golden retriever.")
    assert sure.attributes == {"background": "blue"}
    nets.photos.model.classifier.bias.zero_()
    unsure = plain(look(Describer(nets), png("#3b82f6", spot="#edb98a"))[0])
    assert unsure.text == "A photo; what it shows, I cannot tell."
    assert unsure.attributes == {"background": "blue", "skin": "light"}
    assert unsure.prompt == "light skin, blue background"


@pytest.mark.parametrize(("name", "sentence"), [("umbrella", "an umbrella"), ("hen", "a hen")])
def test_a_class_has_its_article(name: str, sentence: str) -> None:
    assert hedged(name, 0.9) == f"A photo; it may show {sentence}."


def test_what_cannot_be_served_fails_alone() -> None:
    describer = Describer(networks())
    answers = look(describer, b"no picture", png(), png(), cancelled=2)
    assert isinstance(answers[0], InvalidInput)
    assert isinstance(answers[1], Description)
    assert isinstance(answers[2], Cancelled)
    (other,) = describer.run([TextGeneration(())], lambda *_: None, lambda _: False)
    assert isinstance(other, InvalidInput)
