"""What the owner reads while the models load."""

from bot.i18n import translator
from bot.ports import ModelNews
from bot.serve import WARM, _tell_of_models

READY = "All models are ready."


def loaded(task: str) -> ModelNews:
    return ModelNews(task, "default", 1.0, None)


def test_the_last_model_to_load_is_the_end_of_the_wait_and_a_reload_is_not() -> None:
    heard: list[str] = []
    tell = _tell_of_models(translator("en"), heard.append)
    for task in WARM:
        assert READY not in heard
        tell(ModelNews(task, "default", None, None))
        tell(loaded(task))
    tell(loaded(WARM[0]))
    assert heard.count(READY) == 1


def test_not_all_is_ready_when_a_model_could_not_load() -> None:
    heard: list[str] = []
    tell = _tell_of_models(translator("en"), heard.append)
    tell(ModelNews(WARM[0], "default", None, "the file is corrupt"))
    for task in WARM[1:]:
        tell(loaded(task))
    assert READY not in heard
    assert any("the file is corrupt" in line for line in heard)
