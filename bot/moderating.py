"""What `huashen policy`, `huashen audit` and `huashen review` do, between settings and an Answer."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.bootstrap import Application, application, migrate
from bot.domain.community_policy import CommunityPolicy
from bot.domain.errors import InvalidRequest, Reason
from bot.domain.identity import Platform, Role
from bot.domain.jobs import JobView
from bot.domain.moderation import CaseStatus, Category
from bot.oneshot import DONE, FAILURE, Answer, save_pictures, terminal_origin
from bot.policies import from_toml, to_toml
from bot.settings import Settings
from bot.usecases import audit, policy, review
from bot.usecases.review import CaseView


def place(community: str | None) -> tuple[Platform, str | None]:
    """'discord:123' as a platform and a community's id there; 'discord:' is its private chats, None the terminal."""
    name, _, community_id = (community or f"{Platform.CONSOLE.value}:").partition(":")
    if name not in set(Platform):
        raise InvalidRequest("community-unknown", value=(community or "")[:40], known=", ".join(Platform))
    return Platform(name), community_id or None


async def show_policy(community: str | None, settings: Settings, file: Path | None = None) -> Answer:
    """`huashen policy show` and `export`."""
    platform, community_id = place(community)
    async with _application(settings) as app, app.desk.transactions() as tx:
        text = to_toml(await policy.in_force(tx, platform, community_id))
    if file is None:
        print(text, end="")
        return Answer(DONE, {})
    try:
        await asyncio.to_thread(file.write_text, text, encoding="utf-8")
    except OSError as error:
        raise InvalidRequest("file-unwritable", file=str(file)) from error
    return Answer(DONE, {}, Reason.of("policy-exported", file=str(file)))


async def import_policy(file: Path, community: str | None, settings: Settings) -> Answer:
    """`huashen policy import`."""
    try:
        text = await asyncio.to_thread(file.read_text, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequest("file-unreadable", file=str(file)) from error
    return await _put(from_toml(text), community, settings, file.name)


async def choose_preset(name: str, community: str | None, settings: Settings) -> Answer:
    """`huashen policy preset`."""
    return await _put(policy.preset(name), community, settings, f"preset {name}")


async def _put(chosen: CommunityPolicy, community: str | None, settings: Settings, note: str) -> Answer:
    platform, community_id = place(community)
    async with _application(settings) as app:
        desk, by = app.desk, terminal_origin(settings).asker
        made = await policy.put(platform, community_id, chosen, by, desk.transactions, desk.clock, note)
    return Answer(DONE, {}, Reason.of("policy-saved", version=made.version))


async def verify_audit(settings: Settings) -> Answer:
    """`huashen audit verify`."""
    async with _application(settings) as app:
        broken = await audit.verify(app.desk.transactions)
    if broken is None:
        return Answer(DONE, {}, Reason.of("audit-whole"))
    return Answer(FAILURE, {}, Reason.of("audit-broken", seq=broken))


async def export_audit(settings: Settings, days: float | None, community: str | None) -> Answer:
    """`huashen audit export`."""
    async with _application(settings) as app:
        since = app.desk.clock.now() - days * 86_400 if days is not None else 0.0
        async for entry in audit.export(app.desk.transactions, since, community):
            print(json.dumps(asdict(entry), ensure_ascii=False), flush=True)
    return Answer(DONE, {})


async def list_cases(settings: Settings, as_json: bool) -> Answer:
    """`huashen review list`."""
    async with application(settings, engines=False) as app:
        views = await review.cases(app.desk.transactions)
    for view in views:
        print(json.dumps(_case(view), ensure_ascii=False) if as_json else _line(view), flush=True)
    return Answer(DONE, {}, None if views or as_json else Reason.of("review-empty"))


async def show_case(case_id: str, settings: Settings, out: Path, as_json: bool) -> Answer:
    """`huashen review show`."""
    async with application(settings, engines=False) as app:
        view = await review.show(case_id, app.desk.transactions)
        files = await save_pictures(JobView(view.job, view.artifacts), app, out)
    row = _case(view) | {"files": [str(file) for file in files]}
    if as_json:
        print(json.dumps(row, ensure_ascii=False), flush=True)
        return Answer(DONE, {})
    for name, value in row.items():
        print(f"{name:10}{value}")
    return Answer(DONE, {})


async def decide_case(
    case_id: str, status: CaseStatus, note: str, settings: Settings, reason: str | None = None, strike: bool = True
) -> Answer:
    """`huashen review approve` and `reject`: the machine's owner is everybody's owner."""
    by = terminal_origin(settings).asker
    approved = status is CaseStatus.APPROVED
    async with application(settings, engines=False) as app:
        desk = app.desk
        ports = desk.transactions, desk.events, desk.clock
        if approved:
            await review.approve(case_id, by, *ports, desk.policy, note, role=Role.OWNER)
        else:
            why = _category(reason) if reason else None
            await review.reject(case_id, by, *ports, note, role=Role.OWNER, reason=why, strike=strike)
    return Answer(DONE, {}, Reason.of("case-approved" if approved else "case-rejected"))


async def overturn_case(case_id: str, note: str, settings: Settings) -> Answer:
    """`huashen review overturn`."""
    by = terminal_origin(settings).asker
    async with application(settings, engines=False) as app:
        desk = app.desk
        ports = desk.transactions, desk.events, desk.clock
        view = await review.overturn(case_id, by, *ports, desk.policy, note, role=Role.OWNER)
    return Answer(DONE, {}, Reason.of(f"case-{view.case.status.value}"))


@asynccontextmanager
async def _application(settings: Settings) -> AsyncIterator[Application]:
    """The house on an up-to-date database, without its engines."""
    await migrate(settings)
    async with application(settings, engines=False) as app:
        yield app


def _category(name: str) -> Category:
    try:
        return Category(name)
    except ValueError:
        raise InvalidRequest("category-unknown", value=name[:40], known=", ".join(Category)) from None


def _case(view: CaseView) -> dict[str, Any]:
    case, job = view.case, view.job
    request = job.request
    return {
        "case": case.id,
        "kind": job.kind,
        "stage": case.stage.value,
        "category": case.cause.category.value,
        "score": round(case.cause.score, 3),
        "source": case.cause.source,
        "evidence": case.cause.evidence,
        "member": f"{job.origin.platform.value}:{job.origin.display_name or job.origin.user_id}",
        "words": getattr(request, "prompt", None) or getattr(request, "topic", ""),
        "texts": list(job.result.texts) if job.result else [],
        "status": case.status.value,
        "opened_at": case.opened_at,
    }


def _line(view: CaseView) -> str:
    row = _case(view)
    return f"{row['case'][:8]}  {row['stage']:8}{row['category']:14}{row['score']:<7}{row['member']:20}  {row['words']}"
