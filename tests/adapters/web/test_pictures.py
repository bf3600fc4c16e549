"""Pictures go to their owner alone, under names that file systems take; the gallery pages without gaps."""

import re

from bot.domain.requests import AvatarRequest
from tests.adapters.web.conftest import OWNER, Browser, Site, picture_ids


async def drawn(site: Site, browser: Browser, text: str = "a fox", count: str = "1") -> list[str]:
    site.home.clock.time += 60
    answer = await browser.do("/commands", command="avatar", text=text, count=count, seed="7")
    assert answer.status_code == 200
    job = await site.work()
    return picture_ids((await browser.get(f"/jobs/{job.id}", headers={"HX-Request": "true"})).text)


async def test_a_picture_is_served_to_be_kept(site: Site) -> None:
    browser = await site.sign_in()
    (picture,) = await drawn(site, browser, "A knight: père & fils / 骑士")
    answer = await browser.get(f"/pictures/{picture}")
    assert answer.content.startswith(b"\x89PNG")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["content-disposition"].startswith("inline;")
    again = await browser.get(f"/pictures/{picture}", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    download = await browser.get(f"/pictures/{picture}?download=1")
    assert download.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''a-knight-p%C3%A8re-fils-%E9%AA%91%E5%A3%AB-7.png"
    )


async def test_nobody_else_sees_it(site: Site) -> None:
    owner, ada = await site.sign_in(), await site.sign_in("ada")
    (picture,) = await drawn(site, owner)
    for path in (f"/pictures/{picture}", f"/pictures/{picture}?download=1", f"/pictures/{picture}/view"):
        assert (await ada.get(path, headers={"HX-Request": "true"})).status_code == 404
        assert (await site.client().get(path)).status_code == 401
    for verb in ("variations", "delete"):
        assert (await ada.do(f"/pictures/{picture}/{verb}")).status_code == 404
    assert (await ada.do("/commands", command="avatar", text="a fox", base=picture)).status_code == 404
    assert not picture_ids((await ada.get("/gallery")).text)


async def test_a_deleted_picture_is_gone_everywhere(site: Site) -> None:
    browser = await site.sign_in()
    first, second = await drawn(site, browser, count="2")
    answer = await browser.do(f"/pictures/{first}/delete")
    assert 'hx-swap-oob="true"' in answer.text
    assert picture_ids(answer.text) == [second]
    assert (await browser.get(f"/pictures/{first}")).status_code == 404
    from_gallery = {"HX-Current-URL": "http://127.0.0.1:8080/gallery"}
    answer = await browser.do(f"/pictures/{second}/delete", from_gallery)
    assert answer.text.strip() == f'<div id="picture-{second}" hx-swap-oob="delete"></div>'
    assert "The pictures of this message were deleted." in (await browser.get("/")).text
    assert "Nothing here yet" in (await browser.get("/gallery")).text
    assert (await browser.do(f"/pictures/{second}/delete")).status_code == 404


async def test_the_viewer_tells_how_to_draw_it_again(site: Site) -> None:
    browser = await site.sign_in()
    (picture,) = await drawn(site, browser)
    view = (await browser.get(f"/pictures/{picture}/view", headers={"HX-Request": "true"})).text
    found = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", view))
    assert found == {"seed": "7", "size": "64 × 64", "steps": "3", "guidance": "1", "model": "fake", "seconds": "0.0"}
    assert (await browser.get(f"/pictures/{picture}/view")).headers["location"] == f"/pictures/{picture}"


async def test_variations_from_the_gallery_lead_to_the_channel(site: Site) -> None:
    browser = await site.sign_in()
    (picture,) = await drawn(site, browser)
    answer = await browser.do(f"/pictures/{picture}/variations", {"HX-Current-URL": "http://127.0.0.1:8080/gallery"})
    assert re.fullmatch(r"/#job-[0-9a-f]{32}", answer.headers["hx-redirect"])


async def test_paging_the_gallery_loses_no_picture(site: Site) -> None:
    browser = await site.sign_in()
    made = []
    for number in range(24):
        site.home.clock.time += 86_400
        await site.home.accepted(AvatarRequest(f"fox {number}", seed=number, count=number % 4 + 1), OWNER)
        job = await site.work()
        async with site.home.transaction() as tx:
            made += [artifact.id for artifact in (await tx.artifacts.of_jobs([job.id]))[job.id]]
    seen, path = [], "/gallery"
    while path:
        page = (await browser.get(path, headers={"HX-Request": "true"})).text
        seen += picture_ids(page)
        found = re.search(r'hx-get="(/gallery\?before=[^"]+)"', page)
        path = found[1] if found else ""
    assert len(made) == 60
    assert len(seen) == len(set(seen))
    assert set(seen) == set(made)
