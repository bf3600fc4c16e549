"""Who is signed in: one file a session, so that each can be ended, whichever process it began in."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.domain.identity import Platform, Role
from bot.ports import Clock

Community = tuple[Platform, str]
"""A community by its platform and the platform's id for it."""


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in person; `id` differs for each sign-in. Times are seconds since 1970.

    With a `community` it is a moderator whom its platform knows as `user_id`; without one, a member of this page.
    """

    id: str
    user_id: str
    display_name: str
    role: Role
    community: Community | None = None
    community_name: str = ""
    since: float = 0.0
    until: float = 0.0

    @property
    def account(self) -> tuple[Platform, str]:
        """Whom the session belongs to, wherever they signed in."""
        return (self.community[0] if self.community else Platform.WEB), self.user_id


class Sessions:
    """Sessions in a folder (mode 700), each in a file named by the hash of its id."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._clock = clock

    def begin(self, session: Session) -> None:
        """Remember it; those that are over are forgotten on the way."""
        now = self._clock.now()
        for path, other in self._all():
            if other.until < now:
                path.unlink(missing_ok=True)
        with os.fdopen(os.open(self._path(session.id), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(_written(session), file)

    def get(self, session_id: str) -> Session | None:
        """The session; None when it has ended."""
        session = _read(self._path(session_id))
        return session if session and session.until >= self._clock.now() else None

    def everybody(self) -> list[Session]:
        """All that go on, newest first."""
        now = self._clock.now()
        current = [session for _, session in self._all() if session.until >= now]
        return sorted(current, key=lambda session: session.since, reverse=True)

    def end(self, session_id: str) -> None:
        """From now on its cookie is worth nothing."""
        self._path(session_id).unlink(missing_ok=True)

    def end_all(self, account: tuple[Platform, str]) -> None:
        """The same for every session of one account."""
        for path, session in self._all():
            if session.account == account:
                path.unlink(missing_ok=True)

    def _all(self) -> Iterator[tuple[Path, Session]]:
        for path in list(self._folder.iterdir()):
            if session := _read(path):
                yield path, session

    def _path(self, session_id: str) -> Path:
        return self._folder / hashlib.sha256(session_id.encode("utf-8", "replace")).hexdigest()


def _written(session: Session) -> dict[str, object]:
    return {
        "id": session.id,
        "user": session.user_id,
        "name": session.display_name,
        "role": session.role.value,
        "community": session.community,
        "community_name": session.community_name,
        "since": session.since,
        "until": session.until,
    }


def _read(path: Path) -> Session | None:
    try:
        content = json.loads(path.read_text())
        community = content["community"]
        return Session(
            content["id"],
            content["user"],
            content["name"],
            Role(content["role"]),
            (Platform(community[0]), community[1]) if community else None,
            content["community_name"],
            content["since"],
            content["until"],
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
