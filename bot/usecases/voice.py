"""A community's own tone: its examples are collected and seen here, and become the tone that captions are asked in."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from bot.captions.catalogue import Tone
from bot.captions.own import own_tone, relevant
from bot.domain.audit import Detail
from bot.domain.community import CommunityRules
from bot.domain.errors import Conflict, InvalidRequest, NotAllowed, NotFound
from bot.domain.identity import Origin, Role
from bot.domain.moderation import Stage
from bot.domain.requests import OWN_TONE, CaptionRequest, clean_text
from bot.domain.voice import FEWEST, MOST, NAME_LIMIT, ToneExample, TrainedVoice
from bot.ports import EngineClient, Transactions, UnitOfWork, Voices
from bot.usecases import account, audit
from bot.usecases.policy import in_force
from bot.usecases.screen import judged
from bot.usecases.submit import Desk
from engines.contract import Embeddings, EngineError, FeatureExtraction

CONSIDERED = 60
"""The newest examples among which the fitting ones are looked for: embedding more would keep the member waiting."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A community's examples, oldest first, what it decided about them, and what was trained, newest first."""

    examples: tuple[ToneExample, ...]
    rules: CommunityRules
    trained: tuple[TrainedVoice, ...]

    @property
    def used(self) -> TrainedVoice | None:
        """The adapter that captions are written with, if any."""
        return offered(self.trained) if self.rules.voice_trained else None


def offered(trained: Sequence[TrainedVoice]) -> TrainedVoice | None:
    """The newest that proved better than the examples alone."""
    return next((each for each in trained if each.against is None), None)


async def collection(origin: Origin, desk: Desk) -> Collection:
    """All of it, for its owner and moderators."""
    community_id = await _allowed(origin, desk.transactions, reading=True)
    async with desk.transactions() as tx:
        rules = await tx.communities.get(origin.platform, community_id)
        examples = await tx.tone_examples.all(origin.platform, community_id)
    trained = await desk.voices.trained(origin.platform, community_id)
    return Collection(tuple(examples), rules, tuple(trained))


async def add(origin: Origin, topic: str, caption: str, desk: Desk, by: str = "") -> int:
    """Take in an example; answers how many there are then. With the third the tone is on offer.

    `by` is the account that is written down where it is not the asker's: the machine's owner owns every community.
    """
    return await add_all(origin, [(topic, caption)], desk, by)


async def add_all(origin: Origin, pairs: Sequence[tuple[str, str]], desk: Desk, by: str = "") -> int:
    """Take in several, all or none; those that are there already are left out, unless there is nothing else."""
    community_id = await _allowed(origin, desk.transactions)
    now, by = desk.clock.now(), by or origin.asker
    # A microsecond apart, so that they stay in the order in which they came.
    dated = [(now + index / 1e6, *pair) for index, pair in enumerate(pairs)]
    wanted = [ToneExample(uuid4().hex, topic, caption, by, at) for at, topic, caption in dated]
    for each in wanted:
        await _screen(each, origin, desk)
    async with desk.transactions() as tx:
        # Whoever adds holds the community's rules, so that the limit cannot be passed by two at once.
        rules = await tx.communities.get(origin.platform, community_id, to_change=True)
        there = await tx.tone_examples.all(origin.platform, community_id)
        known = {_same(each) for each in there}
        fresh = list({_same(each): each for each in wanted if _same(each) not in known}.values())
        if not fresh:
            raise Conflict("example-known")
        count = len(there) + len(fresh)
        if count > MOST:
            raise InvalidRequest("examples-full", limit=MOST)
        for each in fresh:
            await tx.tone_examples.add(origin.platform, community_id, each)
        if len(there) < FEWEST <= count:
            await tx.communities.put(origin.platform, community_id, replace(rules, voice=True), by, now)
        for each in fresh:
            await _log(tx, origin, by, now, "tone-example-add", each.id)
        await tx.commit()
    return count


