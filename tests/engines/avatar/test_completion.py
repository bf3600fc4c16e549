"""The seed decides what a prompt leaves open, as a character that agrees with the rest has it."""

import pytest
import torch

from engines.avatar import embedded
from engines.avatar.completion import FILE, Examples, Melting, read_examples, write_examples
from engines.avatar.forms import FORMS as ALL_FORMS
from engines.avatar.forms import code_of
from engines.avatar.text_encoder import SlotTextConfig

# Each of these has a place for 'unspecified' too.
ATTRIBUTES = (("style", ("person", "robot")), ("hair_colour", ("red", "blue")), ("colour", ("green", "gray")))
PERSON_RED, PERSON_BLUE, ROBOT_GREEN, ROBOT_GRAY = [0, 0, 2], [0, 1, 2], [1, 2, 0], [1, 2, 1]


# Forms: of the hair, which shows attribute 1, and of the body, which shows none.
NAMES = ("", "curls", "waves", "round", "square")
FORMS = [[1, 0], [2, 0], [0, 3], [0, 4]]
WIDTH = 16


@pytest.fixture
def examples():
    labels = torch.tensor([PERSON_RED, PERSON_BLUE, ROBOT_GREEN, ROBOT_GRAY], dtype=torch.uint8)
    return Examples(labels, ATTRIBUTES, torch.tensor(FORMS, dtype=torch.int16), NAMES, ((1,), ()), (1, 1, 1))


def tokens_of(*values):
    tokens = torch.zeros(5, WIDTH)
    for i, value in enumerate(values):
        tokens[i, 3 * i + value] = 1
    return tokens


def forms_of(tokens):
    known = {name: code_of(name, WIDTH) for name in NAMES[1:]} | {"": torch.zeros(WIDTH)}
    return [next(name for name, code in known.items() if torch.equal(row, code)) for row in tokens[3:]]


def values_of(tokens):
    return [int(tokens[i, 3 * i : 3 * i + 3].argmax()) for i in range(3)]


def test_nothing_asked_for_may_become_anybody_but_somebody_whole(examples):
    seen = {tuple(values_of(examples.complete(tokens_of(2, 2, 2), seed))) for seed in range(40)}
    assert seen == {tuple(row) for row in (PERSON_RED, PERSON_BLUE, ROBOT_GREEN, ROBOT_GRAY)}


def test_what_was_asked_for_stays_and_the_rest_agrees_with_it(examples):
    for seed in range(20):
        kind, hair, colour = values_of(completed := examples.complete(tokens_of(1, 2, 2), seed))
        assert (kind, hair) == (1, 2) and colour in (0, 1)  # a robot has no hair
        assert torch.equal(completed[:3].sum(dim=1), torch.ones(3))  # and every attribute is in its own places
        assert all(completed[i, 3 * i : 3 * i + 3].sum() == 1 for i in range(3))


def test_a_style_goes_before_what_it_has_no_place_for(examples):
    for seed in range(10):
        kind, hair, colour = values_of(examples.complete(tokens_of(1, 0, 1), seed))  # a gray robot with red hair
        assert (kind, hair, colour) == (1, 2, 1)
    half = tokens_of(1, 0, 2)
    half[0, :3] = torch.tensor([0.1, 0.45, 0.45])
    assert values_of(examples.complete(half, 0))[1] == 0  # who only may be a robot has hair


def test_what_a_style_has_no_place_for_is_said(examples):
    assert {examples.lacking(tokens_of(1, 0, 1), seed) for seed in range(10)} == {("red hair",)}
    assert {examples.lacking(tokens_of(0, 0, 2), seed) for seed in range(10)} == {()}
    doubtful = tokens_of(1, 2, 2)
    doubtful[1, 3:6] = torch.tensor([0.5, 0.1, 0.4])
    assert examples.lacking(doubtful, 0) == ()
    assert not any(examples.lacking(tokens_of(2, hair, 2), seed) for hair in (0, 1) for seed in range(10))


