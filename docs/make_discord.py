"""The picture of a conversation on Discord in the README: `python -m docs.make_discord`.

A real run: `huashen run` with a token, against the stand-in Discord of the tests over HTTP and a websocket. What its
people see is drawn here the way Discord's client draws it.
"""

import asyncio
import html
import re

from docs.stage import PATIENCE, huashen, image, photograph
from tests.adapters.discord.wire import StandIn
from tests.adapters.discord.wire.shown import Shown

STYLE = """
body { margin: 0; background: #313338; color: #dbdee1;
  font: 15px/1.4 'Noto Sans', 'DejaVu Sans', sans-serif; width: 660px; padding: 16px }
.used { color: #b5bac1; font-size: 13px; margin: 2px 0 2px 52px }
.used b { color: #c9cdfb; font-weight: 500 }
.used code { background: #3c4270; color: #c9cdfb; border-radius: 3px; padding: 0 4px; font: inherit }
.message { display: grid; grid-template-columns: 40px 1fr; gap: 12px; margin-bottom: 22px }
.face { width: 40px; height: 40px; border-radius: 50%;
  background: #5865f2; display: grid; place-items: center; font-size: 20px }
.name { font-weight: 600; color: #f2f3f5 }
.app { background: #5865f2; color: #fff; font-size: 10px;
  border-radius: 3px; padding: 1px 4px; margin-left: 4px }
blockquote { margin: 2px 0; border-left: 4px solid #4e5058; padding-left: 10px }
small { color: #949ba4; font-size: 12px }
img { border-radius: 8px; display: block; margin-top: 6px }
.several { display: flex; gap: 4px }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px }
button { background: #4e5058; color: #fff; border: 0;
  border-radius: 4px; padding: 6px 12px; font: 500 13px 'Noto Sans', sans-serif }
button.danger { background: #da373c }
button.primary { background: #5865f2 }
button.success { background: #248046 }
.menu { background: #1e1f22; color: #949ba4; border-radius: 4px;
  padding: 8px 12px; width: 380px; font-size: 14px }
.only { color: #949ba4; font-size: 12px; margin-top: 4px }
"""

STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "danger"}
"""How Discord's client looks upon buttons."""


async def talk(discord: StandIn) -> str:
    """What Ada does, and the page of what she sees."""
    guild = discord.guild("Huashen")
    ada = guild.member("Ada")
    drawn = await ada.slash("avatar", prompt="a smiling woman with red hair and round glasses", seed=3)
    first = await drawn.message_matching(lambda shown: shown.attachments and shown.labels[:1] == ["Again"], PATIENCE)
    written = await ada.slash("caption", topic="a sunset hike with friends")
    second = await written.message_matching(lambda shown: "Shorter" in shown.labels, PATIENCE)
    crop = await (await ada.press(first, "As a circle")).message_matching(lambda shown: shown.attachments, PATIENCE)
    parts = [
        shown_as("/avatar", first),
        shown_as("", crop),
        shown_as("/caption", second),
    ]
    return f"<style>{STYLE}</style>{''.join(parts)}"


def shown_as(command: str, shown: Shown) -> str:
    """One message as HTML."""
    used = f'<div class="used"><b>Ada</b> used <code>{command}</code></div>' if command else ""
    only = '<div class="only">Only you can see this</div>' if shown.ephemeral else ""
    return f"""{used}<div class="message"><div class="face">化</div><div>
      <span class="name">Huashen</span><span class="app">APP</span>
      {markdown(shown.content)}{pictures(shown)}{rows(shown)}{only}</div></div>"""


def markdown(text: str) -> str:
    """The little of Discord's markdown that the bot writes."""
    lines = []
    for line in html.escape(text).splitlines():
        line = re.sub(r"\\(.)", r"\1", re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", line))
        if line.startswith("&gt; "):
            line = f"<blockquote>{line[5:]}</blockquote>"
        elif line.startswith("-# "):
            line = f"<small>{line[3:]}</small>"
        lines.append(f"<div>{line}</div>")
    return "".join(lines)


def pictures(shown: Shown) -> str:
    """The files, at the size that Discord would show them."""
    width = 260 if len(shown.attachments) == 1 else 150
    tags = [
        image(data or b"", width, attachment["content_type"])
        for attachment, data in zip(shown.attachments, shown.files, strict=True)
    ]
    return f'<div class="several">{"".join(tags)}</div>' if tags else ""


def rows(shown: Shown) -> str:
    """Buttons and menus."""
    found = ""
    for row in shown.payload["components"]:
        cells = ""
        for item in row["components"]:
            if item["type"] == 2:
                emoji = (item.get("emoji") or {}).get("name", "")
                cells += f"<button class={STYLES[item['style']]}>{emoji} {html.escape(item.get('label', ''))}</button>"
            else:
                cells += f'<div class="menu">{html.escape(item.get("placeholder", ""))}</div>'
        found += f'<div class="row">{cells}</div>'
    return found


async def main() -> None:
    async with StandIn(check_bodies=False) as discord:
        settings = {
            "HUASHEN_DISCORD__TOKEN": discord.token,
            "HUASHEN_DISCORD__API_BASE": discord.api_base,
            "HUASHEN_DISCORD__GATEWAY": discord.gateway_url,
            "HUASHEN_DISCORD__CDN_BASE": discord.cdn_base,
        }
        async with huashen(settings):
            await discord.online(PATIENCE)
            page = await talk(discord)
    await photograph(page, "discord", 692)


if __name__ == "__main__":
    asyncio.run(main())
