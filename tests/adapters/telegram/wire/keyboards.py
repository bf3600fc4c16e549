"""Which keyboards Telegram takes."""

from typing import Any

from tests.adapters.telegram.wire.refusals import bad

ACTIONS = [
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
]
MOST = 100


def inline(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """The inline keyboard of a message; None where there is none left."""
    if not markup or "inline_keyboard" not in markup:
        return None
    rows = [[_checked(button) for button in row] for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > MOST:
        raise bad("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def inline_only(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """The same for an edit, which takes no other keyboard."""
    if markup and "inline_keyboard" not in markup:
        raise bad("inline keyboard expected")
    return inline(markup)


def _checked(button: dict[str, Any]) -> dict[str, Any]:
    if not button.get("text"):
        raise bad("inline keyboard button text is empty")
    done = [action for action in ACTIONS if action in button]
    if len(done) != 1:
        raise bad("Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button and not button["url"].startswith(("http://", "https://", "tg://")):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    return button
