"""What an open page hears: fragments as things happen, and nothing that is somebody else's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from adapters.web import feed as feeds
from adapters.web.feed import Feed, encode
from adapters.web.messenger import WebMessenger
from adapters.web.site import Site as Parts
from adapters.web.visitor import Visitor
from bot.domain.identity import Platform, Role
from bot.domain.jobs import Delivery, DeliveryStatus, JobStatus, JobView
from bot.domain.requests import AvatarRequest, CaptionRequest
from bot.i18n import translator
from bot.ports import JobEvent
from bot.usecases import link
from bot.usecases.process import process
from tests.adapters.web.conftest import OWNER, Site

Heard = asyncio.Queue[tuple[str, str]]
ENDED = "the stream has ended"


@asynccontextmanager
async def listening(site: Site, user: str = "owner", since: float = 2e9) -> AsyncIterator[Heard]:
    """A page's stream, taken apart into (event, data)."""
    token = site.access.issue_link("http://x", user, user, Role.OWNER).partition("token=")[2]
    session = site.access.redeem(token)
    assert session
    parts = Parts.build(site.deps)
    visitor = Visitor(session, "csrf", translator("en"), "studio")
    stream = Feed(visitor, site.deps, parts.messages, parts.progress, since).stream()
    heard: Heard = asyncio.Queue()

    async def listen() -> None:
        async for chunk in stream:
            head, _, data = chunk.decode().partition("\n")
            heard.put_nowait((head.removeprefix("event: "), data))
        heard.put_nowait((ENDED, ""))

    task = asyncio.create_task(listen())
    try:
        assert (await asyncio.wait_for(heard.get(), 5))[0] == "ready"
        yield heard
    finally:
        task.cancel()
        await asyncio.wait({task})
        await stream.aclose()


async def until(heard: Heard, event: str, words: str = "") -> list[str]:
    """Listen until an event with these words; answers the names heard on the way."""
    names = []
    # One limit for the whole: what waits in the queue is told of again and again, so a single step never times out.
    async with asyncio.timeout(10):
        while True:
            name, data = await heard.get()
            names.append(name)
            if name == event and words in data:
                return names


def test_an_event_is_encoded_line_by_line() -> None:
    assert encode("job-1", "<p>\nhi\r\nthere</p>") == b"event: job-1\ndata: <p>\ndata: hi\ndata: there</p>\n\n"
    assert encode("ready") == b"event: ready\ndata: \n\n"


async def test_a_page_sees_a_picture_grow(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "FRAME", 0.0)
    async with listening(site) as heard:
        job = await site.home.accepted(AvatarRequest("a fox"), OWNER)
        await process(await site.home.claim(), site.home.bench)
        names = await until(heard, f"job-{job.id}", 'data-mood="done"')
        assert f"progress-{job.id}" in names
        assert names[0] == "new"
        await until(heard, "announce", "Your avatar is ready.")
        await until(heard, "quota")


async def test_a_stream_ends_when_its_member_becomes_somebody_else(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "HEARTBEAT", 0.0)
    monkeypatch.setattr(feeds, "TICK", 0.05)
    async with listening(site) as heard:
        await until(heard, ":")
        elsewhere = replace(OWNER, platform=Platform.DISCORD)
        code = (await link.issue(elsewhere, site.home.transaction, site.home.clock)).code
        await link.redeem(OWNER, code, site.home.transaction, site.home.clock)
        await until(heard, ENDED)
    # The browser comes back, and hears of what is asked for on the other platform.
    async with listening(site) as heard:
        job = await site.home.accepted(AvatarRequest("a fox"), elsewhere)
        await process(await site.home.claim(), site.home.bench)
        await until(heard, f"job-{job.id}", 'data-mood="done"')


async def test_a_preview_is_shown_at_once(site: Site) -> None:
    async with listening(site) as heard:
        job = await site.home.accepted(AvatarRequest("a fox"), OWNER)
        site.home.engine.delay = 0.3
        task = asyncio.create_task(process(await site.home.claim(), site.home.bench))
        await until(heard, f"progress-{job.id}", "data:image/webp;base64,")
        await task


async def test_words_arrive_as_they_are_written(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "FRAME", 0.0)
    async with listening(site) as heard:
        job = await site.home.accepted(CaptionRequest("rain", count=2), OWNER)
        await process(await site.home.claim(), site.home.bench)
        await until(heard, f"progress-{job.id}", "drafts")


async def test_what_began_while_the_page_was_cut_off_is_added(site: Site) -> None:
    seen = await site.home.accepted(AvatarRequest("a fox"), OWNER)
    missed = []
    for number in range(2):
        site.home.clock.time += 60
        missed.append(await site.home.accepted(AvatarRequest(f"hen {number}"), OWNER))
    await site.work()
    async with listening(site, since=seen.created_at) as heard:
        for job in missed:
            await until(heard, "new", f"job-{job.id}")
        assert heard.empty()


async def test_nobody_hears_of_anothers_jobs(site: Site) -> None:
    async with listening(site, "ada") as heard:
        await site.home.accepted(AvatarRequest("a fox"), OWNER)
        await site.work()
        await asyncio.sleep(0.1)
        assert heard.empty()


async def test_places_move_without_any_event(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "TICK", 0.05)
    job = await site.home.accepted(AvatarRequest("a fox"), OWNER)
    async with listening(site) as heard:
        await until(heard, f"progress-{job.id}", "You are next")
        # Another process does the job: its events are not heard here.
        claimed = await site.home.claim()
        async with site.home.transaction() as tx:
            assert await tx.jobs.move(claimed, JobStatus.FAILED, now=site.home.clock.now())
            await tx.commit()
        await until(heard, f"job-{job.id}", "Something went wrong")


async def test_silence_is_broken_by_a_heartbeat(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "TICK", 0.01)
    monkeypatch.setattr(feeds, "HEARTBEAT", 0.05)
    async with listening(site) as heard:
        assert (await asyncio.wait_for(heard.get(), 5))[0] == ":"


async def test_a_slow_page_stalls_nobody(site: Site) -> None:
    async with listening(site):
        job = await site.home.accepted(AvatarRequest("a fox"), OWNER)
        for _ in range(10_000):
            site.home.events.publish(JobEvent(job.id, job.member_id, JobStatus.RUNNING))
        await site.work()
    assert (await site.home.job(job.id)).status is JobStatus.DELIVERED


async def test_stopping_ends_the_stream(site: Site) -> None:
    async with listening(site) as heard:
        site.deps.stopping.set()
        assert await until(heard, ENDED) == [ENDED]
    response = await asyncio.wait_for((await site.sign_in()).get("/events"), 5)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert "event: ready" in response.text


async def test_delivering_twice_shows_the_same_once(site: Site) -> None:
    messenger = WebMessenger(site.home.events)
    async with listening(site) as heard:
        job = await site.home.accepted(AvatarRequest("a fox"), OWNER)
        await site.work()
        async with site.home.transaction() as tx:
            view = (await tx.jobs.get(job.id)) or job
        for _ in range(2):
            delivery = Delivery("d", job.id, JobStatus.READY, OWNER, DeliveryStatus.PENDING, 1, 0, 0)
            await messenger.deliver(delivery, JobView(view))
        names = await until(heard, f"job-{job.id}", 'data-mood="done"')
        assert names.count("new") <= 1
