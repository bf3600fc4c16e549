"""The methods that answer what people pressed and typed inline."""

from typing import Any

from tests.adapters.telegram.wire import contents, keyboards
from tests.adapters.telegram.wire.entities import length
from tests.adapters.telegram.wire.forms import Call
from tests.adapters.telegram.wire.markup import parsed
from tests.adapters.telegram.wire.refusals import Gap, bad
from tests.adapters.telegram.wire.world import World

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
MOST_RESULTS = 50


def answer_callback_query(world: World, call: Call) -> bool:
    """What somebody who pressed a button reads; once, and soon."""
    pressed = world.pressed.get(call["callback_query_id"])
    if pressed is None or not pressed.open:
        raise bad(TOO_OLD)
    if len(call.get("text", "")) > 200:
        raise bad("MESSAGE_TOO_LONG")
    url = call.get("url")
    if url and not url.startswith((f"https://t.me/{world.bot.username}?start=", f"t.me/{world.bot.username}?start=")):
        raise bad("URL_INVALID")
    pressed.take(call.get("text", ""), bool(call.get("show_alert")), url)
    world.stir()
    return True


def answer_inline_query(world: World, call: Call) -> bool:
    """What is offered to somebody who types the bot's name in any chat."""
    queried = world.queried.get(call["inline_query_id"])
    if queried is None or not queried.open:
        raise bad(TOO_OLD)
    results = call["results"]
    if len(results) > MOST_RESULTS:
        raise bad("RESULTS_TOO_MUCH")
    if len({result["id"] for result in results}) < len(results):
        raise bad("RESULT_ID_DUPLICATE")
    if len(call.get("next_offset", "").encode()) > 64:
        raise bad("NEXT_OFFSET_INVALID")
    _check_button(call.get("button"))
    queried.take([(result, _content(world, result)) for result in results], call)
    world.stir()
    return True


def _content(world: World, result: dict[str, Any]) -> dict[str, Any]:
    """The message that a result becomes."""
    if not 1 <= len(result["id"].encode()) <= 64:
        raise bad("RESULT_ID_INVALID")
    keyboards.inline_only(result.get("reply_markup"))
    if words := result.get("input_message_content"):
        if "message_text" not in words:
            raise Gap(f"send {sorted(words)} from an inline query")
        text, entities = parsed(words["message_text"], words.get("parse_mode"), words.get("entities"))
        if not 1 <= length(text) <= contents.TEXT_LIMIT:
            raise bad("MESSAGE_TOO_LONG" if text else "MESSAGE_EMPTY")
        return {"text": text} | ({"entities": entities} if entities else {})
    if "photo_file_id" in result:
        return {"photo": world.store.known_photo(result["photo_file_id"])} | contents.caption(result)
    raise Gap(f"take inline results of type {result['type']}")


def _check_button(button: dict[str, Any] | None) -> None:
    if button and "web_app" not in button:
        start = button.get("start_parameter", "")
        if not 1 <= len(start) <= 64 or not start.replace("-", "").replace("_", "").isalnum():
            raise bad("START_PARAM_INVALID")
