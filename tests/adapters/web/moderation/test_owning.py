"""The policy and its simulator, the audit log and the weekly report."""

import json
import re
from dataclasses import replace

from adapters.web.moderation.log import told
from adapters.web.moderation.sheet import as_preset
from bot.domain.community_policy import PRESETS, ChannelKind
from bot.domain.identity import Platform
from bot.domain.moderation import Category, ModerationPolicy, Stage
from bot.i18n import translator
from bot.policies import to_toml
from bot.usecases import policy as policies
from tests.adapters.web.conftest import BASE, Browser
from tests.adapters.web.moderation.community import BOB, GUILD, MO, OLGA, STRANGER
from tests.adapters.web.moderation.conftest import Console


def fields(page: str) -> dict[str, str]:
    """What a browser would send of the policy's form."""
    form = page[page.index('<form id="policy"') :]
    form = form[: form.index("</form>")]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        ticked = given.get("type") not in ("checkbox", "radio") or re.search(r"\bchecked\b", tag)
        if "name" in given and ticked:
            found[given["name"]] = given.get("value", "").replace("&#34;", '"').replace("&gt;", ">")
    return found | {"own_terms": re.findall(r"<textarea[^>]*>([^<]*)</textarea>", form)[0]}


async def editor(browser: Browser, query: str = "") -> dict[str, str]:
    return fields((await browser.get(f"/moderation/policy{query}")).text)


async def in_force(console: Console, community: tuple[Platform, str] = GUILD) -> policies.CommunityPolicy:
    async with console.home.transaction() as tx:
        return await policies.in_force(tx, *community)


async def test_what_nobody_moved_stays_exactly_as_it_was(console: Console) -> None:
    olga = await console.moderator(OLGA)
    for name, preset in PRESETS.items():
        form = await editor(olga, f"?preset={name}")
        version = (await in_force(console)).version
        assert (await olga.plain("/moderation/policy", **form)).status_code == 303
        saved = await in_force(console)
        assert saved.version == version + 1
        assert {
            kind: saved.at(kind).threshold(category, stage)
            for kind in ChannelKind
            for category in Category
            for stage in Stage
        } == {
            kind: preset.at(kind).threshold(category, stage)
            for kind in ChannelKind
            for category in Category
            for stage in Stage
        }
        assert (saved.strikes, saved.preset, saved.unjudged_previews) == (
            preset.strikes,
            name,
            preset.unjudged_previews,
        )


async def test_a_slider_a_stage_of_its_own_and_terms(console: Console) -> None:
    olga = await console.moderator(OLGA)
    form = await editor(olga) | {
        "general/all/violence/hold": "35",
        "general/all/hate/block": "101",
        "general/picture/sexual/own": "1",
        "general/picture/sexual/blur": "20",
        "own_terms": "spoilers\n the  ending \nspoilers\n",
        "strikes.mute_after": "5",
        "note": "a quieter month",
    }
    assert (await olga.plain("/moderation/policy", **form)).status_code == 303
    saved = await in_force(console)
    general = saved.at(ChannelKind.GENERAL)
    assert general.threshold(Category.VIOLENCE).hold == 0.35
    assert general.threshold(Category.HATE).block > 1
    assert general.threshold(Category.SEXUAL, Stage.PICTURE).blur == 0.2
    assert general.threshold(Category.SEXUAL).blur > 1
    assert saved.at(ChannelKind.PRIVATE).threshold(Category.VIOLENCE).hold == 0.6
    assert (saved.own_terms, saved.strikes.mute_after) == (("spoilers", "the ending"), 5)
    page = (await olga.get("/moderation/policy")).text
    assert "a quieter month" in page and "Version 1 is in force" in page


async def test_two_owners_do_not_overwrite_each_other(console: Console) -> None:
    olga, machine = await console.moderator(OLGA), await console.owner()
    await machine.plain("/moderation/community", community="discord:500")
    first, second = await editor(olga), await editor(machine)
    assert (await olga.plain("/moderation/policy", **first)).status_code == 303
    assert (await machine.plain("/moderation/policy", **second)).status_code == 409


async def test_moderators_read_the_policy_and_owners_change_it(console: Console) -> None:
    mo = await console.moderator(MO)
    form = await editor(mo)
    assert (await mo.plain("/moderation/policy", **form)).status_code == 403
    assert (await in_force(console)).version == 0


async def test_nonsense_in_the_form_is_one_sentence(console: Console) -> None:
    olga = await console.moderator(OLGA)
    form = await editor(olga)
    for name, value in (("general/all/hate/hold", "x"), ("general/all/hate/hold", "500"), ("case_lifetime", "-1")):
        assert (await olga.do("/moderation/policy", **form | {name: value})).status_code == 422, name
    assert (await olga.do("/moderation/policy", **form | {"own_terms": "x" * 200})).status_code == 422


