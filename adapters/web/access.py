"""Who may come in: one-time links, signed sessions, and the tokens that prove a form is ours.

A link is a file named by the hash of its secret. Redeeming it is removing that file, which succeeds exactly
once whichever process made the link and however often we were restarted.
"""

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path

from itsdangerous import BadData, URLSafeTimedSerializer

from adapters.web.sessions import Community, Session, Sessions
from bot.domain.identity import Platform, Role
from bot.ports import Clock

LINK_LIFETIME = 15 * 60
"""Seconds until an unused link is worth nothing."""
SESSION_LIFETIME = 30 * 86_400
"""Seconds until a member must ask for a new link."""
MODERATOR_LIFETIME = 8 * 3600
"""The same for a community's moderator."""


class Access:
    """Issues and redeems links, reads sessions. `folder` (mode 700) holds the key and the open links."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._links = folder / "links"
        self._links.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self.sessions = Sessions(folder / "sessions", clock)
        self._clock = clock
        self._key = _key(folder / "session.key")
        self._signer = URLSafeTimedSerializer(self._key, salt="session")

    def issue_link(
        self,
        base_url: str,
        user_id: str = "owner",
        display_name: str = "",
        role: Role = Role.OWNER,
        community: Community | None = None,
        community_name: str = "",
    ) -> str:
        """An address that signs one person in, once, within LINK_LIFETIME seconds.

        With a `community` it leads a moderator, whom its platform knows as `user_id`, to the cases of that community.
        """
        self._sweep()
        token = secrets.token_urlsafe(32)
        content = {
            "user": user_id,
            "name": display_name or user_id.capitalize(),
            "role": role.value,
            "community": community,
            "community_name": community_name,
            "until": self._clock.now() + LINK_LIFETIME,
        }
        with os.fdopen(os.open(self._link(token), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(content, file)
        return f"{base_url.rstrip('/')}/signin?token={token}"

    def redeem(self, token: str) -> Session | None:
        """A new session for a link's token; None when it was used, too old, or never ours."""
        path, now = self._link(token), self._clock.now()
        try:
            content = json.loads(path.read_text())
            # Of two visitors with one link only one can remove the file.
            path.unlink()
        except (FileNotFoundError, ValueError):
            return None
        if content["until"] < now:
            return None
        # A link of before there were moderators' has no community.
        platform, community_id = content.get("community") or (None, "")
        session = Session(
            secrets.token_urlsafe(16),
            content["user"],
            content["name"],
            Role(content["role"]),
            (Platform(platform), community_id) if platform else None,
            content.get("community_name", ""),
            now,
            now + (MODERATOR_LIFETIME if platform else SESSION_LIFETIME),
        )
        self.sessions.begin(session)
        return session

    def seal(self, session: Session) -> str:
        """The session as a signed cookie value."""
        return self._signer.dumps(session.id)

    def open(self, cookie: str | None) -> Session | None:
        """The session in a cookie; None when it is missing, forged, too old or was ended."""
        try:
            session_id = self._signer.loads(cookie or "", max_age=SESSION_LIFETIME)
        except BadData:
            return None
        return self.sessions.get(session_id) if isinstance(session_id, str) else None

    def csrf(self, session: Session) -> str:
        """The token that this session's forms carry."""
        return hmac.new(self._key, f"csrf:{session.id}".encode(), hashlib.sha256).hexdigest()

    def csrf_matches(self, session: Session, token: str) -> bool:
        """Whether a form came from a page that we made for this session."""
        return hmac.compare_digest(self.csrf(session).encode(), token.encode("utf-8", "replace"))

    @staticmethod
    def new_form_token() -> str:
        """What makes one form unlike every other, so that sending it twice is noticed."""
        return secrets.token_urlsafe(12)

    def _link(self, token: str) -> Path:
        return self._links / hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

    def _sweep(self) -> None:
        for path in self._links.iterdir():
            try:
                if json.loads(path.read_text())["until"] < self._clock.now():
                    path.unlink(missing_ok=True)
            except (FileNotFoundError, ValueError):
                continue


def _key(path: Path) -> bytes:
    """The secret behind every cookie, made on first use and readable by this user alone."""
    draft = path.with_name(f".{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(32))
    try:
        # Of two processes that start at once one wins, and neither ever reads half a key.
        os.link(draft, path)
    except FileExistsError:
        path.chmod(0o600)
    finally:
        draft.unlink()
    return path.read_bytes()
