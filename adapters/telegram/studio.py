"""The studio's commands, and the buttons under a picture that lead to them: what begins from pictures, or finds them.

Pictures of a gallery are shown in private: from a group a link leads there, where what was asked for goes on.
"""

from dataclasses import replace

from telegram import InlineKeyboardButton as Button

from adapters.asking import request_from
from adapters.chat.gallery import found, relatives
from adapters.chat.payload import Press
from adapters.commandline import CommandLine, parse, picture_names
from adapters.telegram import asking, choosing, drafts, guide, shelves, sources
from adapters.telegram.page import MARKUP, Page
from adapters.telegram.turn import Turn
from bot.domain.errors import NotFound
from bot.domain.identity import Origin
from bot.domain.outcomes import Outcome
from bot.domain.request_parts import checked_text
from bot.domain.requests import Source
from bot.usecases import account
from bot.usecases.pick import picked
from bot.usecases.submit import submit

FAMILY, FIND, PICK = "family", "find", "pick"
"""What links into the private chat begin with, beside the names of commands."""


async def mix(turn: Turn, text: str) -> None:
    """Children of two pictures."""
    await _of_pictures(turn, parse(f"/mix {text}"))


async def morph(turn: Turn, text: str) -> None:
    """An animation through two to five pictures."""
    await _of_pictures(turn, parse(f"/morph {text}"))


async def upscale(turn: Turn, text: str) -> None:
    """A picture, larger."""
    await _of_pictures(turn, parse(f"/upscale {text}"))


async def restyle(turn: Turn, text: str) -> None:
    """A picture painted anew; where neither a style nor a manner is named, buttons ask for the style."""
    line, given = parse(f"/restyle {text}"), await sources.given(turn)
    words = line.text.split()
    pictures = (given is not None) + len(words)
    if line.options.get("style") or pictures == 2 or not pictures:
        await _of_pictures(turn, line, given)
        return
    choosing.check("restyle", line.options, turn.offer)
    own, image = (given.artifact_id, given.image) if given else (None, None)
    if given is None:
        (named,) = await picked(await turn.origin(), words[:1], turn.desk.transactions)
        own, words = named.artifact_id, words[1:]
    kept = await sources.kept(turn, image)
    await guide.restyle(turn, " ".join(words), options=line.options, own=own, upload=kept)


async def find(turn: Turn, text: str) -> None:
    """Pictures of one's own by words; in a group only the way to them."""
    words = checked_text(parse(f"/find {text}").text, empty="find-empty")
    if turn.alone:
        await _show_found(turn, words)
    else:
        draft = await drafts.begin(turn, FIND, words)
        await _point_to_private(turn, f"{FIND}-{draft.id}")


async def start(turn: Turn, what: str) -> bool:
    """A link from a group; False where it leads to nothing of these."""
    kind, _, target = what.partition("-")
    if kind in choosing.NEEDED:
        artifact, _ = await account.artwork(await turn.origin(), target, turn.desk.transactions)
        await choosing.show(turn, await choosing.begin(turn, kind, [artifact.id]))
    elif kind == PICK:
        await choosing.show(turn, await drafts.led_to(turn, target))
    elif kind == FAMILY:
        await _show_family(turn, target)
    elif kind == FIND:
        draft = await drafts.led_to(turn, target)
        if draft.kind != FIND:
            raise NotFound("old-button")
        await _show_found(turn, draft.text)
    else:
        return False
    return True


async def with_others(turn: Turn, press: Press) -> None:
    """A picture mixed with another, or turned into others: which?"""
    artifact, _ = await account.artwork(await turn.origin(), press.target, turn.desk.transactions)
    if turn.alone:
        await choosing.show(turn, await choosing.begin(turn, press.kind, [artifact.id]))
    else:
        await turn.lead(f"{press.kind}-{artifact.id}")


async def painted(turn: Turn, press: Press) -> None:
    """A picture in a style: which?"""
    artifact, _ = await account.artwork(await turn.origin(), press.target, turn.desk.transactions)
    await turn.acknowledge()
    await guide.restyle(turn, own=artifact.id)


async def show_family(turn: Turn, press: Press) -> None:
    """What a picture was made of, and what was made of it."""
    artifact, _ = await account.artwork(await turn.origin(), press.target, turn.desk.transactions)
    if turn.alone:
        await turn.acknowledge()
        await _show_family(turn, artifact.id)
    else:
        await turn.lead(f"{FAMILY}-{artifact.id}")


async def _of_pictures(turn: Turn, line: CommandLine, given: Source | None = None) -> None:
    """Make it of the pictures that a line names or that come with it; where some are missing, let them be chosen."""
    origin = await turn.origin()
    given = given or await sources.given(turn)
    if given and given.artifact_id:
        line = replace(line, text=f"{given.artifact_id} {line.text}")
    image = given.image if given else None
    names, _ = picture_names(line, sent=int(image is not None))
    least, _ = choosing.NEEDED[line.name]
    if len(names) + (image is not None) < least:
        chosen = await picked(origin, names, turn.desk.transactions)
        await _choose(turn, line, [one.artifact_id or "" for one in chosen], image)
        return

    async def making(origin: Origin) -> Outcome:
        request = await request_from(line, turn.offer, origin, turn.desk, image)
        return await submit(request, origin, turn.desk)

    await asking.make(turn, making)


async def _choose(turn: Turn, line: CommandLine, chosen: list[str], image: bytes | None) -> None:
    kept = await sources.kept(turn, image)
    draft = await choosing.begin(turn, line.name, chosen, options=line.options, upload=kept)
    if turn.alone:
        await choosing.show(turn, draft)
    else:
        await _point_to_private(turn, f"{PICK}-{draft.id}")


async def _point_to_private(turn: Turn, what: str) -> None:
    words = turn.words
    open_ = Button(words.text("telegram-open-private"), url=turn.in_private(what))
    await turn.show(Page((MARKUP.plain(words.text("telegram-gallery-private")),), keyboard=((open_,),)))


async def _show_found(turn: Turn, words: str) -> None:
    shelf = await found(await turn.origin(), words, turn.desk)
    if not shelf.pictures:
        await turn.say("find-nothing")
        return
    sheet = await shelves.sheet(turn, shelf.pictures)
    lines = (*sheet.lines(), MARKUP.plain(turn.words.text("find-found")))
    await turn.show(Page(lines, await sheet.photo(), sheet.buttons()))


async def _show_family(turn: Turn, artifact_id: str) -> None:
    parents, children = await relatives(await turn.origin(), artifact_id, turn.desk)
    everybody = (*parents.pictures, *children.pictures)
    if not everybody:
        await turn.say("family-alone")
        return
    sheet, between = await shelves.sheet(turn, everybody), len(parents.pictures)
    lines: tuple[str, ...] = ()
    for title, said in (("family-parents", sheet.lines(0, between)), ("family-children", sheet.lines(between))):
        lines += (MARKUP.strong(turn.words.text(title)), *said) if said else ()
    await turn.show(Page(lines, await sheet.photo(), sheet.buttons()))


COMMANDS = {"mix": mix, "morph": morph, "restyle": restyle, "upscale": upscale, "find": find}
HANDLERS = {"family": show_family, "mix": with_others, "morph": with_others, "restyle": painted}
