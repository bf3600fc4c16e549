"""Looks after what crashes and time leave behind."""

import asyncio

import structlog

from bot.domain.errors import HuashenError
from bot.domain.policy import Policy
from bot.ports import ArtifactStore, Clock, Events, Transactions
from bot.usecases import recover

log = structlog.get_logger()

JOBS_EVERY = 5.0
"""Seconds between looks for lost leases and passed deadlines."""
REST_EVERY = 720
"""Rounds between looks for unanswered cases and orphaned files: once an hour."""


class Janitor:
    """Runs the recover use cases for ever."""

    def __init__(
        self, transactions: Transactions, store: ArtifactStore, events: Events, clock: Clock, policy: Policy
    ) -> None:
        self._transactions = transactions
        self._store = store
        self._events = events
        self._clock = clock
        self._policy = policy

    async def run(self) -> None:
        """Until cancelled."""
        round_ = 0
        while True:
            try:
                changed = await recover.jobs(self._transactions, self._events, self._clock, self._policy)
                if changed:
                    log.info("jobs recovered", count=changed)
                if round_ % REST_EVERY == 0:
                    await recover.cases(self._transactions, self._events, self._clock, self._policy)
                    await recover.files(self._transactions, self._store, self._clock)
            except HuashenError as error:
                log.error("janitor could not work", reason=error.reason.message)
            round_ += 1
            await asyncio.sleep(JOBS_EVERY)
