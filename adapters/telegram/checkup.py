"""What can be wrong with a Telegram bot, looked at from outside: the token, what BotFather was told, a webhook."""

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from adapters.telegram.deps import Reach
from bot.domain.errors import Reason


async def checkup(reach: Reach) -> list[tuple[bool, Reason]]:
    """Each thing that was found, and whether it is well; nothing is changed."""
    bot = Bot(reach.token, base_url=reach.base_url, base_file_url=reach.base_file_url)
    try:
        async with bot:
            hook = await bot.get_webhook_info()
            me = bot.bot
    except InvalidToken:
        return [(False, Reason.of("telegram-token-wrong"))]
    except TelegramError as error:
        return [(False, Reason.of("telegram-unreachable", detail=error.message[:200]))]
    found = [(True, Reason.of("telegram-on", name=f"@{me.username}"))]
    if not me.can_join_groups:
        found.append((False, Reason.of("telegram-no-groups")))
    if not me.supports_inline_queries:
        found.append((True, Reason.of("telegram-no-inline")))
    wanted = reach.webhook.url if reach.webhook else ""
    if wanted and hook.last_error_message:
        found.append((False, Reason.of("telegram-webhook-fails", detail=hook.last_error_message[:200])))
    if not wanted and hook.url:
        found.append((True, Reason.of("telegram-webhook-elsewhere")))
    return found
