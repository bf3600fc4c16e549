"""An engine host: gives each request to the lane of its model."""

import asyncio
from collections.abc import Mapping

from engines.contract import EngineOptions, EngineUnreachable, Request, Result
from engines.host.lane import Lane, LaneStatus, OnProgress
from engines.registry import Models, resolve


class Host:
    """Runs requests on engines that live elsewhere; `process` and `inline` say where."""

    def __init__(self, options: EngineOptions, models: Models, lanes: Mapping[str, Lane]) -> None:
        """`lanes`: by the names that the models use."""
        self._options, self._models, self._lanes = options, models, lanes
        self._started = False

    async def start(self) -> None:
        """Start every lane and return when all listen; models load later, on first use or as told to warm up."""
        try:
            async with asyncio.TaskGroup() as starting:
                for lane in self._lanes.values():
                    starting.create_task(lane.start())
        except* EngineUnreachable as failed:
            await self.aclose()
            raise EngineUnreachable(str(failed.exceptions[0])) from failed
        self._started = True

    async def run(
        self, request: Request, on_progress: OnProgress | None = None, deadline: float | None = None
    ) -> Result:
        """Return the engine's answer to `request`.

        `on_progress` is called in the event loop, at most ten times a second. After `deadline` seconds
        the request is cancelled and Cancelled raised. Cancelling the awaiting task cancels the request.

        Raises any error of the contract; EngineUnreachable may be tried again.
        """
        lane = self._lanes[resolve(request, self._options, self._models).lane]
        if not self._started:
            raise EngineUnreachable("The engine host is not running.")
        return await lane.run(request, on_progress, deadline)

    def status(self) -> tuple[LaneStatus, ...]:
        """Return how each lane is now."""
        return tuple(lane.status() for lane in self._lanes.values())

    async def aclose(self) -> None:
        """Stop every lane; open requests fail with EngineUnreachable."""
        self._started = False
        await asyncio.gather(*(lane.aclose() for lane in self._lanes.values()))
