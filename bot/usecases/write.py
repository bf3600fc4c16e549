"""Captions: several candidates in one batch, the worst kept away, the rest ranked by relevance and variety."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot import captions
from bot.domain.errors import Reason
from bot.domain.jobs import JobResult
from bot.domain.moderation import Decision, ModerationPolicy, Stage, Verdict
from bot.domain.policy import Policy
from bot.domain.requests import CaptionRequest
from bot.ports import EngineClient, Moderator, OnProgress
from bot.usecases.made import Made
from bot.usecases.screen import judged
from engines.contract import Embeddings, EngineError, FeatureExtraction, Texts


async def write(
    request: CaptionRequest,
    engine: EngineClient,
    moderator: Moderator,
    policy: Policy,
    progress: OnProgress,
    deadline: float,
) -> Made:
    """Write, rank and screen within `deadline` seconds."""
    tone = captions.tone(request.tone)
    model = policy.text_model if request.model == "default" else request.model
    if captions.unsupported(request.topic, model):
        result = JobResult(model=model, texts=(captions.fallback(request.topic, tone),), degraded=True)
        return Made(replace(result, notes=(Reason.of("caption-english-only"),)), Decision(Verdict.ALLOW), Stage.CAPTION)
    asked = captions.build(request.topic, tone, request.count, request.seed or 0, request.model, request.length)
    texts = await engine.run(asked, progress, deadline)
    if not isinstance(texts, Texts):
        raise EngineError("the engine answered a caption request with something else")
    vectors = await _vectors((request.topic, *texts.texts), engine)
    chosen = captions.choose(
        texts.texts, texts.finish_reasons, request.topic, tone, request.count, vectors, request.length
    )
    allowed, worst = await _screened(chosen, moderator, policy.moderation)
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
    return Made(result, Decision(Verdict.ALLOW) if allowed else worst, Stage.CAPTION)


async def _vectors(texts: tuple[str, ...], engine: EngineClient) -> Sequence[Sequence[float]] | None:
    """Embeddings for the ranking; None when the embedder fails: captions are then ranked without it."""
    try:
        answer = await engine.run(FeatureExtraction(texts), deadline=20.0)
    except EngineError:
        return None
    return answer.vectors if isinstance(answer, Embeddings) else None


async def _screened(texts: Sequence[str], moderator: Moderator, policy: ModerationPolicy) -> tuple[list[str], Decision]:
    """The texts that pass, and the mildest verdict among those that do not."""
    decisions = await asyncio.gather(*(judged([moderator.screen_text(text)], policy) for text in texts))
    allowed = [text for text, decision in zip(texts, decisions, strict=True) if decision.verdict is Verdict.ALLOW]
    refused = [decision for decision in decisions if decision.verdict is not Verdict.ALLOW]
    mildest = min(refused, key=lambda decision: decision.verdict is Verdict.BLOCK, default=Decision(Verdict.ALLOW))
    return allowed, mildest
