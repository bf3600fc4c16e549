"""One line typed in the terminal, from words to what it leads to."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from adapters import pictures
from adapters.asking import request_from
from adapters.commandline import COMMANDS, Offer, parse
from adapters.console.screen import Screen, Working
from adapters.linking import typed
from adapters.presentation import Choice, Reply, named, of_outcome, of_quota, of_view
from bot.domain.errors import Conflict, HuashenError, NotFound, Reason
from bot.domain.identity import Origin
from bot.domain.jobs import Artifact, Job, JobStatus, JobView, kind_of
from bot.domain.outcomes import Accepted, Outcome, Refused
from bot.domain.requests import AvatarRequest, MemberRequest, prompt_of
from bot.usecases import account, remake
from bot.usecases.family import family
from bot.usecases.find import find
from bot.usecases.follow import follow
from bot.usecases.mix import choose
from bot.usecases.pick import NUMBERED, picked
from bot.usecases.preview import ScreenedEvents
from bot.usecases.submit import Desk, submit

LEAVE = frozenset({"/quit", "/exit", "/q"})
LENGTHS = frozenset({"/shorter", "/longer"})
OF_PICTURES = ("choose", "refine", "family")
"""What only the terminal has to be typed for: elsewhere these are buttons under a picture."""
TO_CHOOSE_FROM = 5
"""Pictures from which on one grid is shown, with numbers, in place of each."""


@dataclass
class Session:
    """One person at the terminal. Pictures are written into `out`; `last` is what /again repeats."""

    desk: Desk
    origin: Origin
    screen: Screen
    out: Path
    styles: tuple[Choice, ...]
    tones: tuple[Choice, ...]
    models: Mapping[str, Collection[str]] = field(default_factory=dict)
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
        verb, _, rest = line.partition(" ")
        if verb.lower().removeprefix("/") in OF_PICTURES and verb.startswith("/"):
            await self._of_picture(verb.lower().removeprefix("/"), rest.strip())
            return
        command = parse(line)
        match command.name:
            case "help":
                for name in (*COMMANDS, *OF_PICTURES, "again", "shorter", "longer", "quit"):
                    self.screen.say(f"help-{name}")
            case "quota":
                state = await account.quota(self.origin, self.desk.transactions, self.desk.clock, self.desk.policy)
                self.screen.say(of_quota(state, self.desk.clock.now()))
            case "link":
                for sentence in await typed(command.text, self.origin, self.desk, self.screen.words):
                    self.screen.say(sentence)
            case "gallery":
                self._list(await account.gallery(self.origin, self.desk.transactions), "gallery-empty-text")
            case "find":
                await self._find(command.text)
            case _:
                offer = Offer([style.key for style in self.styles], [tone.key for tone in self.tones], self.models)
                request = await request_from(command, offer, self.origin, self.desk)
                await self._follow(await submit(request, self.origin, self.desk), request)

    async def _follow(self, outcome: Outcome, request: MemberRequest) -> None:
        if not isinstance(outcome, Accepted):
            self.screen.say(of_outcome(outcome).message, "red" if isinstance(outcome, Refused) else "yellow")
            return
        kind = kind_of(request)
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
        several = len(reply.attachments) >= TO_CHOOSE_FROM
        images = []
        for picture in reply.attachments:
            image = await self.desk.artifacts.get(picture.artifact.name)
            images.append(image)
            path = self.out / picture.filename
            await asyncio.to_thread(_write, path, image)
            if not several:
                self.screen.picture(image, str(path), self._facts(reply) if picture is reply.attachments[-1] else "")
        if several:
            path = self.out / f"{view.job.kind}-{view.job.id[:8]}.webp"
            grid = await asyncio.to_thread(pictures.grid, images)
            await asyncio.to_thread(_write, path, grid)
            self.screen.picture(grid, str(path), self._facts(reply))
            self.screen.say(reply.message)
        if reply.texts:
            self.screen.write(f"  {self._facts(reply)}", "dim")
        for note in reply.notes:
            self.screen.say(note, "yellow")

    def _facts(self, reply: Reply) -> str:
        words, choices = self.screen.words, {"style": self.styles, "tone": self.tones}
        return " · ".join(words.text(named(fact, choices, words.locale)) for fact in reply.facts)

    def _list(
        self, found: Sequence[tuple[Artifact, Job]], empty: str, numbers: Mapping[str, int] | None = None
    ) -> None:
        """Pictures by their numbers in the gallery, or by the beginning of their id where they have none."""
        if not found:
            self.screen.say(empty, "dim")
        for place, (artifact, job) in enumerate(found, 1):
            name = place if numbers is None else numbers.get(artifact.id, artifact.id[:8])
            seed = self.screen.words.text(Reason.of("fact-seed", seed=artifact.seed))
            self.screen.write(f"  {name:>8}  {seed:>16}  {_one_line(artifact, job)}")

    async def _find(self, words: str) -> None:
        found = await find(words, self.origin, self.desk)
        self._list([(artifact, job) for artifact, job, _ in found], "find-nothing", await self._numbers())

    async def _numbers(self) -> dict[str, int]:
        pictures = await account.gallery(self.origin, self.desk.transactions, NUMBERED)
        return {artifact.id: number for number, (artifact, _) in enumerate(pictures, 1)}

    async def _of_picture(self, verb: str, name: str) -> None:
        """`/choose 3` is of the last result; the others are of the gallery."""
        if verb == "choose":
            made = self.last.artifacts if self.last else ()
            if not name.isdecimal() or not 1 <= int(name) <= len(made):
                raise NotFound("picture-number", number=name[:40], count=len(made))
            await choose(self.origin, made[int(name) - 1].id, self.desk.transactions)
            self.screen.say("choose-done")
            return
        (source,) = await picked(self.origin, [name], self.desk.transactions)
        artifact_id = source.artifact_id or ""
        if verb == "refine":
            outcome = await remake.refine(artifact_id, self.origin, self.desk)
            await self._follow(outcome, AvatarRequest("-"))
            return
        tree, numbers = await family(self.origin, artifact_id, self.desk.transactions), await self._numbers()
        if not tree.parents and not tree.children:
            self.screen.say("family-alone", "dim")
        for title, relatives in (("family-parents", tree.parents), ("family-children", tree.children)):
            if relatives:
                self.screen.say(title)
                self._list(relatives, "", numbers)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _one_line(artifact: Artifact, job: Job) -> str:
    words = prompt_of(job.request) or artifact.alt or job.kind
    return words if len(words) <= 80 else f"{words[:79]}…"