def test_an_example_may_be_of_another_value_but_has_a_place_for_what_was_asked():
    # No example has blue hair: a person with red hair can have it dyed, and a robot cannot.
    labels, forms = (torch.tensor([rows[0], rows[2]]) for rows in ([PERSON_RED, PERSON_BLUE, ROBOT_GREEN], FORMS))
    examples = Examples(labels, ATTRIBUTES, forms, NAMES, ((1,), ()), (1, 1, 1))
    assert {examples.complete(tokens_of(2, 1, 2), seed)[0].argmax().item() for seed in range(10)} == {0}


def test_what_is_not_wanted_is_not_what_a_prompt_is_completed_to(examples):
    person, no_red = tokens_of(0, 2, 2), tokens_of(2, 0, 2)
    assert {values_of(examples.complete(person, seed))[1] for seed in range(20)} == {0, 1}
    assert {values_of(examples.complete(person, seed, no_red))[1] for seed in range(20)} == {1}


def test_a_form_is_that_of_the_example_that_was_chosen(examples):
    assert forms_of(examples.complete(tokens_of(0, 1, 2), 0)) == ["waves", ""]
    assert {tuple(forms_of(examples.complete(tokens_of(1, 2, 2), seed))) for seed in range(20)} == {
        ("", "round"), ("", "square"),
    }  # fmt: skip


def test_a_form_shows_what_was_asked_for_and_nothing_else(examples):
    # A gray robot with blue hair: no example has that hair on a robot, so it has no form, and the body keeps its own.
    assert forms_of(examples.complete(tokens_of(1, 1, 1), 0)) == ["", "square"]
    # Of two people with red hair, whoever is chosen, the form is one of red hair.
    labels = torch.tensor([[0, 0, 0], [0, 1, 1]])
    examples = Examples(labels, ATTRIBUTES, torch.tensor([[1, 0], [2, 3]]), NAMES, ((1,), ()), (1, 1, 1))
    assert forms_of(examples.complete(tokens_of(0, 0, 1), 0))[0] == "curls"


def test_codes_of_forms_are_of_length_one_and_far_apart():
    codes = torch.stack([code_of(f"form {i}", 144) for i in range(300)])
    alike = codes @ codes.T - torch.eye(300)
    assert torch.allclose(codes.norm(dim=1), torch.ones(300)) and alike.abs().max() < 0.5
    assert torch.equal(codes[7], code_of("form 7", 144))


def test_a_half_sure_attribute_keeps_its_form(examples):
    tokens = tokens_of(0, 2, 2)
    tokens[1, 3:6] = torch.tensor([0.35, 0.2, 0.45])
    for seed in range(10):
        completed = examples.complete(tokens, seed)
        assert forms_of(completed)[0] == ("curls", "waves")[values_of(completed)[1]]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_tokens_stay_in_their_format_and_are_not_changed_themselves(examples, dtype):
    tokens = tokens_of(0, 2, 2).to(dtype)
    before = tokens.clone()
    completed = examples.complete(tokens, 0)
    assert completed.dtype == dtype and torch.equal(tokens, before)
    plain = tokens_of(0, 2, 2)
    assert torch.allclose(examples.complete(plain, 0), completed.float(), atol=1e-2)
    assert torch.equal(plain, tokens_of(0, 2, 2))


def test_nobody_melts_into_a_background_that_was_asked_for():
    # Attributes: kind, shirt and background, of the same two colours; the second person wears what is asked for behind.
    labels, forms = torch.tensor([[0, 0, 1], [0, 1, 0]]), torch.zeros(2, 2, dtype=torch.int16)
    examples = Examples(
        labels,
        ATTRIBUTES,
        forms,
        NAMES,
        ((), ()),
        (1, 0.25, 0.25),
        melting=[Melting(1, 2, torch.diag(torch.tensor([1.0, 1, 0])))],
    )
    assert {values_of(examples.complete(tokens_of(0, 2, 1), seed))[1] for seed in range(20)} == {0}
    assert {values_of(examples.complete(tokens_of(0, 1, 2), seed))[2] for seed in range(20)} == {0}
    shirt_too = {values_of(examples.complete(tokens_of(0, 1, 1), seed))[1] for seed in range(20)}
    assert shirt_too == {1}  # but who asks for both gets both