async def test_the_simulator_tells_before_anything_is_saved(console: Console) -> None:
    await console.held()
    await console.held("hold me too", BOB)
    await console.held("hold me elsewhere", STRANGER)
    olga = await console.moderator(OLGA)
    form = await editor(olga)
    assert "flip: 0 of 2" in (await olga.do("/moderation/policy/simulate", **form)).text
    page = (await olga.do("/moderation/policy/simulate", **form | {"general/all/violence/hold": "80"})).text
    assert "flip: 2 of 2" in page and "Hold" in page and "Pass" in page and "hold me" not in page
    assert (await in_force(console)).version == 0


async def test_versions_files_and_back(console: Console) -> None:
    olga = await console.moderator(OLGA)
    await olga.plain("/moderation/policy", **await editor(olga, "?preset=family"))
    await olga.plain("/moderation/policy", **await editor(olga, "?preset=adults"))
    await olga.plain("/moderation/policy", **await editor(olga, "?version=1"))
    assert ((await in_force(console)).version, (await in_force(console)).preset) == (3, "family")
    exported = (await olga.get("/moderation/policy/export")).text
    assert exported == to_toml(await in_force(console))
    headers = {"Origin": BASE}
    files = {"file": ("policy.toml", to_toml(PRESETS["adults"]).encode())}
    page = await olga.post("/moderation/policy/import", data={"csrf": olga.csrf}, files=files, headers=headers)
    assert "from a file, not saved yet" in page.text
    assert (await in_force(console)).version == 3
    assert (await olga.plain("/moderation/policy", **fields(page.text))).status_code == 303
    assert (await in_force(console)).preset == "adults"
    for bad in (b"\xff\xfe", b"nonsense", b"colour = 1"):
        files = {"file": ("policy.toml", bad)}
        answer = await olga.post("/moderation/policy/import", data={"csrf": olga.csrf}, files=files, headers=headers)
        assert answer.status_code == 422


async def test_everywhere_has_no_policy_until_one_place_is_chosen(console: Console) -> None:
    await console.held()
    owner = await console.owner()
    for path in ("policy", "report"):
        assert "Which community?" in (await owner.get(f"/moderation/{path}")).text
    assert (await owner.get("/moderation/policy/export")).status_code == 422


async def test_the_log_is_filtered_verified_and_exported(console: Console) -> None:
    mine, theirs = await console.held(), await console.held("hold me elsewhere", STRANGER)
    owner, mo = await console.owner(), await console.moderator(MO)
    await mo.do(f"/moderation/cases/{mine}/claim")
    await owner.do(f"/moderation/cases/{theirs}/claim")
    page = (await mo.get("/moderation/log")).text
    assert mine[:8] in page and theirs[:8] not in page
    assert "claim" not in re.findall(r"<code>(\S+)</code>", (await mo.get("/moderation/log?action=ban")).text)
    lines = [json.loads(line) for line in (await mo.get("/moderation/log/export")).text.splitlines()]
    assert {line["community"] for line in lines} == {"discord:500"}
    assert "Every entry is as it was written." in (await mo.do("/moderation/log/verify")).text
    assert "Every entry is as it was written." in (await mo.plain("/moderation/log/verify")).text


async def test_the_log_pages(console: Console) -> None:
    case = await console.held()
    mo = await console.moderator(MO)
    for _ in range(60):
        await mo.do(f"/moderation/cases/{case}/claim")
    page = (await mo.get("/moderation/log")).text
    (older,) = re.findall(r'hx-get="(/moderation/log\?before=[^"]+)"', page)
    rest = (await mo.get(older.replace("&amp;", "&"), headers={"HX-Request": "true"})).text
    first, second = (re.findall(r'class="num">(\d+)<', each) for each in (page, rest))
    assert len(first) == 50 and len(second) == 10 and not set(first) & set(second)


async def test_the_week_in_numbers(console: Console) -> None:
    case = await console.held()
    mo = await console.moderator(MO)
    await mo.do(f"/moderation/cases/{case}/approve")
    console.home.clock.time += 5
    page = (await mo.get("/moderation/report")).text
    assert "100.0 %" in page and '<rect class="chart-bar"' in page and "<table>" in page
    assert (await mo.get("/moderation/report?back=3")).status_code == 200
    assert (await mo.get("/moderation/report?back=99999")).status_code == 200


async def test_the_log_speaks_plainly(console: Console) -> None:
    words = translator("en")
    detail = {"grace": 0.0, "stage": "prompt", "source": "classifier:text", "until": 1_800_000_000.0, "note": None}
    assert told(detail, words) == [
        ("stage", "the words"),
        ("source", "the text screen"),
        ("until", "2027-01-15 08:00"),
    ]
    assert told({"grace": 60.0}, words) == [("grace", "60 s")]


async def test_moved_thresholds_are_no_preset(console: Console) -> None:
    standard = PRESETS["standard"]
    assert as_preset(standard) == "standard"
    moved = replace(standard, kinds=dict(standard.kinds) | {ChannelKind.GENERAL: ModerationPolicy({})})
    assert as_preset(moved) == ""
