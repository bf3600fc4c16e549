"""Tells a member what became of a job: in the message that lived for it, or where that cannot be, privately.

Idempotent by delivery id, because all it does is edit (see answer.py). Only an album is sent anew, and remembered
before anything else is done.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from telegram import Message

from adapters import pictures
from adapters.chat.gallery import contents
from adapters.chat.living import Living
from adapters.chat.refusals import reply_to
from adapters.chat.wording import Style
from adapters.presentation import of_view
from adapters.telegram.answer import Answers
from adapters.telegram.budget import Priority
from adapters.telegram.deps import TelegramDeps
from adapters.telegram.outlet import MessageGone, NoRight, Outlet
from adapters.telegram.page import MARKUP, Keyboard, Page, Photo
from adapters.telegram.place import Place, message_ids, standing
from adapters.telegram.render import compose
from bot.domain.identity import Origin, Platform
from bot.domain.jobs import Artifact, Delivery, Job, JobStatus, JobView
from bot.domain.requests import CaptionRequest, MixRequest
from bot.i18n import translator
from bot.ports import AddresseeGone, PlatformBusy
from bot.usecases import community
from bot.usecases.effects import TAKEN_AWAY

TRIES = 3
"""Messages that are begun for one answer when each is deleted at once."""


class TelegramMessenger:
    """The outbox's way to Telegram."""

    platform = Platform.TELEGRAM
    at_once = 256
    """Deliveries on their way at once: most of them wait for their chat's next second, which costs nothing."""

    def __init__(self, deps: TelegramDeps, outlet: Outlet, answers: Answers, living: Living[Page]) -> None:
        self._deps = deps
        self._outlet = outlet
        self._answers = answers
        self._living = living

    async def deliver(self, delivery: Delivery, view: JobView) -> Origin | None:
        """Send it; answers where the answer stands. Raises PlatformBusy or AddresseeGone."""
        self._answers.withdraw(view.job.id)
        await self._living.finish(view.job.id)
        job = await self._answers.job(view.job.id)
        view = replace(view, job=replace(view.job, origin=job.origin))
        if job.error in TAKEN_AWAY:
            return await self._removed(view)
        page = await self.page(view)
        try:
            return await self._stand(view, job.origin, page)
        except AddresseeGone as refusal:
            return await self._privately(view, page, refusal)

    async def style(self, origin: Origin) -> Style:
        """How messages are written for a member, at a place."""
        rules = await community.rules(origin, self._deps.desk.transactions)
        return Style.under(rules, origin, self._deps.choices(rules))

    async def page(self, view: JobView) -> Page:
        """A job as it stands, as a whole message."""
        images = await contents(view.artifacts, self._deps.desk.artifacts)
        kept = tuple(artifact for artifact in view.artifacts if artifact.id in images)
        handles = await self._handles(kept)
        style = await self.style(view.job.origin)
        reply = await reply_to(replace(view, artifacts=kept), self._deps.desk)
        known = [handles.get(artifact.id) for artifact in kept]
        return await asyncio.to_thread(compose, reply, style, view.job, list(images.values()), known)

    async def refresh(self, view: JobView) -> None:
        """The message that answers a job, as the job stands now; nothing is lost where that fails."""
        with suppress(PlatformBusy, AddresseeGone):
            if message_ids(view.job.origin):
                await self._answers.show(view.job.id, view.job.origin, await self.page(view), Priority.ANSWER)

    async def take_out(self, view: JobView, artifact: Artifact) -> None:
        """One picture disappears from the message that shows it; the last one takes the message along."""
        origin = view.job.origin
        if not (ids := message_ids(origin)):
            # It was made on another platform, or nothing stands any more.
            return
        place, (_, *below) = Place.of(origin.channel_id), ids
        with suppress(PlatformBusy, AddresseeGone):
            if view.artifacts and isinstance(view.job.request, MixRequest):
                await self._answers.show(view.job.id, origin, await self.page(view), Priority.ANSWER)
            elif view.artifacts and artifact.index < len(below):
                await self._outlet.delete(place, [below[artifact.index]])
                await self._answers.show(view.job.id, origin, await self.page(view), Priority.ANSWER)
            else:
                await self.take_away(view.job, "pictures-deleted")

    async def _removed(self, view: JobView) -> Origin | None:
        """What was shown disappears; its member hears of it alone, or where that cannot be, with the others.

        Said again after a crash, it takes away what it said before: one message is left.
        """
        job, asked = view.job, view.job.origin
        page = await self.page(view)
        if not await self.take_away(job, keyboard=page.keyboard):
            return asked
        home = Place(int(asked.user_id))
        there = replace(asked, channel_id=home.channel_id, parent_channel_id=None, message_id="", token="")
        alone = replace(view, job=replace(job, request=replace(job.request, private=True)))
        try:
            await self._answers.remember(job.id, there)
            return await self._stand(view, there, await self.page(alone))
        except AddresseeGone:
            here = replace(asked, message_id="")
            await self._answers.remember(job.id, here)
            # Where nothing stood, a word about it would only call attention.
            return await self._stand(view, here, page) if message_ids(asked) else None

    async def take_away(self, job: Job, sentence: str = "job-removed", keyboard: Keyboard = ()) -> bool:
        """What was shown disappears; where Telegram lets us delete no more, something else stands in its place.

        Answers whether nothing is left.
        """
        ids = message_ids(job.origin)
        place = Place.of(job.origin.channel_id)
        if not ids or await self._outlet.delete(place, ids):
            return True
        said = MARKUP.plain(translator(job.origin.locale).text(sentence))
        blank = Photo(await asyncio.to_thread(pictures.blank), "gone.png")
        words, *below = ids
        alone = not isinstance(job.request, CaptionRequest) and not below
        pages = {words: Page((said,), blank if alone else None, keyboard)} | dict.fromkeys(below, Page((), blank))
        for message_id, page in pages.items():
            with suppress(MessageGone, AddresseeGone):
                await self._outlet.edit(place, message_id, page, Priority.RESULT)
        return False

    async def _stand(self, view: JobView, origin: Origin, page: Page) -> Origin:
        """The message says how it ended, and pictures stand in it or below it."""
        job, place = view.job, Place.of(origin.channel_id)
        _, *below = message_ids(origin) or [0]
        first = await self._not_yet(job) if job.status is JobStatus.READY else page
        for _ in range(TRIES):
            origin, new = await self._answers.place(job.id, origin, first, Priority.RESULT)
            if new and first is page:
                return origin
            words = message_ids(origin)[0]
            try:
                if page.album and not below:
                    sent = await self._answers.below(job.id, origin, page)
                    below = [message.message_id for message in sent]
                    await self.learn(view.artifacts, sent)
                if below:
                    origin = standing(origin, place, [words, *below])
                    await self._answers.remember(job.id, origin)
                edited = await self._outlet.edit(place, words, page, Priority.RESULT)
            except MessageGone:
                # Somebody deleted it: the answer needs another message, the pictures below it do not.
                origin = replace(origin, message_id="")
                await self._answers.remember(job.id, origin)
                continue
            if page.photo and edited and len(view.artifacts) == 1:
                await self.learn(view.artifacts, [edited])
            return origin
        raise AddresseeGone("no message stays there")

    async def _not_yet(self, job: Job) -> Page:
        """What a new message says until it is known to be there: said twice, it says nothing wrong."""
        working = replace(job, status=JobStatus.RUNNING, cancel_requested=False)
        page = compose(of_view(JobView(working)), await self.style(job.origin), working)
        return replace(page, keyboard=())

    async def _privately(self, view: JobView, page: Page, refusal: AddresseeGone) -> Origin:
        """The member gets it alone, if they ever spoke to the bot; the message in the group says so if it may."""
        asked = view.job.origin
        home = Place(int(asked.user_id))
        if Place.of(asked.channel_id) == home:
            raise refusal
        words, ids = translator(asked.locale), message_ids(asked)
        there = replace(asked, channel_id=home.channel_id, parent_channel_id=None, message_id="", token="")
        try:
            await self._answers.remember(view.job.id, there)
            moved = await self._stand(view, there, page)
        except AddresseeGone:
            await self._answers.remember(view.job.id, asked)
            sentence = "telegram-no-photos" if isinstance(refusal, NoRight) else None
            if sentence and ids:
                await self._say(asked, ids[0], words.text(sentence))
            raise
        if ids:
            await self._say(asked, ids[0], words.text("telegram-in-private"))
        return moved

    async def _say(self, origin: Origin, message_id: int, sentence: str) -> None:
        with suppress(PlatformBusy, AddresseeGone, MessageGone):
            page = Page((MARKUP.plain(sentence),))
            await self._outlet.edit(Place.of(origin.channel_id), message_id, page, Priority.RESULT)

    async def _handles(self, artifacts: Sequence[Artifact]) -> dict[str, str]:
        async with self._deps.desk.transactions() as tx:
            return await tx.handles.of(Platform.TELEGRAM, [artifact.id for artifact in artifacts])

    async def learn(self, artifacts: Sequence[Artifact], messages: Sequence[Message]) -> None:
        """Telegram keeps what it was sent: inline mode and a second sending need no upload."""
        async with self._deps.desk.transactions() as tx:
            for artifact, message in zip(artifacts, messages, strict=False):
                if media := message.animation or (message.photo[-1] if message.photo else None):
                    await tx.handles.put(Platform.TELEGRAM, artifact.id, media.file_id)
            await tx.commit()