def test_hair_does_not_melt_into_a_background_of_its_own_name(tmp_path):
    # Hair: red, blonde, brown; backgrounds: yellow, red. The third example's hair melts into neither.
    config = SlotTextConfig(
        [("style", ["x"]), ("hair_colour", ["red", "blonde", "brown"]), ("background", ["yellow", "red"])],
        forms=len(ALL_FORMS),
    )
    labels = torch.tensor([[0, 0, 0], [0, 1, 1], [0, 2, 0]], dtype=torch.uint8)
    write_examples(tmp_path / FILE, labels, torch.zeros(3, len(ALL_FORMS), dtype=torch.int16), [""])
    examples = read_examples(tmp_path / FILE, type("Encoder", (), {"config": config}))
    tokens = examples.unasked(16)
    tokens[2, 6:9] = torch.tensor([0.0, 1.0, 0.0])  # red behind
    hair = {int(examples.complete(tokens, seed)[1, 2:5].argmax()) for seed in range(30)}
    assert hair == {1, 2}
    tokens = examples.unasked(16)
    tokens[1, 2:6] = torch.tensor([0.0, 1.0, 0.0, 0.0])  # blonde
    assert {int(examples.complete(tokens, seed)[2, 6:8].argmax()) for seed in range(30)} == {1}


def test_a_beard_that_is_asked_for_is_seen(tmp_path):
    values = [
        ("style", ["x"]), ("skin", ["pale", "dark"]), ("hair_colour", ["white", "black"]),
        ("facial_hair", ["none", "beard"]), ("background", ["blue"]),
    ]  # fmt: skip
    config = SlotTextConfig(values, forms=len(ALL_FORMS))
    labels = torch.tensor([[0, s, h, 1, 0] for s in (0, 1) for h in (0, 1)], dtype=torch.uint8)
    write_examples(tmp_path / FILE, labels, torch.zeros(4, len(ALL_FORMS), dtype=torch.int16), [""])
    examples = read_examples(tmp_path / FILE, type("Encoder", (), {"config": config}))
    starts = torch.tensor([0, *examples.sizes]).cumsum(0)

    def skins(**asked):
        tokens = examples.unasked(16)
        for i, (name, choices) in enumerate(values):
            if name in asked:
                tokens[i, starts[i] : starts[i + 1]] = 0
                tokens[i, starts[i] + choices.index(asked[name])] = 1
        return {int(examples.complete(tokens, seed)[1, 2:4].argmax()) for seed in range(30)}

    assert skins(hair_colour="white", facial_hair="beard") == {1}
    assert skins(hair_colour="black", facial_hair="beard") == {0}
    assert skins(hair_colour="white") == skins(hair_colour="white", facial_hair="none") == {0, 1}


def test_where_nobody_shows_what_was_asked_for_a_part_is_whole_all_the_same():
    # Attribute 1 is an expression that goes with anybody; no robot has the first one, but each has a mouth.
    labels = torch.tensor([PERSON_RED, [*ROBOT_GREEN[:1], 1, 0]])
    forms = torch.tensor([[1, 0], [2, 3]], dtype=torch.int16)
    examples = Examples(labels, ATTRIBUTES, forms, NAMES, ((1,), ()), (1, 0.25, 1))
    completed = examples.complete(tokens_of(1, 0, 2), 0)
    assert values_of(completed) == [1, 1, 0] and forms_of(completed)[0] == "waves"
    assert examples.lacking(tokens_of(1, 0, 2), 0) == ("red hair",)


