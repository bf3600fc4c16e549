import re

from bot.screening.rules import screen
from engines.safety.head import LABELS
from engines.training.safety.corpus import Example, dress, expansions, read, styles


def test_alternatives_are_expanded() -> None:
    assert expansions("a {b|c} {d|e}!") == ["a b d!", "a b e!", "a c d!", "a c e!"]
    assert expansions("plain") == ["plain"]


def test_every_file_is_named_after_labels_that_exist() -> None:
    for folder in ("train", "development", "evaluation", "evaluation_zh"):
        found = {label for example in read(folder) for label in example.labels}
        assert found == set(LABELS)


def test_no_braces_are_left_open() -> None:
    for example in [*read("train", per_line=2), *read("development"), *read("evaluation")]:
        assert not re.search(r"[{}|]", example.text), example.text


def test_the_evaluation_was_never_trained_on() -> None:
    trained = {example.text for example in read("train", per_line=10_000)}
    development, evaluation = ({example.text for example in read(name)} for name in ("development", "evaluation"))
    assert not trained & development and not trained & evaluation and not development & evaluation
    assert not set(styles("train")) & set(styles("evaluation"))


def test_sexual_sentences_speak_of_grown_ups_only() -> None:
    for example in [*read("train", per_line=10_000), *read("development"), *read("evaluation")]:
        if "sexual" in example.labels:
            assert "minors" not in {signal.category for signal in screen(example.text)[1]}, example.text


def test_dressing_keeps_the_sentence_and_its_labels() -> None:
    bad = Example("something bad", frozenset({"hate"}))
    phrases = ["oil on canvas", "8k", "in soft light"]
    dressed = dress([bad, Example("tea", frozenset())], phrases, copies=20, seed=3)
    assert len(dressed) == 42
    assert all("something bad" in example.text for example in dressed if example.labels)
    assert any("oil on canvas" in example.text for example in dressed)
    assert dressed == dress([bad, Example("tea", frozenset())], phrases, copies=20, seed=3)
