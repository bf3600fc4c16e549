"""A way to the web page that remembers for whom it was opened."""

from dataclasses import dataclass, field

from bot.domain.identity import Origin


@dataclass
class FakeDoor:
    """Gives a new address each time."""

    local: bool = True
    opened: list[tuple[Origin, str]] = field(default_factory=list)

    def link(self, origin: Origin, community_name: str) -> str:
        """An address nobody else has."""
        self.opened.append((origin, community_name))
        return f"http://127.0.0.1:8080/signin?token=secret-{len(self.opened)}"
