import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.moderation import ModerationPolicy, decide
from bot.screening.normalise import normalise, views
from bot.screening.rules import screen


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("s e x y cat", "sexy cat"),
        ("s.e.x", "sex"),
        ("p0rn", "porn"),
        ("ｐｏｒｎ", "porn"),
        ("ѕех", "sex"),
        ("ŝéx", "sex"),
        ("n\u200bu\u00add\u2060e", "nude"),
        ("𝓼𝓮𝔁", "sex"),
        ("🇸🇪🇽 🅂🄴🅇 🆂🅴🆇", "sex sex sex"),
        ("seeeeex", "seex"),
        ("((nude:1.3)) [[bare]]", "nude bare"),
        ("a ((b:1.3)", "a b"),
        ("nu[d]e", "nude"),
        ("a n(u)de cat (black)", "a nude cat black"),
        ("n{ud}e", "nude"),
        ("[blood|gore]", "blood|gore"),
        ("弓虽女干犯", "强奸犯"),
        ("亻尔女马", "你妈"),
        ("妇女干部", "妇女干部"),
        ("色 情 图 片", "色情图片"),
        ("İstanbul ß", "istanbul ss"),
        ("a tall\tcat\nhat", "a tall cat hat"),
    ],
)
def test_disguises_are_undone(written: str, read: str) -> None:
    assert normalise(written) == read


@pytest.mark.parametrize(
    "text", ["a cat in a hat, 8k, 50mm", "xxx www", "mp3 18yo 3d r2d2", "i'm a robot", "我喜欢猫", "한국어 사람"]
)
def test_ordinary_text_stays(text: str) -> None:
    assert normalise(text) == text


def test_eager_readings_come_beside_the_plain_one() -> None:
    assert {other.text for other in views("5ex po.rn s1ut").others} >= {"sex po.rn siut", "sex po.rn slut"}
    assert "porn" in {other.text for other in views("po.rn").others}
    assert "a nude" in {other.text for other in views("a n u d e").others}


def test_every_character_knows_where_it_came_from() -> None:
    text = "a  (ŝ\u200b.é.x:1.2) ﬃ"
    for view in (views(text).folded, views(text).plain, *views(text).others):
        assert len(view.origin) == len(view.text)
        assert list(view.origin) == sorted(view.origin)
        assert all(0 <= index < len(text) for index in view.origin)


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_no_text_breaks_it_and_twice_is_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    screen(text)


# What people hide words with, so that the search meets the rules rather than random letters.
HIDEOUTS = st.lists(
    st.sampled_from([*"aeisx 01!(:.2)*_", "nude", "p0rn", "kid", "\u200b", "é", "色", "ѕ"]), max_size=12
)


@given(HIDEOUTS)
def test_twice_is_once_for_tricks_on_tricks(parts: list[str]) -> None:
    once = normalise("".join(parts))
    assert normalise(once) == once


@given(HIDEOUTS, st.integers(0, 1000), st.sampled_from("\u200b\u200d\u2060\ufeff\u00ad"))
def test_invisible_characters_change_no_verdict(parts: list[str], place: int, invisible: str) -> None:
    text = "".join(parts)
    place %= len(text) + 1
    hidden = text[:place] + invisible + text[place:]
    verdict = decide(screen(text)[1], ModerationPolicy()).verdict
    assert decide(screen(hidden)[1], ModerationPolicy()).verdict is verdict
