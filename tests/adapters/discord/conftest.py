"""A Discord of our own for every test of the adapter."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.discord.wire import StandIn


@pytest.fixture
async def discord() -> AsyncIterator[StandIn]:
    """A stand-in Discord; the test fails where the bot broke the API's description."""
    async with StandIn() as stand_in:
        yield stand_in
    assert stand_in.violations == []
