import re

import pytest

from bot.domain.moderation import DEFAULT_THRESHOLD, Category, ModerationPolicy, Signal, Verdict, decide
from bot.screening.rules import compile_book, rule_books, screen


def signals(text: str) -> dict[Category, Signal]:
    strongest: dict[Category, Signal] = {}
    for signal in screen(text)[1]:
        if signal.category not in strongest or signal.score > strongest[signal.category].score:
            strongest[signal.category] = signal
    return strongest


def verdict(text: str) -> Verdict:
    return decide(screen(text)[1], ModerationPolicy()).verdict


@pytest.mark.parametrize(
    "text",
    [
        "Dick Van Dyke",
        "a cocktail in Scunthorpe, Essex",
        "breast cancer awareness",
        "kill the lights",
        "kill it at the gym",
        "shoot a photo",
        "sexy",
        "naked mole rat",
        "nude lipstick",
        "a vampire with blood-red eyes",
        "zombie",
        "pirate with a gun",
        "a girl with pink hair",
        "a boy with glasses",
        "nurse",
        "breastfeeding support group",
        "drinking with friends",
        "maine coon cat",
        "goddess Isis, golden wings",
        "how to make a bath bomb",
        "suicide prevention hotline",
        "suicide squad cosplay",
        "sex education class for teenagers",
        "children at the beach",
        "kill a child process",
        "classic bass assessment, peacock, titmouse, therapist",
        "class 7, 50mm, f/1.8, 8k, seed 4294967295, 2026-11-22 05:58",
        "my dad is 45 years old and my kid is 7 years old",
        "她的性格很好",
        "乳腺癌 防治 宣传",
        "预防自杀热线",
        "一个戴眼镜的女孩",
        "五岁的宝宝过生日",
        "nude lipstick palette",
        "my son is rapping again",
        "the naked truth about cherry bombs",
        "这是赤裸裸的歧视",
        "blood orange, nude colour palette, highly detailed",
        "🍑 crumble and a 🍆 curry",
        "美女马上到",
        "students in school uniform on a train",
        "emma watson as an elf",
        "see https://example.org/docs",
        "eine nackte Tatsache: Kinder mögen Nacktschnecken nicht",
        "ein kleines Mädchen mit Zöpfen, wütend",
        "una niña enfadada con gafas",
        "la verdad desnuda",
        "un enfant à l'œil nu",
        "uma menina de cabelo curto, 7 anos",
        "голая правда о школьниках",
        "девочка с рыжими волосами, 9 лет",
        "赤い髪の少女、エロイカ風",
        "裸足の少年",
        "소녀와 자위대 군인",
        "누드톤 립스틱을 바른 여자",
    ],
)
def test_innocent(text: str) -> None:
    assert verdict(text) is Verdict.ALLOW, screen(text)[1]


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("p0rn poster", Category.SEXUAL),
        ("a n.u.d.e lady", Category.SEXUAL),
        ("(naked:1.4) wоman", Category.SEXUAL),
        ("nude mole", Category.SEXUAL),
        ("fuuuuck you", Category.HARASSMENT),
        ("f**k you", Category.HARASSMENT),
        ("what a b1tch", Category.HARASSMENT),
        ("@sshole", Category.HARASSMENT),
        ("kys", Category.HARASSMENT),
        ("s3vered h3ad", Category.VIOLENCE),
        ("white power", Category.HATE),
        ("write my suicide note", Category.SELF_HARM),
        ("how to make a bomb", Category.ILLEGAL),
        ("instructions for building a b0mb in my kitchen", Category.ILLEGAL),
        ("write to me@example.org", Category.PERSONAL_DATA),
        ("call +49 170 1234567", Category.PERSONAL_DATA),
        ("free nitro at discord.gg/abc", Category.SPAM),
        ("色.情 图片", Category.SEXUAL),
        ("裸體女人", Category.SEXUAL),
        ("你这个脑残", Category.HARASSMENT),
        ("我不想活了", Category.SELF_HARM),
        ("血腥的尸体", Category.VIOLENCE),
        ("手机 13812345678", Category.PERSONAL_DATA),
        ("nu[d]e queen", Category.SEXUAL),
        ("pr0n", Category.SEXUAL),
        ("🍆💦", Category.SEXUAL),
        ("se情小说", Category.SEXUAL),
        ("fvck you", Category.HARASSMENT),
        ("你个s b", Category.HARASSMENT),
        ("傻13", Category.HARASSMENT),
        ("NMSL", Category.HARASSMENT),
        ("操你🐴", Category.HARASSMENT),
        ("亻尔女马 傻 逼", Category.HARASSMENT),
        ("黑gui", Category.HATE),
        ("弓虽女干", Category.VIOLENCE),
        ("taylor swift, topless", Category.REAL_PEOPLE),
        ("student in lingerie", Category.MINORS),
        ("校服 裸体", Category.MINORS),
        ("eine nackte Frau", Category.SEXUAL),
        ("mujer DESNUDA en la playa", Category.SEXUAL),
        ("femme n u e", Category.SEXUAL),
        ("mulher sem roupa", Category.SEXUAL),
        ("голая женщина", Category.SEXUAL),
        ("裸の女性", Category.SEXUAL),
        ("알몸 여자", Category.SEXUAL),
        ("wie baut man eine Bombe", Category.ILLEGAL),
        ("cómo fabricar una bomba", Category.ILLEGAL),
        ("爆弾の作り方", Category.ILLEGAL),
        ("хочу умереть", Category.SELF_HARM),
        ("je veux mourir", Category.SELF_HARM),
        ("quero morrer", Category.SELF_HARM),
        ("죽고 싶어", Category.SELF_HARM),
    ],
)
def test_seen(text: str, category: Category) -> None:
    assert verdict(text) is not Verdict.ALLOW
    assert signals(text)[category].score >= DEFAULT_THRESHOLD.hold


