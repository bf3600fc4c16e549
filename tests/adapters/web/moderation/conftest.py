"""The console over a whole house, and its moderators' browsers."""

import re
from dataclasses import dataclass

import pytest

from bot.domain.identity import Platform
from tests.adapters.web.conftest import BASE, Browser, Site
from tests.adapters.web.moderation.community import GUILD, Members, appoint, link


@dataclass
class Console(Members):
    """What moderators and members do."""

    site: Site

    async def moderator(self, user_id: str, community: tuple[Platform, str] = GUILD) -> Browser:
        """A signed-in moderator."""
        return await self.enter(link(self.site.access, BASE, user_id, community))

    async def owner(self) -> Browser:
        """Whoever owns the machine."""
        return await self.enter(self.site.access.issue_link(BASE))

    async def enter(self, address: str) -> Browser:
        """Somebody comes in by a link."""
        browser = self.site.client()
        assert (await browser.get(address)).status_code == 200
        page = (await browser.get("/moderation")).text
        browser.csrf = re.findall(r'"X-CSRF-Token": "(\w+)"', page)[0]
        return browser


@pytest.fixture
def console(site: Site) -> Console:
    """A community with two moderators and an owner."""
    appoint(site.ranks)
    return Console(site.home, site)
