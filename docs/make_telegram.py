"""The picture of a conversation on Telegram in the README: `python -m docs.make_telegram`.

A real run: `huashen run` with a token, against the stand-in Bot API server of the tests. What its people see is drawn
here the way Telegram's client draws it.
"""

import asyncio
import html

from docs.stage import PATIENCE, huashen, image, photograph
from tests.adapters.telegram.wire import Shown, StandIn

STYLE = """
body { margin: 0; padding: 18px; width: 640px; background: linear-gradient(160deg, #d9e8c6, #a5c9a2 45%, #8fb9b0);
  font: 15px/1.38 'Noto Sans', 'DejaVu Sans', sans-serif; color: #111 }
.message { display: flex; gap: 8px; align-items: flex-end; margin-bottom: 10px }
.face { width: 34px; height: 34px; border-radius: 50%; flex: none; display: grid; place-items: center; color: #fff }
.stack { width: 400px }
.bubble { background: #fff; border-radius: 14px 14px 14px 4px; padding: 8px 10px; box-shadow: 0 1px 1px #0002 }
.mine .bubble { background: #effdde; width: fit-content; max-width: 400px }
.name { font-weight: 600; font-size: 13.5px; color: #c0392b }
.bot .name { color: #2980b9 }
.reply { border-left: 3px solid #2980b9; background: #2980b914; border-radius: 4px; padding: 2px 8px;
  font-size: 13px; margin: 2px 0 4px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
.quote { border-left: 3px solid #2980b9; background: #2980b914; border-radius: 4px; padding: 3px 8px; margin: 2px 0 }
code { font: 14px 'Noto Sans Mono', 'DejaVu Sans Mono', monospace; color: #b5481d }
i { color: #6b7a86; font-style: normal; font-size: 13px }
.bubble > img { display: block; border-radius: 10px; margin: -2px 0 6px; width: 380px; height: auto }
.keys { display: grid; gap: 4px; margin-top: 4px }
.row { display: grid; grid-auto-flow: column; grid-auto-columns: 1fr; gap: 4px }
.key { background: #5a8f6dcc; color: #fff; border-radius: 8px; padding: 7px 6px; text-align: center; font-size: 13.5px }
"""


async def talk(telegram: StandIn) -> str:
    """What Bob and Ada do in their group, and the page of what they see."""
    group = telegram.group("Huashen")
    bob, ada = group.member("Bob"), group.member("Ada")
    asked = "/avatar a friendly orange robot with round eyes --seed 5"
    drawing = await bob.says(group, asked)
    picture = await telegram.message(
        group, lambda shown: shown.reply_to == drawing.id and shown.photo and len(shown.labels) > 1, PATIENCE
    )
    wished = "/caption our first garden party --tone funny"
    writing = await ada.says(group, wished)
    words = await telegram.message(
        group, lambda shown: shown.reply_to == writing.id and len(shown.labels) > 2, PATIENCE
    )
    parts = [
        said("Bob", "#e17076", asked),
        answer(picture, "Bob", asked),
        said("Ada", "#7bc862", wished),
        answer(words, "Ada", wished),
    ]
    return f"<style>{STYLE}</style>{''.join(parts)}"


def said(name: str, colour: str, text: str) -> str:
    """A member's message."""
    return f"""<div class="message mine"><div class="face" style="background:{colour}">{name[0]}</div>
      <div class="bubble"><div class="name" style="color:{colour}">{name}</div>{html.escape(text)}</div></div>"""


def answer(shown: Shown, name: str, asked: str) -> str:
    """One of the bot's messages as HTML."""
    picture = image(shown.photo, 380) if shown.photo else ""
    reply = f'<div class="reply"><b>{name}</b><br>{html.escape(asked)}</div>'
    return f"""<div class="message bot"><div class="face" style="background:#2980b9">化</div><div class="stack">
      <div class="bubble"><div class="name">Huashen</div>{reply}{picture}{formatted(shown)}</div>{keys(shown)}
      </div></div>"""


def formatted(shown: Shown) -> str:
    """The words with the few entities that the bot uses."""
    text = shown.text.encode("utf-16-le")
    marks = {"code": "code", "italic": "i", "bold": "b"}
    opened: dict[int, list[str]] = {}
    closed: dict[int, list[str]] = {}
    for entity in shown.entities:
        start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
        if entity["type"] == "blockquote":
            opened.setdefault(start, []).insert(0, '<div class="quote">')
            closed.setdefault(end, []).append("</div>")
        elif mark := marks.get(entity["type"]):
            opened.setdefault(start, []).append(f"<{mark}>")
            closed.setdefault(end, []).insert(0, f"</{mark}>")
    found = ""
    for index in range(0, len(text) + 2, 2):
        found += "".join(closed.get(index, ())) + "".join(opened.get(index, ()))
        # Halves of a surrogate pair stay together.
        unit = text[index : index + 2]
        pair = text[index : index + 4]
        if unit and 0xD8 <= unit[1] <= 0xDB:
            found += html.escape(pair.decode("utf-16-le"))
        elif unit and not 0xDC <= unit[1] <= 0xDF:
            found += html.escape(unit.decode("utf-16-le"))
    return found.replace("</div>\n", "</div>").replace("\n", "<br>")


def keys(shown: Shown) -> str:
    """The buttons below."""
    rows = ""
    for row in shown.buttons:
        cells = "".join(f'<div class="key">{html.escape(key["text"])}</div>' for key in row)
        rows += f'<div class="row">{cells}</div>'
    return f'<div class="keys">{rows}</div>' if rows else ""


async def main() -> None:
    async with StandIn() as telegram:
        settings = {
            "HUASHEN_TELEGRAM__TOKEN": telegram.token,
            "HUASHEN_TELEGRAM__BASE_URL": telegram.base_url,
            "HUASHEN_TELEGRAM__BASE_FILE_URL": telegram.base_file_url,
        }
        async with huashen(settings):
            await telegram.until(lambda: telegram.asked("getUpdates"), PATIENCE)
            page = await talk(telegram)
    await photograph(page, "telegram", 676)


if __name__ == "__main__":
    asyncio.run(main())
