"""The Bot API's errors, in its own words."""

from typing import Any


class Refusal(Exception):
    """An answer that says no: a status, a description and what a bot may do about it."""

    def __init__(self, status: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {description}")
        self.status = status
        self.body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
        if parameters:
            self.body["parameters"] = parameters


class Gap(Refusal):
    """Something that Telegram does and the stand-in does not: a mistake in the test, not in the bot."""

    def __init__(self, what: str) -> None:
        super().__init__(400, f"Bad Request: the stand-in does not {what} yet")


def bad(text: str, **parameters: Any) -> Refusal:
    """The request itself is wrong."""
    return Refusal(400, f"Bad Request: {text}", parameters)


def forbidden(text: str) -> Refusal:
    """The bot may not."""
    return Refusal(403, f"Forbidden: {text}")


def conflict(text: str) -> Refusal:
    """Somebody else takes the updates."""
    return Refusal(409, f"Conflict: {text}")


def too_many(retry_after: int) -> Refusal:
    """The flood control."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})
