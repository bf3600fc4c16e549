"""The recipes of what looks at pictures: labels, sentences, losses, and that a few steps lower them."""

import random

import numpy as np
import pytest
import torch

pytest.importorskip("dicebear", reason="the training extra is not installed")

from engines.training import captioner, clip, kinds, tower
from engines.training.attributes import ATTRIBUTES
from engines.training.descriptions import describe
from engines.training.drawings import DRAWINGS, draw_plain
from engines.training.evaluate_vision import said
from engines.training.mobilenet import renamed
from engines.training.render import draw_colours
from engines.training.styles import draw
from engines.training.vocabulary import build
from engines.vision import photos
from engines.vision.captioner import END, PAD, START, Captioner
from engines.vision.tower import PictureTower


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def drawn(count: int, seed: int = 0) -> list[dict[str, str]]:
    rng = random.Random(seed)
    characters = [draw(rng) for _ in range(count)]
    return [draw_colours(one.labels, tuple(name for name, _ in one.slots), rng)[0] for one in characters]


def test_a_sentence_says_everything_that_shows_and_reads_back() -> None:
    rng = random.Random(1)
    for labels in drawn(200):
        sentence = describe(labels, rng)
        checks = said(labels, sentence)
        lacking = [name for name, hit in checks.items() if not hit]
        if labels.get("hair") in ("hat", "scarf", "turban") and labels["facial_hair"] == "none":
            lacking = [name for name in lacking if name != "hair_colour"]
        assert not lacking, (sentence, labels, lacking)
        assert " a orange" not in sentence and "  " not in sentence


def test_every_word_of_every_sentence_is_in_the_vocabulary() -> None:
    tokenizer, rng = build(1500), random.Random(2)
    texts = [describe(labels, rng) for labels in drawn(200, 3)]
    texts += [describe(draw_plain(rng).labels, rng) for _ in range(40)]
    ids = captioner.encode(tokenizer, texts)
    assert (ids[:, 0] == START).all() and ((ids == END).sum(1) == 1).all()
    assert all(PAD not in row[: row.index(END)] for row in ids.tolist())


def test_plain_drawings_have_labels_with_heads() -> None:
    rng = random.Random(4)
    for one in (draw_plain(rng) for _ in range(30)):
        assert one.picture.size == (128, 128) and one.labels["drawing"] in DRAWINGS
        assert (tower.targets([one.labels])[0, tower.READ.index("style")]) == len(ATTRIBUTES["style"])


def test_what_a_character_lacks_is_taught_and_what_cannot_be_told_is_not() -> None:
    labels = {"style": "cartoon", "skin": "tan", "hair": "bald", "background": "red"}
    row = dict(zip(tower.READ, tower.targets([labels])[0].tolist(), strict=True))
    assert row["skin"] == 2 and row["hair_colour"] == len(ATTRIBUTES["hair_colour"])
    assert row["gender"] == row["age"] == -1
    robot = dict(zip(tower.READ, tower.targets([{"style": "robot"}])[0].tolist(), strict=True))
    assert robot["gender"] == len(ATTRIBUTES["gender"])


def test_heads_and_decoder_learn_a_handful_by_heart() -> None:
    torch.manual_seed(0)
    rng, labels = random.Random(0), drawn(3, 5)
    patches, tokenizer = torch.randn(3, 4, 16, 16), build(300)
    net = PictureTower([(name, tower.VALUES[name]) for name in tower.READ], 4, (8, 8, 8), 16)
    sizes = [len(values) + 1 for _, values in net.attributes]
    teller = Captioner(sizes, net.channels, tokenizer.get_vocab_size(), width=40, depth=1)
    ids = captioner.encode(tokenizer, [describe(one, rng) for one in labels])
    optimiser = torch.optim.AdamW([*net.parameters(), *teller.parameters()], 1e-2)
    for step in range(40):
        optimiser.zero_grad()
        heads = tower.loss_of(net(patches)[2], tower.targets(labels))
        words = captioner.loss_of(teller, net, patches, ids)
        (heads + words).backward()
        optimiser.step()
        if step == 0:
            first = (heads.item(), words.item())
    assert heads.item() < first[0] / 5 and words.item() < first[1] / 3
    assert tower.accuracy(net.eval(), patches, labels)["background"] == 1.0


def test_only_captions_that_are_wrong_count_as_wrong() -> None:
    labels = [
        {"style": "robot", "colour": "red", "background": "blue"},
        {"style": "robot", "colour": "red", "background": "teal"},
    ]
    texts = [{"style": "robot"}, {"background": "teal"}, {"style": "robot", "background": "blue"}]
    true = clip.truth(clip.indices(labels), clip.indices(texts))
    assert true.tolist() == [[True, False, True], [True, True, False]]
    similarity = torch.tensor([[5.0, -5.0, 9.0], [9.0, 5.0, -5.0]])
    assert clip.loss_of(similarity, true) < 1e-3  # 9.0 stands at pairs that are true as well
    person = clip.indices([{"style": "cartoon", "skin": "tan"}])
    assert clip.truth(person, clip.indices([{"gender": "woman"}])).all()  # drawn as neither: either may be said


def test_a_changed_caption_differs_in_one_attribute() -> None:
    rng = random.Random(0)
    for labels in drawn(30):
        mentioned = clip.asked(labels, rng)
        other = clip.changed(mentioned, rng)
        assert mentioned and sum(mentioned[name] != other[name] for name in mentioned) == 1


def test_kinds_are_told_apart_by_features() -> None:
    torch.manual_seed(0)
    parts = [torch.randn(30, 12) + 3 * torch.eye(12)[index] for index in range(3)]
    weight, bias = kinds.fit(parts)
    right = [(part @ weight.T + bias).argmax(1) == index for index, part in enumerate(parts)]
    assert torch.cat(right).float().mean() > 0.9


def test_torchvisions_names_fill_the_whole_network() -> None:
    ours = photos.build().state_dict()
    turned = {there: here for here, there in renamed(Everything()).items()}
    named = {name for name in ours if not name.endswith("num_batches_tracked")}
    assert set(turned.values()) == named and len(turned) == len(named)


class Everything(dict):
    """Answers any name with the name, so that a renaming can be seen whole."""

    def __missing__(self, name: str) -> str:
        return name


def test_noise_and_gradients_keep_to_bytes() -> None:
    rng = random.Random(9)
    for _ in range(30):
        pixels = np.asarray(draw_plain(rng).picture)
        assert pixels.shape == (128, 128, 3) and pixels.dtype == np.uint8


def test_a_caption_never_asks_for_a_form() -> None:
    rng = random.Random(0)
    labels = {"style": "robot", "colour": "red", "background": "teal", "eyes": "one", "top": "horns"}
    labels |= {"expression": "smile", "form_body": "form_body robot round01", "form_mirrored": "mirrored"}
    for _ in range(50):
        told = clip.asked(labels, rng)
        assert told and told.keys() <= ATTRIBUTES.keys()
        assert clip.changed(told, rng) != told
