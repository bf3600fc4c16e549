"""The community's own voice: its examples, whether it is on offer, and what was trained on them."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from adapters.web.channel import OnSite
from adapters.web.moderation.gate import Decides, Owns, Reads
from adapters.web.moderation.page import page
from adapters.web.site import is_htmx
from adapters.web.visitor import Form
from bot.domain.voice import CAPTION_LIMIT, FEWEST, MOST, NAME_LIMIT, TOPIC_LIMIT, TrainedVoice
from bot.usecases import voice
from bot.usecases.docket import known

router = APIRouter(prefix="/moderation/voice")
SAMPLES = 3
"""Topics of which the page shows what each way of writing made."""


@router.get("")
async def show(request: Request, me: Reads, site: OnSite) -> Response:
    """All examples, newest first, and what may be done with them."""
    if me.place is None or me.place[1] is None:
        return await page(request, site, me, "choose.html", "voice")
    found = await voice.collection(me.origin(), site.deps.desk)
    return await page(
        request,
        site,
        me,
        "voice.html",
        "voice",
        found=found,
        newest=tuple(reversed(found.examples)),
        samples=_samples(found.trained),
        may_collect=me.owner or found.rules.voice_by_moderators,
        fewest=FEWEST,
        most=MOST,
        limits={"topic": TOPIC_LIMIT, "caption": CAPTION_LIMIT, "name": NAME_LIMIT},
        names=await known([each.added_by for each in found.examples], site.deps.desk.transactions),
    )


@router.post("/examples")
async def add(request: Request, form: Form, me: Decides, site: OnSite) -> Response:
    """One more."""
    texts = _texts(form)
    await voice.add(me.origin(), texts.get("topic", ""), texts.get("caption", ""), site.deps.desk, me.by)
    return _again(request)


@router.post("/examples/{example_id}")
async def change(request: Request, form: Form, me: Decides, site: OnSite, example_id: str) -> Response:
    """Other words."""
    topic, caption = (_texts(form).get(name, "") for name in ("topic", "caption"))
    await voice.change(me.origin(), example_id, topic, caption, site.deps.desk, me.by)
    return _again(request)


@router.post("/examples/{example_id}/remove")
async def remove(request: Request, form: Form, me: Decides, site: OnSite, example_id: str) -> Response:
    """One less."""
    await voice.remove(me.origin(), example_id, site.deps.desk, me.by)
    return _again(request)


@router.post("")
async def settle(request: Request, form: Form, me: Owns, site: OnSite) -> Response:
    """The name, and what is on."""
    texts = _texts(form)
    await voice.settle(
        me.origin(),
        site.deps.desk,
        name=texts.get("name", ""),
        on="on" in texts,
        trained="trained" in texts,
        by_moderators="by_moderators" in texts,
        by=me.by,
    )
    return _again(request)


def _samples(trained: tuple[TrainedVoice, ...]) -> list[tuple[str, ...]]:
    """What the newest adapter wrote, beside what examples in the prompt led to, topic by topic."""
    if not trained:
        return []
    ways = [trained[0].samples.get(way, ()) for way in ("few_shot", "adapter")]
    return list(zip(*ways, strict=False))[:SAMPLES]


def _texts(form: FormData) -> Mapping[str, Any]:
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _again(request: Request) -> Response:
    target = "/moderation/voice"
    return Response(headers={"HX-Redirect": target}) if is_htmx(request) else RedirectResponse(target, 303)
