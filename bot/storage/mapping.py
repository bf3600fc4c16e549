"""Rows to domain values and back; the only place that knows both."""

from dataclasses import asdict, fields
from typing import Any

from bot.domain.community import AgePolicy, CommunityRules
from bot.domain.consent import Answer, Consent
from bot.domain.draft import Draft
from bot.domain.errors import Reason
from bot.domain.identity import Origin, Platform, Role
from bot.domain.jobs import (
    REQUESTS,
    Artifact,
    Delivery,
    DeliveryStatus,
    Job,
    JobResult,
    JobStatus,
    Lease,
    Settlement,
)
from bot.domain.moderation import CaseStatus, Category, ReviewCase, Signal, Stage
from bot.domain.requests import AvatarRequest, MemberRequest, Source
from bot.storage.connection import AnyRow


def request_to_json(request: MemberRequest) -> dict[str, Any]:
    """A request without the bytes of its pictures: those live in the artifact store."""
    return {f.name: _source_to_json(getattr(request, f.name)) for f in fields(request) if f.name != "image"}


def request_from_json(kind: str, value: dict[str, Any]) -> MemberRequest:
    """The inverse of request_to_json."""
    return REQUESTS[kind](**{name: _source_from_json(some) for name, some in value.items()})


def _source_to_json(value: Any) -> Any:
    if isinstance(value, Source):
        return {"artifact_id": value.artifact_id}
    return [_source_to_json(each) for each in value] if isinstance(value, tuple) else value


def _source_from_json(value: Any) -> Any:
    if isinstance(value, dict):
        return Source(**value)
    return tuple(_source_from_json(each) for each in value) if isinstance(value, list) else value


def reason_to_json(reason: Reason) -> dict[str, Any]:
    """A sentence by id and arguments."""
    return {"message": reason.message, "arguments": dict(reason.arguments)}


def reason_from_json(value: dict[str, Any]) -> Reason:
    """The inverse of reason_to_json."""
    return Reason.of(value["message"], **value["arguments"])


def result_to_json(result: JobResult) -> dict[str, Any]:
    """What the engine made, without pictures."""
    return asdict(result) | {"notes": [reason_to_json(note) for note in result.notes]}


def result_from_json(value: dict[str, Any]) -> JobResult:
    """The inverse of result_to_json."""
    notes = tuple(reason_from_json(note) for note in value["notes"])
    return JobResult(**(value | {"texts": tuple(value["texts"]), "notes": notes}))


def origin_from_json(value: dict[str, Any]) -> Origin:
    """The inverse of dataclasses.asdict."""
    return Origin(**(value | {"platform": Platform(value["platform"]), "role": Role(value["role"])}))


def rules_to_json(rules: CommunityRules) -> dict[str, Any]:
    """A community's rules; sets as sorted lists."""
    values = {f.name: getattr(rules, f.name) for f in fields(rules)}
    plain = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in values.items()}
    return plain | {"member_day": {role.value: limit for role, limit in rules.member_day.items()}}


def rules_from_json(value: dict[str, Any]) -> CommunityRules:
    """The inverse of rules_to_json."""
    sets = {name: frozenset(some) for name, some in value.items() if isinstance(some, list)}
    day = {Role(role): limit for role, limit in value["member_day"].items()}
    return CommunityRules(**(value | sets | {"member_day": day, "age_policy": AgePolicy(value["age_policy"])}))


def signal_from_json(value: dict[str, Any]) -> Signal:
    """The inverse of dataclasses.asdict."""
    return Signal(**(value | {"category": Category(value["category"])}))


def job_to_row(job: Job) -> dict[str, Any]:
    """A new row; leases and results come later, by Jobs.move."""
    return {
        "id": job.id,
        "kind": job.kind,
        "member_id": job.member_id,
        "platform": job.origin.platform.value,
        "token": job.origin.token or None,
        "origin": asdict(job.origin),
        "request": request_to_json(job.request),
        "uploads": list(job.uploads) or None,
        "units": job.units,
        "status": job.status.value,
        "settlement": job.settlement.value,
        "created_at": job.created_at,
        "deadline_at": job.deadline_at,
        "parent_id": job.parent_id,
    }


def job_from_row(row: AnyRow) -> Job:
    """A job as it is now."""
    return Job(
        id=row.id,
        member_id=row.member_id,
        origin=origin_from_json(row.origin),
        request=request_from_json(row.kind, row.request),
        units=row.units,
        status=JobStatus(row.status),
        settlement=Settlement(row.settlement),
        created_at=row.created_at,
        deadline_at=row.deadline_at,
        attempts=row.attempts,
        lease=Lease(row.lease_owner, row.lease_until) if row.lease_owner and row.lease_until else None,
        cancel_requested=row.cancel_requested,
        started_at=row.started_at,
        finished_at=row.finished_at,
        approved=row.approved,
        result=result_from_json(row.result) if row.result else None,
        error=reason_from_json(row.error) if row.error else None,
        parent_id=row.parent_id,
        uploads=tuple(row.uploads or ()),
    )


def artifact_to_row(artifact: Artifact) -> dict[str, Any]:
    """A new row, but for its member: that is the job's."""
    values = asdict(artifact)
    values["position"] = values.pop("index")
    del values["member_id"]
    return values


def artifact_from_row(row: AnyRow) -> Artifact:
    """A picture's description."""
    return Artifact(index=row.position, **{f.name: getattr(row, f.name) for f in fields(Artifact) if f.name != "index"})


def delivery_from_row(row: AnyRow) -> Delivery:
    """An outbox row with the origin of its job."""
    return Delivery(
        id=row.id,
        job_id=row.job_id,
        told=JobStatus(row.told),
        origin=origin_from_json(row.origin),
        status=DeliveryStatus(row.status),
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        created_at=row.created_at,
    )


def case_from_row(row: AnyRow) -> ReviewCase:
    """A review case."""
    return ReviewCase(
        id=row.id,
        job_id=row.job_id,
        stage=Stage(row.stage),
        cause=signal_from_json(row.cause),
        status=CaseStatus(row.status),
        opened_at=row.opened_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        note=row.note,
        reason=Category(row.reason) if row.reason else None,
        **{name: getattr(row, name) for name in _CASEWORK},
    )


_CASEWORK = (
    "strike",
    "settles_at",
    "settled_at",
    "overturned_at",
    "claimed_by",
    "claimed_until",
    "escalated_at",
    "second_wanted_by",
    "first_case_id",
)


def consent_from_row(row: AnyRow) -> Consent:
    """A question for somebody's picture."""
    return Consent(
        id=row.id,
        origin=origin_from_json(row.origin),
        subject_user_id=row.subject_user_id,
        request=AvatarRequest(**row.request),
        created_at=row.created_at,
        answer=Answer(row.answer) if row.answer else None,
    )


def draft_to_row(draft: Draft) -> dict[str, Any]:
    """A draft as it is now."""
    values = {f.name: getattr(draft, f.name) for f in fields(Draft)}
    origin = {"origin": asdict(draft.origin), "platform": draft.origin.platform.value, "user_id": draft.origin.user_id}
    return values | origin | {"options": dict(draft.options)}


def draft_from_row(row: AnyRow) -> Draft:
    """The inverse of draft_to_row."""
    values = {f.name: getattr(row, f.name) for f in fields(Draft)}
    return Draft(**(values | {"origin": origin_from_json(row.origin)}))
