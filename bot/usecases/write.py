"""Captions: several candidates in one batch, the worst kept away, the rest ranked by relevance and variety."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot import captions
from bot.domain.errors import Reason
from bot.domain.jobs import JobResult
from bot.domain.moderation import Decision, ModerationPolicy, Stage, Verdict
from bot.domain.requests import CaptionRequest
from bot.ports import EngineClient, Moderator, OnProgress
from bot.usecases.made import Made
from bot.usecases.screen import judged
from engines.contract import Embeddings, EngineError, FeatureExtraction, ModelUnavailable, Texts


async def write(
    request: CaptionRequest,
    tone: captions.Tone,
    engine: EngineClient,
    moderator: Moderator,
    model: str,
    policy: ModerationPolicy,
    terms: Sequence[str],
    progress: OnProgress,
    deadline: float,
) -> Made:
    """Write, rank and screen within `deadline` seconds; `model` is what 'default' means, `terms` the owner's own."""
    model = model if request.model == "default" else request.model
    if captions.unsupported(request.topic, model):
        result = JobResult(model=model, texts=(captions.fallback(request.topic, tone),), degraded=True)
        return Made(replace(result, notes=(Reason.of("caption-english-only"),)), Decision(Verdict.ALLOW), Stage.CAPTION)
    asked = captions.build(request.topic, tone, request.count, request.seed or 0, request.model, request.length)
    try:
        texts = await engine.run(asked, progress, deadline)
    except ModelUnavailable:
        if asked.adapter is None:
            raise
        # Removed, damaged, or of another model than the owner chose since: the examples speak for themselves.
        tone = replace(tone, adapter=None)
        asked = captions.build(request.topic, tone, request.count, request.seed or 0, request.model, request.length)
        texts = await engine.run(asked, progress, deadline)
    if not isinstance(texts, Texts):
        raise EngineError("the engine answered a caption request with something else")
    vectors = await _vectors((request.topic, *texts.texts), engine)
    chosen = captions.choose(
        texts.texts, texts.finish_reasons, request.topic, tone, request.count, vectors, request.length
    )
    decisions = await _screened(chosen, moderator, policy, terms)
    allowed = [text for text, decision in zip(chosen, decisions, strict=True) if decision.verdict.passes]
    refused = [decision for decision in decisions if not decision.verdict.passes]
    mildest = min(refused, key=lambda decision: decision.verdict is Verdict.BLOCK, default=Decision(Verdict.ALLOW))
    degraded = not chosen
    if degraded:
        allowed = [captions.fallback(request.topic, tone)]
    result = JobResult(
        model=texts.model,
        seconds=texts.seconds,
        tokens=texts.tokens,
        seed=request.seed,
        texts=tuple(allowed or chosen),
        degraded=degraded,
        notes=(Reason.of("caption-fallback"),) if degraded else (),
    )
    # One caption that the screens dislike is dropped; a human looks only when nothing else is left.
    decision = Decision(Verdict.ALLOW) if allowed else mildest
    return Made(result, decision, Stage.CAPTION, judgements=decisions)


async def _vectors(texts: tuple[str, ...], engine: EngineClient) -> Sequence[Sequence[float]] | None:
    """Embeddings for the ranking; None when the embedder fails: captions are then ranked without it."""
    try:
        answer = await engine.run(FeatureExtraction(texts), deadline=20.0)
    except EngineError:
        return None
    return answer.vectors if isinstance(answer, Embeddings) else None


async def _screened(
    texts: Sequence[str], moderator: Moderator, policy: ModerationPolicy, terms: Sequence[str]
) -> tuple[Decision, ...]:
    """The verdict on each text."""
    questions = (moderator.screen_text(text, terms) for text in texts)
    return tuple(await asyncio.gather(*(judged([question], policy, Stage.CAPTION) for question in questions)))
