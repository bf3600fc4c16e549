"""What the owner's monitoring sees, and who may."""

from tests.adapters.web.conftest import Site


async def test_alive_and_ready(site: Site) -> None:
    stranger = site.client()
    assert (await stranger.get("/healthz")).text == "ok\n"
    assert (await stranger.get("/readyz")).status_code == 200
    site.health["engine"] = False
    answer = await stranger.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": True, "engine": False}


async def test_metrics_are_for_the_owner(site: Site) -> None:
    stranger = site.client()
    assert (await stranger.get("/metrics")).status_code == 403
    assert (await stranger.get("/metrics", headers={"Authorization": "Bearer wrong"})).status_code == 403
    assert (await stranger.get("/metrics", headers={"Authorization": b"Bearer \xff"})).status_code == 403
    answer = await stranger.get("/metrics", headers={"Authorization": "Bearer meter"})
    assert "huashen_accepted_total 1.0" in answer.text
    assert "huashen_accepted_total" in (await (await site.sign_in()).get("/metrics")).text


async def test_static_files_are_kept_for_ever_under_their_version(site: Site) -> None:
    page = await site.client().get("/static/app.js?v=1")
    assert page.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert page.headers["content-type"].startswith("text/javascript")
    assert (await site.client().get("/static/app.js")).headers["cache-control"] == "no-cache"
    for path in ("/static/../access.py", "/static/%2e%2e/access.py"):
        assert (await site.client().get(path)).status_code in (401, 404)
