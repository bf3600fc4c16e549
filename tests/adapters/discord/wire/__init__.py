"""A stand-in Discord for tests: real HTTP and a real gateway on the loopback, with people who use the bot."""

from tests.adapters.discord.wire.guilds import Community
from tests.adapters.discord.wire.payloads import File
from tests.adapters.discord.wire.people import Person
from tests.adapters.discord.wire.server import INVITED, StandIn
from tests.adapters.discord.wire.shown import Shown
from tests.adapters.discord.wire.turns import Turn

__all__ = ["INVITED", "Community", "File", "Person", "Shown", "StandIn", "Turn"]
