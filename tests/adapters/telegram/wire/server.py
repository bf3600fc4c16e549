"""The stand-in Telegram: one server on the loopback, with everything a bot asks for and the people who use it."""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.adapters.telegram.wire.api import Api, Asked
from tests.adapters.telegram.wire.chats import ADMINISTRATOR, Chat, Member, User
from tests.adapters.telegram.wire.faults import Faults
from tests.adapters.telegram.wire.groups import Group
from tests.adapters.telegram.wire.limits import Flood, Limits
from tests.adapters.telegram.wire.messages import Message
from tests.adapters.telegram.wire.people import Person
from tests.adapters.telegram.wire.said import Said, spoken
from tests.adapters.telegram.wire.shown import Shown
from tests.adapters.telegram.wire.spec import specification
from tests.adapters.telegram.wire.updates import Updates
from tests.adapters.telegram.wire.webhook import Webhook
from tests.adapters.telegram.wire.world import World

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw8"


class StandIn:
    """Telegram, as far as a bot can tell. Use it as a context manager; it listens on a free port."""

    def __init__(self, *, limits: Limits | None = None, token: str = TOKEN, query_lifetime: float = 15.0) -> None:
        self.token = token
        self.bot_user = User(int(token.split(":")[0]), "Huashen", "huashen_bot", is_bot=True)
        self.faults = Faults()
        self.world = World(self.bot_user, Updates(self._judge), query_lifetime)
        self.webhook = Webhook(self.world.updates)
        self.api = Api(self.world, self.webhook, self.faults, Flood(limits) if limits else None, token)
        self.api.spec = specification()
        self.fail, self.hang, self.drop = self.faults.fail, self.faults.hang, self.faults.drop
        self._runner: web.AppRunner | None = None

    # ------------------------------------------------------------------ the server

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**27)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        app.router.add_route("*", "/bot{token}/{method}", self.api.handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.base_url = f"http://{host}:{port}/bot"
        self.base_file_url = f"http://{host}:{port}/file/bot"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.webhook.stop()
        if self._runner:
            await self._runner.cleanup()

    async def _file(self, request: web.Request) -> web.Response:
        data = self.world.store.at(request.match_info["path"])
        if self.down:
            return web.json_response({"ok": False, "error_code": 502, "description": "Bad Gateway"}, status=502)
        if data is None or request.match_info["token"] != self.token:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.Response(body=data, content_type="application/octet-stream")

    def _judge(self, kind: str, value: Any) -> None:
        self.api.judge(kind, value)

    @property
    def down(self) -> bool:
        """Whether nothing is answered but 502."""
        return self.faults.down

    @down.setter
    def down(self, down: bool) -> None:
        self.faults.down = down

    def forward(self, public: str, local: str) -> None:
        """What a reverse proxy does for a webhook: https://bot.example.org is really http://127.0.0.1:8080."""
        self.webhook.routes[public.rstrip("/")] = local.rstrip("/")

    # ------------------------------------------------------------------- the world

    def user(self, name: str, *, language: str = "en", started: bool = True) -> Person:
        """Somebody, who has talked to the bot in private or not."""
        person = Person(self.world, self.world.new_user(name, language))
        if started:
            person.dm.members[self.bot_user.id] = Member()
        return person

    def group(
        self,
        title: str = "Home",
        *,
        supergroup: bool = True,
        forum: bool = False,
        bot: bool = True,
        privacy: bool = True,
    ) -> Group:
        """A new group with an owner, with the bot in it or not."""
        chat = self.world.new_chat("supergroup" if supergroup else "group", title, forum=forum, privacy=privacy)
        group = Group(self.world, chat, self.user("Owner", started=False))
        if bot:
            group.add_bot()
        return group

    def channel(self, title: str = "News") -> Chat:
        """A channel that the bot is an administrator of."""
        chat = self.world.new_chat("channel", title)
        chat.members[self.bot_user.id] = Member("administrator", ADMINISTRATOR | {"can_post_messages": True})
        return chat

    async def channel_post(self, channel: Chat, text: str) -> Shown:
        """Somebody posts in a channel."""
        return Shown(self.world, self.world.post(Message(channel.id, 0, spoken(text), sender_chat_id=channel.id)))

    def age(self, shown: Shown | Said, seconds: float) -> None:
        """A message is so much older."""
        self.world.chats[shown.chat_id].messages[shown.id].date -= int(seconds)

    # ---------------------------------------------------------------- what happened

    @property
    def violations(self) -> list[str]:
        """What the bot asked, and what was answered, against Telegram's description of its API."""
        return self.api.violations

    @property
    def floods(self) -> list[Asked]:
        """The requests that the flood control refused."""
        return self.api.floods

    def asked(self, method: str = "") -> list[Asked]:
        """The bot's requests, of one method or of all."""
        return [asked for asked in self.api.asked if method in ("", asked.method)]

    def commands(self, scope: str = "default", language: str = "") -> dict[str, str]:
        """The commands that were set, with descriptions. A scope is written as 'chat -100123' or 'chat_member -1 2'."""
        commands = self.world.profile.get(("commands", scope, language), ())
        return {command["command"]: command["description"] for command in commands}

    def profile(self, name: str, language: str = "") -> str | None:
        """The bot's name, description or short_description in a language; None where none was set."""
        text: str | None = self.world.profile.get((name, "", language))
        return text

    def actions(self, chat: Any) -> list[str]:
        """The chat actions shown in a chat."""
        return [action for _, chat_id, action in self.world.actions if chat_id == chat.id]

    def messages(self, chat: Any) -> list[Shown]:
        """Every message that stands in a chat, the oldest first."""
        messages = self.world.chats[chat if isinstance(chat, int) else chat.id].messages.values()
        return [Shown(self.world, message) for message in messages if not message.deleted]

    def from_bot(self, chat: Any) -> list[Shown]:
        """The bot's own among them."""
        return [shown for shown in self.messages(chat) if shown.by_bot]

    async def message(self, chat: Any, wanted: Callable[[Shown], Any] = lambda _: True, timeout: float = 5.0) -> Shown:
        """Wait for the bot's first message in a chat that is as wanted; what stands instead is in the error."""
        try:
            shown: Shown = await self.until(
                lambda: next((shown for shown in self.from_bot(chat) if wanted(shown)), None), timeout
            )
        except TimeoutError:
            raise TimeoutError(f"after {timeout} s: {self.from_bot(chat)}") from None
        return shown

    async def until(self, holds: Callable[[], Any], timeout: float = 5.0) -> Any:
        """Wait until something holds."""
        return await self.world.until(holds, timeout)
