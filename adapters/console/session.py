"""One line typed in the terminal, from words to what it leads to."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from adapters.commandline import COMMANDS, Offer, build, parse
from adapters.console.screen import Screen, Working
from adapters.linking import typed
from adapters.presentation import Choice, Reply, named, of_outcome, of_quota, of_view
from bot.domain.errors import Conflict, HuashenError, Reason
from bot.domain.identity import Origin
from bot.domain.jobs import JobStatus, JobView
from bot.domain.outcomes import Accepted, Outcome, Refused
from bot.domain.requests import MemberRequest
from bot.usecases import account, remake
from bot.usecases.follow import follow
from bot.usecases.preview import ScreenedEvents
from bot.usecases.submit import Desk, submit

LEAVE = frozenset({"/quit", "/exit", "/q"})
LENGTHS = frozenset({"/shorter", "/longer"})


@dataclass
class Session:
    """One person at the terminal. Pictures are written into `out`; `last` is what /again repeats."""

    desk: Desk
    origin: Origin
    screen: Screen
    out: Path
    styles: tuple[Choice, ...]
    tones: tuple[Choice, ...]
    last: JobView | None = None
    shown: set[str] = field(default_factory=set)
    """Jobs whose end was printed here already, so that their delivery need not be."""
    working: asyncio.Task[None] | None = None

    async def type(self, line: str) -> bool:
        """Do what a line says; False when it says goodbye. What cannot be done is one printed sentence."""
        if line.strip().lower() in LEAVE:
            return False
        self.working = asyncio.create_task(self._do(line.strip()))
        try:
            await self.working
        except asyncio.CancelledError:
            if not self.working.cancelled():
                raise
        except HuashenError as error:
            self.screen.say(error.reason, "red")
        finally:
            self.working = None
        return True

    def interrupt(self) -> bool:
        """Stop what is being made; False when nothing is."""
        return self.working is not None and self.working.cancel()

    async def _do(self, line: str) -> None:
        if not line:
            return
        if line.lower() == "/again" and self.last:
            job = self.last.job
            await self._follow(await remake.again(job.id, self.origin, self.desk), job.request)
            return
        if line.lower() in LENGTHS and self.last:
            job = self.last.job
            longer = line.lower() == "/longer"
            await self._follow(await remake.in_length(job.id, longer, self.origin, self.desk), job.request)
            return
        command = parse(line)
        match command.name:
            case "help":
                for name in (*COMMANDS, "again", "shorter", "longer", "quit"):
                    self.screen.say(f"help-{name}")
            case "quota":
                state = await account.quota(self.origin, self.desk.transactions, self.desk.clock, self.desk.policy)
                self.screen.say(of_quota(state, self.desk.clock.now()))
            case "link":
                for sentence in await typed(command.text, self.origin, self.desk, self.screen.words):
                    self.screen.say(sentence)
            case "gallery":
                await self._gallery()
            case name:
                offer = Offer([style.key for style in self.styles], [tone.key for tone in self.tones])
                request = build(name or "avatar", command.text, command.options, offer)
                await self._follow(await submit(request, self.origin, self.desk), request)

    async def _follow(self, outcome: Outcome, request: MemberRequest) -> None:
        if not isinstance(outcome, Accepted):
            self.screen.say(of_outcome(outcome).message, "red" if isinstance(outcome, Refused) else "yellow")
            return
        kind = type(request).__name__.removesuffix("Request").lower()
        self.shown.add(outcome.job_id)
        desk = self.desk
        events = ScreenedEvents(self.origin, desk.events, desk.moderator, desk.transactions)
        try:
            with Working(self.screen, kind, request.count) as working:
                working.wait(of_outcome(outcome).message)
                view = await follow(self.origin, outcome.job_id, desk.transactions, events, working.tell)
        except asyncio.CancelledError:
            status = None
            with suppress(Conflict):
                status = await account.cancel(
                    self.origin, outcome.job_id, self.desk.transactions, self.desk.events, self.desk.clock
                )
            begun = Reason.of("job-cancelled-begun", units=outcome.units)
            self.screen.say("job-cancelled" if status is JobStatus.CANCELLED else begun, "dim")
            raise
        self.last = view
        await self.show(view)

    async def show(self, view: JobView) -> None:
        """What became of a job, its pictures written to files."""
        reply = of_view(view)
        if not reply.attachments and not reply.texts:
            self.screen.say(reply.message, "yellow")
        self.screen.captions(reply.texts)
        for picture in reply.attachments:
            image = await self.desk.artifacts.get(picture.artifact.name)
            path = self.out / picture.filename
            await asyncio.to_thread(_write, path, image)
            self.screen.picture(image, str(path), self._facts(reply) if picture is reply.attachments[-1] else "")
        if reply.texts:
            self.screen.write(f"  {self._facts(reply)}", "dim")
        for note in reply.notes:
            self.screen.say(note, "yellow")

    def _facts(self, reply: Reply) -> str:
        words, choices = self.screen.words, {"style": self.styles, "tone": self.tones}
        return " · ".join(words.text(named(fact, choices, words.locale)) for fact in reply.facts)

    async def _gallery(self) -> None:
        pictures = await account.gallery(self.origin, self.desk.transactions)
        if not pictures:
            self.screen.say("gallery-empty-text", "dim")
        for artifact, job in pictures:
            seed = self.screen.words.text(Reason.of("fact-seed", seed=artifact.seed))
            self.screen.write(f"  {seed:>16}  {_one_line(job.request)}")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _one_line(request: MemberRequest) -> str:
    words = getattr(request, "prompt", "") or getattr(request, "topic", "")
    return words if len(words) <= 80 else f"{words[:79]}…"
