"""The stand-in Discord, tried with a small discord.py client of its own."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord as dpy
import pytest
from discord import app_commands

from tests.adapters.discord.wire import INVITED, File, StandIn
from tests.adapters.discord.wire.client import pointed, running
from tests.adapters.discord.wire.spec import specification
from tests.fakes import png


class Question(dpy.ui.Modal, title="A question"):
    answer: dpy.ui.TextInput = dpy.ui.TextInput(label="Answer", custom_id="answer")

    async def on_submit(self, interaction: dpy.Interaction) -> None:
        await interaction.response.send_message(f"You said {self.answer.value}")


class Buttons(dpy.ui.View):
    @dpy.ui.button(label="Again", custom_id="again")
    async def again(self, interaction: dpy.Interaction, _: dpy.ui.Button) -> None:
        await interaction.response.edit_message(content="again!")

    @dpy.ui.select(custom_id="pick", options=[dpy.SelectOption(label="Red", value="r"), dpy.SelectOption(label="Blue")])
    async def pick(self, interaction: dpy.Interaction, menu: dpy.ui.Select) -> None:
        await interaction.response.send_message(f"picked {menu.values[0]}", ephemeral=True)


class Bot(dpy.Client):
    """Draws at once; the rest is there to be pressed."""

    def __init__(self) -> None:
        super().__init__(intents=dpy.Intents(guilds=True, guild_messages=True, dm_messages=True))
        self.tree = app_commands.CommandTree(self)
        self.caught: list[BaseException] = []
        self.seen: list[dpy.Interaction] = []

    async def setup_hook(self) -> None:
        @self.tree.command()
        @app_commands.allowed_installs(guilds=True, users=True)
        @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
        async def draw(
            interaction: dpy.Interaction, prompt: app_commands.Range[str, 1, 100], like: dpy.Attachment | None = None
        ) -> None:
            """Draw."""
            self.seen.append(interaction)
            await interaction.response.defer()
            data = await like.read() if like else png()
            picture = dpy.File(io.BytesIO(data), "picture.png", description=prompt)
            await interaction.edit_original_response(content=prompt, attachments=[picture], view=Buttons())

        @draw.autocomplete("prompt")
        async def suggest(_: dpy.Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=f"{typed} knight", value=f"{typed} knight")]

        @self.tree.command()
        async def ask(interaction: dpy.Interaction) -> None:
            """Ask."""
            await interaction.response.send_modal(Question())

        @self.tree.command()
        async def hold(interaction: dpy.Interaction) -> None:
            """Do nothing yet."""
            self.seen.append(interaction)

        @self.tree.context_menu(name="Whose")
        async def whose(interaction: dpy.Interaction, user: dpy.User) -> None:
            await interaction.response.send_message(f"that is {user.name}", ephemeral=True)

        @self.tree.context_menu(name="Quote")
        async def quote(interaction: dpy.Interaction, message: dpy.Message) -> None:
            await interaction.response.send_message(message.content, ephemeral=True)

        await self.tree.sync()


@pytest.fixture
async def bot(discord: StandIn) -> AsyncIterator[Bot]:
    client = Bot()
    async with pointed(discord.api_base, discord.gateway_url, discord.cdn_base), running(client, discord.token):
        await discord.online()
        yield client


async def test_a_command_is_deferred_edited_and_answered_with_a_file(discord: StandIn, bot: Bot) -> None:
    ada = discord.guild().member("Ada", locale="de")
    turn = await ada.slash("draw", prompt="a knight", like=File("me.png", png("red")))
    shown = await turn.answered()
    assert (await turn.acknowledged()).type == 5
    assert turn.acknowledgements == 1
    assert turn.wait is not None
    assert turn.wait < 1
    assert shown.content == "a knight"
    assert shown.files == [png("red")]
    assert shown.attachments[0]["description"] == "a knight"
    assert shown.attachments[0]["width"] == 64
    assert [len(change.message["attachments"]) for change in shown.changes] == [0, 1]
    seen = bot.seen[0]
    assert seen.locale is dpy.Locale.german
    assert seen.guild_locale is dpy.Locale.american_english
    assert seen.app_permissions.attach_files
    assert seen.is_guild_integration()


async def test_buttons_menus_modals_menus_of_people_and_completion(discord: StandIn, bot: Bot) -> None:
    guild = discord.guild()
    ada, bo = guild.member("Ada"), guild.member("Bo")
    assert await ada.complete("draw", "prompt", "a") == [{"name": "a knight", "value": "a knight"}]
    shown = await (await ada.slash("draw", prompt="a knight")).answered()
    await (await ada.press(shown, "Again")).acknowledged()
    assert shown.content == "again!"
    assert shown.files == [png()]
    picked = await (await ada.choose(shown, "Red")).answered()
    assert picked.content == "picked r"
    assert picked.ephemeral
    asked = await ada.slash("ask")
    await asked.acknowledged()
    assert (await (await ada.submit(asked, {"answer": "yes"})).answered()).content == "You said yes"
    assert (await (await ada.user_menu("Whose", bo)).answered()).content == "that is Bo"
    said = await bo.say("hello")
    assert (await (await ada.message_menu("Quote", said)).answered()).content == "hello"


async def test_a_person_brings_the_app_where_the_bot_is_not(discord: StandIn, bot: Bot) -> None:
    elsewhere = discord.guild("Elsewhere", bot=False)
    ada, bo = elsewhere.member("Ada", installed=True), elsewhere.member("Bo")
    assert not bo.offered("draw")
    await (await ada.slash("draw", prompt="a knight")).answered()
    await (await ada.slash("draw", ada.dm, prompt="a knight")).answered()
    await (await ada.slash("draw", discord.private_channel(ada, bo), prompt="a knight")).answered()
    assert [seen.context.dm_channel for seen in bot.seen] == [False, True, False]
    assert [seen.context.private_channel for seen in bot.seen] == [False, False, True]
    assert all(seen.is_user_integration() for seen in bot.seen)
    assert not bot.guilds


async def test_a_socket_that_breaks_is_resumed_and_nothing_is_lost(discord: StandIn, bot: Bot) -> None:
    ada = discord.guild().member("Ada")
    discord.drop_sockets()
    turn = await ada.slash("draw", prompt="a knight")
    await turn.answered(timeout=10)
    assert (discord.gateway.identified, discord.gateway.resumed) == (1, 1)


async def test_a_session_that_is_no_longer_valid_is_begun_anew(discord: StandIn, bot: Bot) -> None:
    discord.guild()
    discord.gateway.invalidate()
    await discord.until(lambda: discord.gateway.identified == 2, 15)


async def refused(what: Any) -> tuple[int, int]:
    with pytest.raises(dpy.HTTPException) as error:
        await what
    return error.value.status, error.value.code


async def held(discord: StandIn, bot: Bot) -> tuple[Any, dpy.Interaction]:
    turn = await discord.guild().member("Ada").slash("hold")
    await discord.until(lambda: discord.gateway.connected)
    while not bot.seen:
        await asyncio.sleep(0.01)
    return turn, bot.seen[0]


async def test_an_answer_can_be_too_late_or_one_too_many(discord: StandIn, bot: Bot) -> None:
    discord.world.ack_limit = 0.2
    turn, late = await held(discord, bot)
    await asyncio.sleep(0.3)
    assert await refused(late.response.send_message("late")) == (404, 10062)
    assert turn.failed
    discord.world.ack_limit = 3.0
    bot.seen.clear()
    turn, twice = await held(discord, bot)
    await twice.response.send_message("once")
    twice.response._response_type = None
    assert await refused(twice.response.send_message("twice")) == (400, 40060)
    assert turn.acknowledgements == 2
    discord.expire(turn)
    assert await refused(twice.edit_original_response(content="expired")) == (401, 50027)
    assert turn.expired


async def test_what_a_channel_does_not_allow_is_refused(discord: StandIn, bot: Bot) -> None:
    guild = discord.guild()
    ada = guild.member("Ada")
    channel = await bot.fetch_channel(guild.general.id)
    embed = dpy.Embed(title="x")
    sent = await channel.send("hello", nonce="7")
    assert sent.content == "hello"
    guild.forbid(guild.general, embed_links=True)
    assert await refused(channel.send(embed=embed)) == (403, 50013)
    guild.forbid(guild.general, view_channel=True)
    assert (await refused(channel.send("hello")))[1] == 50001
    guild.delete_channel(guild.general)
    assert await refused(channel.send("hello")) == (404, 10003)
    user = await bot.fetch_user(ada.id)
    assert (await user.send("hello")).content == "hello"
    discord.close_dms(ada)
    assert await refused(user.send("hello")) == (403, 50007)
    guild.remove_bot()
    await asyncio.sleep(0.1)
    assert not bot.guilds


async def test_the_limits_of_messages_hold(discord: StandIn, bot: Bot) -> None:
    guild = discord.guild(permissions=INVITED)
    channel = await bot.fetch_channel(guild.general.id)
    big = dpy.File(io.BytesIO(bytes(discord.size_limit + 1)), "big.bin")
    assert await refused(channel.send(file=big)) == (413, 40005)
    assert await refused(channel.send("x" * 2001)) == (400, 50035)
    assert await refused(channel.send(embed=dpy.Embed(description="x" * 4097))) == (400, 50035)
    if specification():
        assert "description" in discord.violations.pop()
    same = [dpy.ui.Button(label="One", custom_id="same"), dpy.ui.Button(label="Two", custom_id="same")]
    view = dpy.ui.View()
    for button in same:
        view.add_item(button)
    assert await refused(channel.send("twice", view=view)) == (400, 50035)


async def test_a_message_whose_answer_was_lost_is_sent_again_and_is_there_once(discord: StandIn, bot: Bot) -> None:
    general = discord.guild().general
    path = f"/channels/{general.id}/messages"
    route = dpy.http.Route("POST", path)
    body = {"content": "once", "nonce": "n1", "enforce_nonce": True}
    discord.faults.drop("POST", path, after=True)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await bot.http.request(route, json=body)
    sent = await bot.http.request(route, json=body)
    assert sent["nonce"] == "n1"
    assert [message.content for message in discord.messages(general)] == ["once"]


async def test_faults_happen_on_command(discord: StandIn, bot: Bot) -> None:
    guild = discord.guild()
    channel = await bot.fetch_channel(guild.general.id)
    discord.faults.fail("POST", "/channels/*/messages", 429, retry_after=0.2)
    discord.faults.fail("POST", "/channels/*/messages", 500)
    discord.faults.limit("GET", "/channels/*", 1, 0.3)
    sent = await channel.send("in the end")
    assert len(discord.asked("POST", "/messages")) == 1
    assert [message.id for message in discord.messages(guild.general)] == [sent.id]
    started = asyncio.get_running_loop().time()
    await bot.fetch_channel(guild.general.id)
    await bot.fetch_channel(guild.general.id)
    assert asyncio.get_running_loop().time() - started > 0.25


async def test_a_wrong_token_is_refused(discord: StandIn) -> None:
    async with pointed(discord.api_base, discord.gateway_url, discord.cdn_base):
        client = Bot()
        with pytest.raises(dpy.LoginFailure):
            await client.login("wrong")
        await client.close()


async def test_threads_and_channels_are_as_they_are(discord: StandIn, bot: Bot) -> None:
    guild = discord.guild(locale="fr")
    ada = guild.member("Ada")
    grown_up = guild.channel("grown-up", nsfw=True)
    await (await ada.slash("draw", grown_up, prompt="a knight")).answered()
    await (await ada.slash("draw", guild.thread(grown_up, "more"), prompt="a knight")).answered()
    assert [seen.channel.is_nsfw() for seen in bot.seen] == [True, True]
    assert bot.seen[0].guild_locale is dpy.Locale.french
    archived = await bot.fetch_channel(guild.thread(guild.general, "old", archived=True).id)
    assert await refused(archived.send("hello")) == (400, 50083)


async def test_a_file_that_the_cdn_lost_and_a_message_that_was_deleted(discord: StandIn, bot: Bot) -> None:
    ada = discord.guild().member("Ada")
    turn = await ada.slash("draw", prompt="a knight")
    shown = await turn.answered()
    original = await bot.seen[0].original_response()
    discord.lose_file(shown.attachments[0]["url"])
    assert (await refused(original.attachments[0].read()))[0] == 404
    await bot.seen[0].edit_original_response(content="kept", attachments=original.attachments)
    assert shown.attachments[0]["description"] == "a knight"
    discord.delete_message(shown)
    assert await refused(bot.seen[0].edit_original_response(content="gone")) == (404, 10008)
    assert turn.messages == []


async def test_a_bot_whose_heartbeats_are_lost_comes_back(discord: StandIn) -> None:
    discord.gateway.interval = 0.1
    discord.faults.heartbeats_lost = True
    client = dpy.Client(intents=dpy.Intents(guilds=True), heartbeat_timeout=0.4)
    where = pointed(discord.api_base, discord.gateway_url, discord.cdn_base)
    async with where, running(client, discord.token):
        await discord.until(lambda: discord.gateway.resumed, 20)
        discord.faults.clear()
        assert discord.gateway.heartbeats


async def test_a_gateway_that_is_down_is_tried_again(discord: StandIn, bot: Bot) -> None:
    discord.faults.gateway_down = True
    discord.drop_sockets()
    await discord.until(lambda: discord.gateway.refused, 10)
    ada = discord.guild().member("Ada")
    turn = await ada.slash("draw", prompt="a knight")
    discord.faults.clear()
    await turn.answered(20)
    assert discord.gateway.resumed == 1


async def test_intents_that_nobody_allowed_end_the_bot(discord: StandIn) -> None:
    client = dpy.Client(intents=dpy.Intents.all())
    async with pointed(discord.api_base, discord.gateway_url, discord.cdn_base):
        with pytest.raises(dpy.PrivilegedIntentsRequired):
            await client.start(discord.token)
        await client.close()
