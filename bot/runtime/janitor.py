"""Looks after what crashes and time leave behind."""

import asyncio

import structlog

from bot.domain.errors import HuashenError
from bot.domain.jobs import JobStatus
from bot.domain.policy import Policy
from bot.ports import ArtifactStore, Clock, Events, Meter, Transactions
from bot.usecases import recover, review, sanctions

log = structlog.get_logger()

REST_EVERY = 3600.0
"""Seconds between looks for unanswered cases, what was begun and left, old judgements and orphaned files."""


class Janitor:
    """Runs the recover use cases for ever, and lets what was decided take effect."""

    def __init__(
        self,
        transactions: Transactions,
        store: ArtifactStore,
        events: Events,
        clock: Clock,
        meter: Meter,
        policy: Policy,
    ) -> None:
        self._transactions = transactions
        self._store = store
        self._events = events
        self._clock = clock
        self._meter = meter
        self._policy = policy

    async def run(self) -> None:
        """Until cancelled."""
        rest_due = 0.0
        while True:
            try:
                changed = await recover.jobs(self._transactions, self._events, self._clock, self._policy)
                if changed:
                    log.info("jobs recovered", count=changed)
                await review.settle(self._transactions, self._events, self._clock, self._policy)
                await sanctions.enforce(self._transactions, self._events, self._clock)
                await self._count()
                if self._clock.now() >= rest_due:
                    rest_due = self._clock.now() + REST_EVERY
                    await recover.cases(self._transactions, self._events, self._clock)
                    await recover.begun(self._transactions, self._clock)
                    await recover.judgements(self._transactions, self._clock)
                    await recover.files(self._transactions, self._store, self._clock)
            except HuashenError as error:
                log.error("janitor could not work", reason=error.reason.message)
            await asyncio.sleep(self._policy.lease / 4)

    async def _count(self) -> None:
        async with self._transactions() as tx:
            counts = await tx.jobs.counts()
        for status in JobStatus:
            self._meter.level("jobs", counts.get(status, 0), status.value)
