"""A stand-in Telegram for tests: a real Bot API server on the loopback, with people who use the bot."""

from tests.adapters.telegram.wire.api import Asked
from tests.adapters.telegram.wire.crowd import Crowd, Report
from tests.adapters.telegram.wire.groups import Group
from tests.adapters.telegram.wire.limits import Limits
from tests.adapters.telegram.wire.people import Person
from tests.adapters.telegram.wire.queries import Pressed, Queried
from tests.adapters.telegram.wire.said import Said
from tests.adapters.telegram.wire.server import StandIn
from tests.adapters.telegram.wire.shown import Shown

__all__ = ["Asked", "Crowd", "Group", "Limits", "Person", "Pressed", "Queried", "Report", "Said", "Shown", "StandIn"]
