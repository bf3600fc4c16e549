"""What `huashen doctor` says of a Telegram bot."""

from dataclasses import replace

import pytest

from adapters.telegram.checkup import checkup
from adapters.telegram.deps import Reach, Webhook
from bot.i18n import translator
from tests.adapters.telegram.bot import reach
from tests.adapters.telegram.wire import StandIn, methods

HOOK = Webhook("https://bot.example.org/telegram")


async def found(there: Reach) -> list[tuple[bool, str]]:
    return [(well, str(reason.message)) for well, reason in await checkup(there)]


async def test_all_is_well_and_nothing_is_changed(telegram: StandIn) -> None:
    assert await found(reach(telegram)) == [(True, "telegram-on")]
    assert {asked.method for asked in telegram.asked()} == {"getMe", "getWebhookInfo"}
    ((_, reason),) = await checkup(reach(telegram))
    assert "@huashen_bot" in translator("en").text(reason)


async def test_a_wrong_token_is_said_to_be_wrong_and_not_said(telegram: StandIn) -> None:
    ((well, reason),) = await checkup(replace(reach(telegram), token="123:secret"))
    assert (well, reason.message) == (False, "telegram-token-wrong")
    assert "secret" not in translator("en").text(reason)


async def test_telegram_out_of_reach_is_said_so(telegram: StandIn) -> None:
    nowhere = Reach(telegram.token, "http://127.0.0.1:9/bot")
    ((well, reason),) = await checkup(nowhere)
    assert (well, reason.message) == (False, "telegram-unreachable")
    assert telegram.token not in translator("en").text(reason)
    telegram.down = True
    assert await found(reach(telegram)) == [(False, "telegram-unreachable")]


async def test_a_webhook_that_fails_is_said_with_its_reason(telegram: StandIn) -> None:
    await telegram.webhook.set(HOOK.url, "", 40, None)
    telegram.webhook.error = {"last_error_date": 1, "last_error_message": "Connection refused"}
    (_, (well, reason)) = await checkup(reach(telegram, HOOK))
    assert (well, reason.message) == (False, "telegram-webhook-fails")
    assert "Connection refused" in translator("en").text(reason)


async def test_a_webhook_that_the_settings_do_not_name(telegram: StandIn) -> None:
    await telegram.webhook.set(HOOK.url, "", 40, None)
    assert await found(reach(telegram)) == [(True, "telegram-on"), (True, "telegram-webhook-elsewhere")]
    assert await found(reach(telegram, HOOK)) == [(True, "telegram-on")]


@pytest.mark.parametrize(
    ("what", "well", "sentence"),
    [("can_join_groups", False, "telegram-no-groups"), ("supports_inline_queries", True, "telegram-no-inline")],
)
async def test_what_botfather_was_told_is_looked_at(
    what: str, well: bool, sentence: str, telegram: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    get_me = methods.METHODS["getMe"]
    monkeypatch.setitem(methods.METHODS, "getMe", lambda world, call: get_me(world, call) | {what: False})
    assert await found(reach(telegram)) == [(True, "telegram-on"), (well, sentence)]
