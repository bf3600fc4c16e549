"""Claim jobs under a lease and do them, several at a time, so that the engine can form batches."""

import asyncio
import os
import socket
from contextlib import suppress
from uuid import uuid4

import structlog

from bot.domain.errors import HuashenError
from bot.domain.jobs import Job, JobStatus
from bot.runtime.waker import Waker
from bot.usecases.process import Bench, cancelled, give_back, process

log = structlog.get_logger()


class Worker:
    """Takes up to `policy.workers` jobs at once."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._waker = Waker(bench.events, {JobStatus.QUEUED})

    async def run(self) -> None:
        """Until cancelled: then the jobs in hand go back to the queue."""
        slots = asyncio.Semaphore(self._bench.policy.workers)
        async with asyncio.TaskGroup() as jobs:
            jobs.create_task(self._waker.run())
            while True:
                await slots.acquire()
                job = await self._claim()
                if job is None:
                    slots.release()
                    await self._waker.wait()
                    continue
                jobs.create_task(self._work(job)).add_done_callback(lambda _: slots.release())

    async def _claim(self) -> Job | None:
        now = self._bench.clock.now()
        try:
            async with self._bench.transactions() as tx:
                job = await tx.jobs.claim(self._owner, now, now + self._bench.policy.lease)
                await tx.commit()
                return job
        except HuashenError as error:
            log.error("claim failed", reason=error.reason.message)
            await asyncio.sleep(1)
            return None

    async def _work(self, job: Job) -> None:
        with structlog.contextvars.bound_contextvars(job_id=job.id):
            task = asyncio.create_task(process(job, self._bench))
            try:
                if await self._keep_lease(job, task):
                    log.info("job done", kind=job.kind, status=await task)
                else:
                    await _stop(task)
                    log.info("job stopped", kind=job.kind)
            except asyncio.CancelledError:
                await _stop(task)
                await give_back(job, self._bench)
                raise
            except Exception:
                # The lease runs out and the janitor hands the job on: nothing is lost.
                log.exception("job failed unexpectedly", kind=job.kind)

    async def _keep_lease(self, job: Job, task: asyncio.Task[JobStatus | None]) -> bool:
        """Extend the lease until the task is done; False when the job was cancelled or taken from us."""
        policy = self._bench.policy
        while not task.done():
            await asyncio.wait({task}, timeout=policy.lease / 10)
            if task.done():
                break
            with suppress(HuashenError):
                async with self._bench.transactions() as tx:
                    current = await tx.jobs.extend(job.id, self._owner, self._bench.clock.now() + policy.lease)
                    await tx.commit()
                if current is None:
                    return task.done()
                if current.cancel_requested:
                    await _stop(task)
                    await cancelled(job, self._bench)
                    return False
        return True


async def _stop(task: asyncio.Task[JobStatus | None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await task
