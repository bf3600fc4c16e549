"""Empties the outbox of a platform that runs in this process."""

import asyncio

import structlog

from bot.domain.jobs import ENDED
from bot.ports import Clock, Events, Messenger, Transactions
from bot.runtime.waker import Waker
from bot.usecases.deliver import Parcel, send, take

log = structlog.get_logger()


class Courier:
    """Sends several deliveries at once, as many as the platform takes, those of one job in turn.

    A slow or failing one stops nobody else's, and a platform that is slow no other platform.

    One loop claims for all senders, so that an idle courier asks the database once a second and not once a sender.
    """

    def __init__(
        self,
        messenger: Messenger,
        transactions: Transactions,
        events: Events,
        clock: Clock,
    ) -> None:
        self._messengers = {messenger.platform: messenger}
        self._transactions = transactions
        self._clock = clock
        self._waker = Waker(events, ENDED)
        self._free = asyncio.Semaphore(messenger.at_once)
        self._in_hand: set[str] = set()
        """Jobs of which something is on its way: 'held' must not overtake 'ready', nor a slow delivery itself."""

    async def run(self) -> None:
        """Until cancelled; what is on its way then comes again."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._waker.run())
            while True:
                await self._free.acquire()
                if parcel := await self._next():
                    self._in_hand.add(parcel.delivery.job_id)
                    tasks.create_task(self._send(parcel))
                else:
                    self._free.release()
                    await self._waker.wait()

    async def _next(self) -> Parcel | None:
        try:
            return await take(self._messengers, self._transactions, self._clock, self._in_hand)
        except Exception as error:
            log.warning("the outbox cannot be read, will be tried again", error=type(error).__name__)
            return None

    async def _send(self, parcel: Parcel) -> None:
        try:
            await send(parcel, self._messengers, self._transactions, self._clock)
        except Exception as error:
            log.warning("delivery failed, will be tried again", error=type(error).__name__)
        finally:
            self._in_hand.discard(parcel.delivery.job_id)
            self._free.release()
            # The job's next news may have waited for this.
            self._waker.wake()
