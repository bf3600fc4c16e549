"""The page of a community's voice: moderators collect, the owner decides, nobody else gets in."""

import json

from bot.domain.identity import Platform, Role
from bot.domain.voice import ToneExample
from bot.usecases import community
from tests.adapters.web.moderation.community import ADA, GUILD, MO, OLGA
from tests.adapters.web.moderation.conftest import Console

PAGE = "/moderation/voice"
PAIRS = [("rain", "Arr, it be wet!"), ("cats", "Arr, a <b>stowaway</b>!"), ("gold", "Arr, it be heavy!")]


async def examples(console: Console) -> dict[str, tuple[str, str]]:
    async with console.home.transaction() as tx:
        return {each.id: (each.topic, each.caption) for each in await tx.tone_examples.all(*GUILD)}


async def test_moderators_collect_and_the_owner_decides(console: Console) -> None:
    mo, olga = await console.moderator(MO), await console.moderator(OLGA)
    assert "Examples still missing for a tone of your own: 3" in (await mo.get(PAGE)).text
    for topic, caption in PAIRS:
        assert (await mo.plain(f"{PAGE}/examples", topic=topic, caption=caption)).status_code == 303
    shown = (await mo.get(PAGE)).text
    assert "Arr, a &lt;b&gt;stowaway&lt;/b&gt;!" in shown and "on offer" in shown
    first, second, _ = await examples(console)
    assert (await mo.plain(f"{PAGE}/examples/{first}", topic="a storm", caption="Arr!")).status_code == 303
    assert (await examples(console))[first] == ("a storm", "Arr!")
    assert (await mo.plain(PAGE, name="Pirate", on="1")).status_code == 403
    assert (await olga.plain(PAGE, name="Pirate", on="1")).status_code == 303
    rules = await community.rules(ADA, console.home.transaction)
    assert (rules.voice, rules.voice_name, rules.voice_trained, rules.voice_by_moderators) == (
        True,
        "Pirate",
        False,
        False,
    )
    assert (await mo.plain(f"{PAGE}/examples", topic="x", caption="y")).status_code == 403
    assert (await olga.plain(f"{PAGE}/examples/{second}/remove")).status_code == 303
    assert not (await community.rules(ADA, console.home.transaction)).voice
    assert (await olga.plain(f"{PAGE}/examples", topic="x", caption="block me")).status_code == 422


async def test_what_was_trained_is_shown_with_what_it_wrote(console: Console) -> None:
    olga = await console.moderator(OLGA)
    folder = console.home.desk.voices._folder / "discord.500" / "20260102T000000"
    folder.mkdir(parents=True)
    figures = {way: {"samples": [f"Arr, by {way}!"]} for way in ("plain", "few_shot", "adapter")}
    perplexity = {"plain": 99.0, "few_shot": 31.04, "adapter": 29.96}
    card = {"base": "x", "examples": 24, "against": None, "perplexity": perplexity, "figures": figures}
    (folder / "tone.json").write_text(json.dumps(card))
    shown = (await olga.get(PAGE)).text
    assert "2026-01-02" in shown and "unseen captions 30.0, with examples alone 31.0" in shown and "In use." in shown
    assert "Arr, by few_shot!" in shown and "Arr, by adapter!" in shown and "Arr, by plain!" not in shown


async def test_whoever_moderates_no_longer_adds_nothing(console: Console) -> None:
    mo = await console.moderator(MO)
    console.site.ranks.roles[(*GUILD, MO)] = Role.MEMBER
    assert (await mo.plain(f"{PAGE}/examples", topic="rain", caption="Wet.")).status_code == 403
    assert not await examples(console)


async def test_the_machines_owner_chooses_a_community_first(console: Console) -> None:
    owner = await console.owner()
    async with console.home.transaction() as tx:
        await tx.tone_examples.add(Platform.TELEGRAM, "-77", ToneExample("e1", "rain", "Arr!", "telegram:1", 0.0))
        await tx.commit()
    asked = (await owner.get(PAGE)).text
    assert "voice-example" not in asked and "huashen tone import" in asked
    assert 'name="community" value="telegram:-77"' in asked  # where nobody asked for anything yet
    assert 'class="button" name="community" value="web:"' not in asked  # private chats have no voice
    chosen = await owner.plain("/moderation/community", community="discord:500", nav="voice")
    assert chosen.headers["location"] == PAGE
    assert "voice-example" in (await owner.get(PAGE)).text
    elsewhere = await owner.plain("/moderation/community", community="discord:500", nav="//evil.example")
    assert elsewhere.headers["location"] == "/moderation"