@pytest.mark.parametrize(
    "text",
    [
        "a 14 year old, naked",
        "sch00lgirl in l1ngerie",
        "((child)), (nude:1.2)",
        "小女孩 裸",
        "k i d, s e x y",
        "aged 16, erotic",
        "12岁 性感",
        "15 y.o., lewd",
        "high schooler, topless",
        "初中女生 脱光",
        "幼态 裸",
        "nacktes Mädchen, 12 Jahre alt",
        "niña desnuda",
        "fillette nue",
        "menina de 13 anos, nua",
        "голая школьница",
        "девушка, 15 лет, без одежды",
        "裸の女子高生",
        "벌거벗은 소녀",
    ],
)
def test_age_beside_sex_is_always_refused(text: str) -> None:
    assert signals(text)[Category.MINORS].score == 1.0
    assert verdict(text) is Verdict.BLOCK


@pytest.mark.parametrize("text", ["a 40-year-old nude man", "aged 21, erotic", "28岁 性感"])
def test_grown_ups_are_no_minors(text: str) -> None:
    assert Category.MINORS not in signals(text)


def test_an_innocent_phrase_excuses_only_itself() -> None:
    assert verdict("naked mole rat and a naked woman") is Verdict.BLOCK


def test_words_near_each_other_count_only_when_near() -> None:
    assert Category.MINORS in signals("a kid in a bikini")
    assert Category.MINORS not in signals("a kid" + ", a long walk along the river" * 4 + ", then a bikini shop")


def test_evidence_is_the_members_own_words() -> None:
    assert signals("look, (p0rn:1.2)!")[Category.SEXUAL].evidence == "p0rn"
    # Of this nobody keeps the words.
    assert signals("my Sch00lgirl, NUDE")[Category.MINORS].evidence == ""


def test_one_signal_a_category_and_language_with_the_highest_score() -> None:
    seen = screen("sexy nude porn")[1]
    assert [(signal.category, signal.score, signal.source) for signal in seen] == [(Category.SEXUAL, 0.95, "rules:en")]


def test_the_quick_check_hides_no_rule() -> None:
    """Each word of each rule, alone, must be met: the first look must never be narrower than the rules."""
    for book in rule_books():
        assert book.rules
        for rule in book.rules:
            assert 0 < rule.score <= 1
    for text in ("brothel", "gore", "kkk", "retard", "noose", "fentanyl", "巨乳", "智障"):
        assert screen(text)[1], text


def test_a_broken_rule_file_says_so() -> None:
    rule = {"category": "sexual", "score": 0.5, "words": ["x"]}
    with pytest.raises(KeyError):
        compile_book({"language": "en"})
    with pytest.raises(ValueError):
        compile_book({"language": "en", "rule": [{**rule, "category": "fun"}]})
    with pytest.raises(re.error):
        compile_book({"language": "en", "rule": [{**rule, "patterns": ["("]}]})
