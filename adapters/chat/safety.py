"""A community's moderation policy as its owner meets it in chat: a preset to choose, and the way to the web page."""

from dataclasses import dataclass, replace

from adapters.chat.wording import Markup, account
from adapters.presentation import Choice
from bot.domain.community_policy import PRESETS, PolicyVersion
from bot.domain.errors import NotFound
from bot.domain.identity import Origin
from bot.i18n import Translator
from bot.usecases import policy
from bot.usecases.submit import Desk


@dataclass(frozen=True, slots=True)
class Safety:
    """The policy in force, and the change that made it; None where nobody changed anything."""

    preset: str
    version: int
    last: PolicyVersion | None

    def said(self, origin: Origin, words: Translator, markup: Markup) -> list[str]:
        """What is in force, since when, by whom; and what each preset means."""
        lines = [f"{markup.strong(words.text('set-safety'))}: {markup.plain(self.read(words))}"]
        if self.last:
            by = account(self.last.created_by, origin.platform, markup)
            lines.append(f"{by} · {markup.moment(self.last.created_at)}")
        lines.append(markup.plain(words.text("set-safety-help")))
        named = [f"{words.text(f'preset-{name}')}: {words.text(f'preset-text-{name}')}" for name in PRESETS]
        return lines + [f"- {markup.plain(text)}" for text in named]

    def read(self, words: Translator) -> str:
        """The same in a few words."""
        return words.text("safety-state", preset=self.preset, version=self.version)


async def safety(origin: Origin, desk: Desk) -> Safety:
    """What is in force where the asker is; anybody's to know who sees the panel."""
    async with desk.transactions() as tx:
        current = await policy.in_force(tx, origin.platform, origin.community_id)
        history = await tx.policies.versions(origin.platform, origin.community_id) if current.version else []
    return Safety(current.preset, current.version, history[0] if history else None)


def presets(words: Translator) -> list[Choice]:
    """What an owner chooses from."""
    return [Choice(name, {words.locale: words.text(f"preset-{name}")}) for name in PRESETS]


async def choose(origin: Origin, name: str, seen: str, desk: Desk) -> Safety:
    """Put a preset in force; Conflict where somebody changed what the owner has `seen` (its version).

    The community's own words stay: no preset knows them.
    """
    if name not in PRESETS or not seen.isdecimal():
        raise NotFound("old-button")
    before = await policy.current(origin, desk.transactions)
    wanted = replace(PRESETS[name], own_terms=before.own_terms)
    await policy.change(origin, wanted, int(seen), desk.transactions, desk.clock)
    return await safety(origin, desk)