def test_what_was_asked_for_chooses_who_can_show_it():
    # Attribute 1 is an expression that goes with anybody, but a part shows it together with attribute 2, the eyes, and
    # nobody with the second kind of eyes has the first expression: whoever asks for that gets the first kind.
    labels = torch.tensor([[1, 0, 0], [1, 1, 0], [1, 1, 1]])
    forms = torch.tensor([[1, 0], [2, 0], [3, 0]], dtype=torch.int16)
    examples = Examples(labels, ATTRIBUTES, forms, NAMES, ((1, 2), ()), (1, 0.25, 1))
    chosen = [examples.complete(tokens_of(1, 0, 2), seed) for seed in range(20)]
    assert {values_of(one)[2] for one in chosen} == {0} and {forms_of(one)[0] for one in chosen} == {"curls"}
    assert {values_of(examples.complete(tokens_of(1, 1, 2), seed))[2] for seed in range(20)} == {0, 1}


def test_between_two_colours_lies_a_colour_but_between_two_styles_none(examples):
    tokens = tokens_of(0, 2, 2)
    tokens[0, :3] = torch.tensor([0.6, 0.4, 0])
    tokens[1, 3:6] = torch.tensor([0.5, 0.3, 0.2])
    completed = examples.complete(tokens, 0)
    assert completed[0, :3].tolist() == [1, 0, 0]
    assert completed[1, 3:6].tolist() == pytest.approx([0.7, 0.3, 0])


def test_what_goes_with_anybody_does_not_choose_them():
    # Both are near to somebody with waves although only one of them is shown with these.
    labels = torch.tensor([[0, 0, 0], [0, 1, 1]])
    examples = Examples(labels, ATTRIBUTES, torch.tensor([[1, 3], [2, 4]]), NAMES, ((1,), ()), (1, 0.25, 1))
    chosen = [examples.complete(tokens_of(0, 1, 2), seed) for seed in range(20)]
    assert {values_of(one)[2] for one in chosen} == {0, 1} and all(forms_of(one)[0] == "waves" for one in chosen)


def test_doubt_is_only_filled_as_far_as_it_goes(examples):
    tokens = tokens_of(1, 2, 2)
    tokens[2, 6], tokens[2, 8] = 0.75, 0.25
    completed = examples.complete(tokens, 0)
    assert completed[2, 6:9].sum() == pytest.approx(1) and completed[2, 6] >= 0.75 and completed[2, 8] == 0


def test_a_seed_chooses_always_the_same(examples):
    nothing = tokens_of(2, 2, 2)
    assert torch.equal(examples.complete(nothing, 7), examples.complete(nothing, 7))


def test_a_word_more_keeps_whoever_fits_it_too(examples):
    for seed in range(10):
        before = examples.complete(tokens_of(0, 2, 2), seed)
        hair = values_of(before)[1]
        assert torch.equal(examples.complete(tokens_of(0, hair, 2), seed), before)


def test_examples_of_another_text_encoder_are_refused(tmp_path):
    config = SlotTextConfig([("kind", ["person"])], forms=len(ALL_FORMS))
    encoder, file = type("Encoder", (), {"config": config}), tmp_path / FILE
    forms = torch.zeros(2, len(ALL_FORMS), dtype=torch.int16)
    write_examples(file, torch.tensor([[0], [1]], dtype=torch.uint8), forms, [""])
    assert len(read_examples(file, encoder).labels) == 2
    for labels, other in (([[0, 0]] * 2, forms), ([[2]] * 2, forms), ([[0]] * 2, forms + 1), ([[0]] * 2, forms[:, 1:])):
        write_examples(file, torch.tensor(labels, dtype=torch.uint8), other.contiguous(), [""])
        with pytest.raises(ValueError, match="another text encoder"):
            read_examples(file, encoder)


def test_the_published_examples_fit_the_published_text_encoder():
    config = SlotTextConfig.from_pretrained(embedded.ASSETS / "text_encoder")
    examples = read_examples(embedded.ASSETS / FILE, type("Encoder", (), {"config": config}))
    assert len(examples.labels) >= 1000 and len(examples.names) > 100
    nothing = torch.zeros(len(examples.sizes) + len(ALL_FORMS), config.hidden_size)
    for i, end in enumerate(torch.tensor(examples.sizes).cumsum(0).tolist()):
        nothing[i, end - 1] = 1
    for seed in range(20):  # whoever it is has a shape
        assert (examples.complete(nothing, seed)[len(examples.sizes) :].norm(dim=1) > 0).sum() >= 3
