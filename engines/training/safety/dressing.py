"""What surrounds a text in practice, and what happens to its letters: long prompts, chatter, slips and disguises.

Labels stay: what surrounds an example never makes it better or worse. Good and bad are dressed alike.
"""

import random
from collections.abc import Sequence
from dataclasses import replace

from engines.training.safety.corpus import Example, expand

PROMPT = (
    "<style>", "<style>", "<style>", "<style>", "<style>, <style>", "by <artist>", "art by <artist> and <artist>",
    "by <artist> and <artist> and <artist>", "in the style of <artist>", "wearing <wear>", "<place>",
    "<adjective> lighting",
    "<object> in the background", "<adjective> atmosphere", "background of {mountains|a city|trees|clouds|stars}",
    "{long|short|curly|braided|silver|red} hair", "{blue|green|brown|golden} eyes",
    "--ar {16:9|2:3|1:1}", "<adjective>",
    "steps {20|30|50}, seed {1|42|777}", "{very|extremely|highly} {detailed|realistic|coherent|cinematic}", "<doing>",
    "with a <object>", "next to a <animal>", "symmetry", "perfect {composition|face|anatomy|hands}", "a <object>",
)  # fmt: skip
ZH_PROMPT = ("<zhstyle>", "<zhstyle>", "<zhstyle>，<zhstyle>", "<zhplace>", "背景有<zhthing>", "8k，<zhstyle>")
COMMENT = (
    "lol", "lmao", "haha", "honestly", "omg", "smh", "tbh", "@user", "btw", "https",
    "#{monday|news|football|fail|truth}",
    "<topic> {was ok|is late again|again}", "just saying", "i said what i said", "so {yeah|anyway}", "{good|bad} day",
)  # fmt: skip
ZH_COMMENT = ("哈哈", "呵呵", "真的", "说实话", "回复楼主", "转发微博", "<zhtopic>", "唉", "无语", "[doge]", "笑死")


def dress(example: Example, register: str, rng: random.Random, company: Sequence[str] = ()) -> Example:
    """The example as somebody might type it: among style words, or in chatter, beside texts of `company`.

    A register named after comments or zh has its own surroundings.
    """
    chinese = register.startswith("zh-")
    comment = "comment" in register
    around = {(False, False): PROMPT, (False, True): COMMENT, (True, False): ZH_PROMPT, (True, True): ZH_COMMENT}[
        chinese, comment
    ]
    most = 2 if comment else 8 if chinese else 18
    parts = [expand(rng.choice(around), rng) for _ in range(rng.randint(1, rng.randint(1, most)))]
    if company and (comment or not chinese):
        parts += [rng.choice(company) for _ in range(rng.choice((0, 1, 1, 2) if comment else (0, 0, 1)))]
        rng.shuffle(parts)
    place = rng.choice((0, 0, 0, rng.randint(0, len(parts))))
    parts.insert(place, example.text)
    mark = rng.choice(("，", "，", " ", "。")) if chinese else rng.choice((", ", ", ", ", ", ". ", " ", " | "))
    return replace(example, text=mark.join(parts))


def mangle(example: Example, rng: random.Random) -> Example:
    """The example with a slip or two: letters lost, doubled, exchanged, starred out, or spaces lost."""
    letters = list(example.text)
    for _ in range(rng.randint(1, 3)):
        index = rng.randrange(len(letters))
        trick = rng.randrange(5)
        if trick == 0:
            letters[index] = ""
        elif trick == 1:
            letters[index] *= 2
        elif trick == 2 and index + 1 < len(letters):
            letters[index], letters[index + 1] = letters[index + 1], letters[index]
        elif trick == 3 and letters[index].isalpha():
            letters[index] = "*"
        elif letters[index] == " ":
            letters[index] = rng.choice(("", "", ".", "-"))
    return replace(example, text="".join(letters))
