"""What is said about one person's accounts on several platforms: the same everywhere."""

from collections.abc import Sequence

from bot.domain.errors import Reason
from bot.domain.identity import Origin
from bot.domain.link import Account, LinkCode, Linked
from bot.i18n import Translator
from bot.usecases import link
from bot.usecases.submit import Desk


def of_code(code: LinkCode, now: float) -> Reason:
    """The code, and what to do with it."""
    return Reason.of("link-code", code=code.code, minutes=max(1, round((code.expires_at - now) / 60)))


def of_linked(linked: Linked, words: Translator) -> Reason:
    """Who is one person now."""
    return Reason.of("link-done", name=linked.name, platforms=_named(linked.accounts, words))


def of_accounts(accounts: Sequence[Account], words: Translator) -> tuple[Reason, ...]:
    """Which accounts are linked; nothing where there is only one."""
    return (Reason.of("link-accounts", platforms=_named(accounts, words)),) if len(accounts) > 1 else ()


async def typed(code: str, origin: Origin, desk: Desk, words: Translator) -> tuple[Reason, ...]:
    """The answer to /link, with a code or without."""
    if code:
        return (of_linked(await link.redeem(origin, code, desk.transactions, desk.clock), words),)
    issued = await link.issue(origin, desk.transactions, desk.clock)
    accounts = await link.accounts(origin, desk.transactions)
    return of_code(issued, desk.clock.now()), *of_accounts(accounts, words)


def _named(accounts: Sequence[Account], words: Translator) -> str:
    return ", ".join(words.text(f"platform-{platform.value}") for platform, _ in accounts)
