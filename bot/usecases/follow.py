"""Wait for a job's end, telling what happens on the way."""

import asyncio
from collections.abc import Callable

from bot.domain.identity import Origin
from bot.domain.jobs import ENDED, JobView
from bot.ports import Events, JobEvent, Transactions
from bot.usecases import account

POLL = 5.0
"""Seconds between looks at the database: the job may be done by another process, whose events we do not hear."""


async def follow(
    origin: Origin, job_id: str, transactions: Transactions, events: Events, tell: Callable[[JobEvent], None]
) -> JobView:
    """The member's job once it has ended; `tell` gets its events as they come."""

    async def listen() -> None:
        async for event in events.watch():
            if event.job_id == job_id:
                tell(event)
                if event.status in ENDED:
                    news.set()

    news = asyncio.Event()
    listener = asyncio.create_task(listen())
    try:
        while True:
            view = await account.view(origin, job_id, transactions)
            if view.job.status in ENDED:
                return view
            try:
                async with asyncio.timeout(POLL):
                    await news.wait()
            except TimeoutError:
                pass
            news.clear()
    finally:
        listener.cancel()
