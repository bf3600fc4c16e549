"""A process that starts a host, lets its engine work, prints the children's pids and waits to be killed."""

import asyncio
from pathlib import Path

from engines.contract import EngineOptions, TextToImage
from engines.host.process import ProcessHost
from tests.engines.host.fake import MODELS


async def main() -> None:
    """Run until killed."""
    host = ProcessHost(EngineOptions(Path("unused")), MODELS)
    await host.start()
    await host.run(TextToImage("a"))
    print(*(lane.pid for lane in host.status()), flush=True)
    await host.run(TextToImage("hang:120"))


asyncio.run(main())
