"""The way to the web page: its address, its sign-in links, and what chat platforms hand out to moderators."""

from urllib.parse import urlsplit

from adapters.web.access import Access
from bot.bootstrap import prepare_data_dir
from bot.domain.identity import Origin
from bot.runtime.clock import SystemClock
from bot.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def base_url(settings: Settings) -> str:
    """The page's address as a person on this machine opens it."""
    host = "127.0.0.1" if settings.web.host in ("0.0.0.0", "::") else settings.web.host
    return settings.web.base_url or f"http://{f'[{host}]' if ':' in host else host}:{settings.web.port}"


def access(settings: Settings) -> Access:
    """Sign-in links and sessions, whose secrets live in the data folder."""
    prepare_data_dir(settings.data_dir)
    return Access(settings.data_dir / "web", SystemClock())


class PageDoor:
    """What chat platforms know of the page."""

    def __init__(self, settings: Settings) -> None:
        self._address = base_url(settings)
        self._access = access(settings)

    @property
    def local(self) -> bool:
        """Whether its address opens nowhere but on this machine."""
        return urlsplit(self._address).hostname in LOOPBACK

    def link(self, origin: Origin, community_name: str) -> str:
        """An address that signs the asker in once, with their role in their community."""
        community = (origin.platform, origin.community_id) if origin.community_id else None
        return self._access.issue_link(
            self._address, origin.user_id, origin.display_name, origin.role, community, community_name
        )
