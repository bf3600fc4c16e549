"""A community on Discord whose moderators use the page: what its members ask for, and who they are."""

from dataclasses import dataclass, replace

from adapters.web.access import Access
from bot.domain.identity import Origin, Platform, Role
from bot.domain.moderation import Category, ReviewCase
from bot.domain.outcomes import Held
from bot.domain.requests import AvatarRequest, CaptionRequest, MemberRequest
from bot.usecases import appeals, report, review
from bot.usecases.process import process
from tests.adapters.web.conftest import Ranking
from tests.house import House

GUILD = (Platform.DISCORD, "500")
OTHER = (Platform.DISCORD, "900")
NAMES = {"1": "Mo", "2": "Nia", "3": "Olga", "10": "Ada", "11": "Bob", "12": "Cleo"}
MO, NIA, OLGA = "1", "2", "3"
"""Two moderators and the owner."""
ADA = Origin(Platform.DISCORD, "10", "77", "500", "Ada")
BOB = replace(ADA, user_id="11", display_name="Bob")
CLEO = replace(ADA, user_id="12", display_name="Cleo")
STRANGER = replace(ADA, user_id="20", community_id="900", display_name="Stranger")


def appoint(ranks: Ranking) -> None:
    """Discord knows who they are."""
    ranks.roles |= {(*GUILD, MO): Role.MODERATOR, (*GUILD, NIA): Role.MODERATOR, (*GUILD, OLGA): Role.OWNER}


def link(access: Access, base: str, user_id: str, community: tuple[Platform, str] = GUILD) -> str:
    """What the bot gives to a moderator who asks for the page."""
    role = Role.OWNER if user_id == OLGA else Role.MODERATOR
    return access.issue_link(base, user_id, NAMES.get(user_id, "X"), role, community, "Pixel Guild")


@dataclass
class Members:
    """What members do."""

    home: House

    async def held(self, words: str = "hold me please", origin: Origin = ADA) -> str:
        """A prompt that waits for a moderator; answers its case."""
        outcome = await self.home.submit(AvatarRequest(words), origin)
        assert isinstance(outcome, Held), outcome
        return outcome.case_id

    async def drawn(self, request: MemberRequest, origin: Origin = ADA, score: float = 0.0) -> str:
        """Something made, in which the screen of pictures is so sure; answers its job."""
        job = await self.home.accepted(request, origin)
        claimed = await self.home.claim()
        while claimed.id != job.id:
            # What was approved meanwhile is done on the way.
            await process(claimed, self.home.bench)
            claimed = await self.home.claim()
        self.home.moderator.picture_score = score
        await process(claimed, self.home.bench)
        self.home.moderator.picture_score = 0.0
        return job.id

    async def held_picture(self, words: str = "two swimmers", origin: Origin = ADA) -> str:
        """A finished picture that waits; answers its case."""
        job_id = await self.drawn(AvatarRequest(words, seed=7, count=2), origin, 0.72)
        return (await self.of_job(job_id)).id

    async def reported(self, note: str = "this is my brother", origin: Origin = ADA) -> str:
        """Something that passed and was reported by Bob; answers its case."""
        job_id = await self.drawn(CaptionRequest("our team lost again"), origin)
        async with self.home.transaction() as tx:
            job = await tx.jobs.get(job_id)
            assert job
        desk = self.home.desk
        who = BOB if origin is not BOB else ADA
        case = await report.report(who, job_id, note, desk.transactions, desk.clock, desk.events)
        assert case
        return case.id

    async def appealed(self, words: str = "It is a costume.", origin: Origin = ADA, by: str = "discord:1") -> str:
        """A rejection by Mo that its member appeals; answers the appeal's case."""
        first = await self.held("hold me, I am a pirate", origin)
        desk = self.home.desk
        await review.reject(first, by, desk.transactions, desk.events, desk.clock, "not here", reason=Category.VIOLENCE)
        job = (await review.show(first, desk.transactions)).job
        return (await appeals.appeal(origin, job.id, words, desk.transactions, desk.clock, desk.events)).id

    async def of_job(self, job_id: str) -> ReviewCase:
        """The newest case of a job."""
        async with self.home.transaction() as tx:
            return (await tx.reviews.of_job(job_id))[0]

    async def case(self, case_id: str) -> ReviewCase:
        """A case as it is now."""
        return (await review.show(case_id, self.home.desk.transactions)).case
