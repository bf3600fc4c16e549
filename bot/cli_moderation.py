"""The commands for moderators and owners: policies, the audit log, and what the screens held."""

from pathlib import Path
from typing import Annotated

import typer

from bot.domain.moderation import CaseStatus
from bot.shell import Json, Out, attempt, load_settings

policies = typer.Typer(no_args_is_help=True, help="What each community's screens hold, refuse and cover.")
audits = typer.Typer(no_args_is_help=True, help="Who decided what.")
reviews = typer.Typer(no_args_is_help=True, help="What the screens held for a human.")

Community = Annotated[str | None, typer.Option(help="'discord:123'; 'discord:' for private chats there.")]


@policies.command("show")
def policy_show(community: Community = None) -> None:
    """Print the policy in force."""
    from bot.moderating import show_policy

    settings = load_settings()
    attempt(show_policy(community, settings), settings, as_json=False)


@policies.command("export")
def policy_export(file: Path, community: Community = None) -> None:
    """Write the policy in force to a TOML file."""
    from bot.moderating import show_policy

    settings = load_settings()
    attempt(show_policy(community, settings, file), settings, as_json=False)


@policies.command("import")
def policy_import(file: Path, community: Community = None) -> None:
    """Put the policy of a TOML file in force."""
    from bot.moderating import import_policy

    settings = load_settings()
    attempt(import_policy(file, community, settings), settings, as_json=False)


@policies.command("preset")
def policy_preset(name: str, community: Community = None) -> None:
    """Put a preset in force: family, standard or adults."""
    from bot.moderating import choose_preset

    settings = load_settings()
    attempt(choose_preset(name, community, settings), settings, as_json=False)


@audits.command("verify")
def audit_verify() -> None:
    """Check that no entry was changed, added in between or cut off."""
    from bot.moderating import verify_audit

    settings = load_settings()
    attempt(verify_audit(settings), settings, as_json=False)


@audits.command("export")
def audit_export(
    days: Annotated[float | None, typer.Option(help="Only so many days back.")] = None, community: Community = None
) -> None:
    """Print the entries, one JSON object a line."""
    from bot.moderating import export_audit

    settings = load_settings()
    attempt(export_audit(settings, days, community), settings, as_json=False)


@reviews.command("list")
def review_list(as_json: Json = False) -> None:
    """Show what waits for a decision."""
    from bot.moderating import list_cases

    settings = load_settings()
    attempt(list_cases(settings, as_json), settings, as_json=False)


@reviews.command("show")
def review_show(case: str, out: Out = Path("out"), as_json: Json = False) -> None:
    """Show one case; its pictures are written to a folder."""
    from bot.moderating import show_case

    settings = load_settings()
    attempt(show_case(case, settings, out, as_json), settings, as_json=False)


@reviews.command("approve")
def review_approve(case: str, note: str = "") -> None:
    """Let it go to its member."""
    from bot.moderating import decide_case

    settings = load_settings()
    attempt(decide_case(case, CaseStatus.APPROVED, note, settings), settings, as_json=False)


@reviews.command("reject")
def review_reject(
    case: str,
    note: str = "",
    reason: Annotated[str | None, typer.Option(help="What it is, where that is not what the screens saw.")] = None,
    strike: Annotated[bool, typer.Option(help="Count it against the member.")] = True,
) -> None:
    """Refuse it; its member is told why."""
    from bot.moderating import decide_case

    settings = load_settings()
    attempt(decide_case(case, CaseStatus.REJECTED, note, settings, reason, strike), settings, as_json=False)


@reviews.command("overturn")
def review_overturn(case: str, note: str = "") -> None:
    """Turn a decision round: what was rejected goes out, what was approved is taken away."""
    from bot.moderating import overturn_case

    settings = load_settings()
    attempt(overturn_case(case, note, settings), settings, as_json=False)