def read_lines(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Topics and captions of a JSONL file; InvalidRequest names the first line that is none."""
    pairs = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                value = json.loads(line)
                topic, caption = value["topic"], value["caption"]
            except (ValueError, KeyError, TypeError, RecursionError):
                raise InvalidRequest("example-line-wrong", line=number) from None
            if not isinstance(topic, str) or not isinstance(caption, str):
                raise InvalidRequest("example-line-wrong", line=number)
            pairs.append((topic, caption))
    if not pairs:
        raise InvalidRequest("example-empty")
    if len(pairs) > MOST:
        raise InvalidRequest("examples-full", limit=MOST)
    return pairs


async def approve(origin: Origin, job_id: str, position: int, desk: Desk) -> int:
    """'Sounds like us': take in a caption that was written here, by its place in the answer from 0."""
    await _allowed(origin, desk.transactions)
    job = (await account.shown(origin, job_id, desk.transactions)).job
    texts = job.result.texts if job.result else ()
    if not isinstance(job.request, CaptionRequest) or job.origin.community != origin.community:
        raise NotFound("not-a-caption")
    if not 0 <= position < len(texts):
        raise NotFound("old-button")
    return await add(origin, job.request.topic, texts[position], desk)


async def change(origin: Origin, example_id: str, topic: str, caption: str, desk: Desk, by: str = "") -> None:
    """Other words for an example."""
    community_id, now = await _allowed(origin, desk.transactions), desk.clock.now()
    example = ToneExample(example_id, topic, caption, by, now)
    await _screen(example, origin, desk)
    async with desk.transactions() as tx:
        if not await tx.tone_examples.change(origin.platform, community_id, example):
            raise NotFound("example-not-found")
        await _log(tx, origin, by, now, "tone-example-change", example_id)
        await tx.commit()


async def remove(origin: Origin, example_id: str, desk: Desk, by: str = "") -> int:
    """Forget an example; answers how many are left. With fewer than three the tone is no longer on offer."""
    community_id, now = await _allowed(origin, desk.transactions), desk.clock.now()
    async with desk.transactions() as tx:
        rules = await tx.communities.get(origin.platform, community_id, to_change=True)
        if not await tx.tone_examples.remove(origin.platform, community_id, example_id):
            raise NotFound("example-not-found")
        left = len(await tx.tone_examples.all(origin.platform, community_id))
        if rules.voice and left < FEWEST:
            await tx.communities.put(origin.platform, community_id, _ended(rules), by or origin.asker, now)
        await _log(tx, origin, by, now, "tone-example-remove", example_id)
        await tx.commit()
    return left


async def settle(
    origin: Origin, desk: Desk, *, name: str, on: bool, trained: bool, by_moderators: bool, by: str = ""
) -> CommunityRules:
    """What the owner decides: the tone's name, whether it is on offer, what writes it, and who may collect for it."""
    community_id, now = await _allowed(origin, desk.transactions), desk.clock.now()
    if origin.role is not Role.OWNER:
        raise NotAllowed("owners-only")
    name = clean_text(name)
    if len(name) > NAME_LIMIT:
        raise InvalidRequest("example-too-long", limit=NAME_LIMIT, length=len(name))
    async with desk.transactions() as tx:
        before = await tx.communities.get(origin.platform, community_id, to_change=True)
        if on and len(await tx.tone_examples.all(origin.platform, community_id)) < FEWEST:
            raise InvalidRequest("examples-too-few", fewest=FEWEST)
        rules = replace(before, voice_name=name, voice_trained=trained, voice_by_moderators=by_moderators, voice=on)
        rules = rules if on else _ended(rules)
        await tx.communities.put(origin.platform, community_id, rules, by or origin.asker, now)
        detail: dict[str, Detail] = {"name": name, "on": on, "trained": trained, "by_moderators": by_moderators}
        await audit.log(tx, now, by or origin.asker, origin.community, "tone-settle", "voice", **detail)
        await tx.commit()
    return rules


async def learned(origin: Origin, name: str, against: str | None, desk: Desk, by: str = "") -> None:
    """Write down that something was trained, and whether it is used."""
    await _allowed(origin, desk.transactions)
    now = desk.clock.now()
    async with desk.transactions() as tx:
        await audit.log(tx, now, by or origin.asker, origin.community, "tone-train", name, against=against)
        await tx.commit()


async def tone_of(origin: Origin, topic: str, engine: EngineClient, transactions: Transactions, voices: Voices) -> Tone:
    """A community's own tone, for one topic; InvalidRequest where there is none any more."""
    if not origin.community_id:
        raise InvalidRequest("tone-not-offered", tone=OWN_TONE)
    async with transactions() as tx:
        rules = await tx.communities.get(origin.platform, origin.community_id)
        examples = await tx.tone_examples.all(origin.platform, origin.community_id)
    if len(examples) < FEWEST:
        raise InvalidRequest("tone-not-offered", tone=OWN_TONE)
    newest = examples[-CONSIDERED:]
    trained = offered(await voices.trained(origin.platform, origin.community_id)) if rules.voice_trained else None
    shown = relevant(newest, await _vectors([topic, *(each.topic for each in newest)], engine))
    return own_tone(examples, shown, trained.name if trained else None)


async def _vectors(texts: Sequence[str], engine: EngineClient) -> Sequence[Sequence[float]] | None:
    """Embeddings; None when the embedder fails: the newest examples are shown then."""
    try:
        answer = await engine.run(FeatureExtraction(tuple(texts)), deadline=20.0)
    except EngineError:
        return None
    return answer.vectors if isinstance(answer, Embeddings) else None


async def _allowed(origin: Origin, transactions: Transactions, *, reading: bool = False) -> str:
    """The community whose voice the asker may look at, or form."""
    if not origin.community_id:
        raise InvalidRequest("community-needed")
    if not origin.role.at_least(Role.MODERATOR):
        raise NotAllowed("moderators-only")
    if origin.role is not Role.OWNER and not reading:
        async with transactions() as tx:
            if not (await tx.communities.get(origin.platform, origin.community_id)).voice_by_moderators:
                raise NotAllowed("owners-only")
    return origin.community_id


async def _screen(example: ToneExample, origin: Origin, desk: Desk) -> None:
    """What would not go out as a caption is no example either."""
    async with desk.transactions() as tx:
        policy = await in_force(tx, origin.platform, origin.community_id)
    questions = [desk.moderator.screen_text(text, policy.own_terms) for text in (example.topic, example.caption)]
    decision = await judged(questions, policy.of(origin), Stage.CAPTION)
    if not decision.verdict.passes:
        category = decision.cause.category.value if decision.cause else ""
        raise InvalidRequest("example-refused", topic=example.topic, category=category)


async def _log(tx: UnitOfWork, origin: Origin, by: str, now: float, action: str, example_id: str) -> None:
    await audit.log(tx, now, by or origin.asker, origin.community, action, f"example {example_id}")


def _same(example: ToneExample) -> tuple[str, str]:
    return example.topic.casefold(), example.caption.casefold()


def _ended(rules: CommunityRules) -> CommunityRules:
    """Without the tone, also where it was the usual one."""
    usual = CommunityRules().default_tone if rules.default_tone == OWN_TONE else rules.default_tone
    return replace(rules, voice=False, default_tone=usual)
