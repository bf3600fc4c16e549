"""What a prompt leaves open, the seed decides: its tokens are completed after an example of a whole character.

The average of every background is grey and that of every hair colour is mud, so a model asked for one or two things
draws muddy pictures, in few steps above all. A whole character has clear colours. Which examples there are, and so what
people get who ask for little, is a matter of taste: `engines.training.examples` chooses them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from engines.avatar.forms import FORMS, code_of

FILE = "examples.safetensors"
FREE = {"expression", "glasses", "garment", "hair_colour", "hat_colour", "clothes", "colour", "background"}
"""Attributes that go with any others, and so may be anybody's..."""
LIGHT = 0.25
"""... and count so little that many more examples are near: else all who wink in red would be the same few."""
COLOURED = {"skin", "hair_colour", "hat_colour", "clothes", "colour", "background"}
"""Attributes that are colours."""
INTO_BACKGROUND = {"blonde": "yellow"}
"""Colours that melt into a background of another name, beside those that melt into their own."""
INTO_SKIN = {
    "pale": {"white", "blonde"}, "light": {"white", "blonde"}, "tan": {"blonde"}, "brown": {"brown"}, "dark": {"black"},
}  # fmt: skip
"""Skin -> colours of beards that can hardly be seen on it."""
CERTAIN = 0.8
"""Probability of a value from which on a member is told that nobody could be drawn with it."""
SAID = {"skin": "{} skin", "hair_colour": "{} hair", "hat_colour": "{} hat", "clothes": "{} clothes", "eyes": "{} eyes"}
"""How a value is said that its own name does not say."""
PLAIN = {"none", "two", "round", "happy"}
"""What nobody misses where it is not told of, or that robots and monsters show under other names."""
SURE = 0.5
"""Probability of a style above which what it has no place for is not asked of it."""
NEAR = 0.3
"""Examples that agree with a prompt nearly as well as the best may be chosen: about a third of an attribute less."""
TORN = 1.0
"""What an example loses that would have parts which nobody has: no one-eyed monster looks angry."""
CANNOT = 2.0
"""What an example loses that has no place for an attribute that was asked for: a hijab hides hair of any colour."""


@dataclass(frozen=True, slots=True)
class Melting:
    """Two colours of which one lies before the other: what is `alike` (sizes of both, 0 or 1) cannot be told apart.

    With `worn` this matters only as far as a prompt asks for that attribute, other than for its first value, 'none'.
    """

    front: int
    behind: int
    alike: Tensor
    worn: int | None = None


@dataclass(frozen=True, slots=True)
class Examples:
    """Characters as indices (N, attributes) into each attribute's values, the last index for 'does not apply'.

    `attributes` are the names of each and of its values; the first is the style. `forms` are indices (N, forms) into
    `names`, whose first is that of no form; `linked` says for each form which attributes it shows, the style apart.
    `weights` is how much it counts that an example agrees in an attribute, and `melting` says what nobody would see.
    """

    labels: Tensor
    attributes: Sequence[tuple[str, Sequence[str]]]
    forms: Tensor
    names: Sequence[str]
    linked: Sequence[Sequence[int]]
    weights: Sequence[float]
    melting: Sequence[Melting] = ()

    @property
    def sizes(self) -> list[int]:
        """The places of each attribute in a token, 'unspecified' included as its last."""
        return [len(values) + 1 for _, values in self.attributes]

    def complete(self, tokens: Tensor, seed: int, negative: Tensor | None = None) -> Tensor:
        """Give what tokens (attributes + forms, H) leave open the values of an example that agrees with the rest.

        The style goes before whatever it cannot show. An example agrees where it shows what was asked for, less
        where it shows anything else, for that gives way, and least where it has no place for it or shows what the
        tokens `negative` ask for. The seed orders the examples and the first that agrees is taken: whoever changes a
        word gets somebody else only where the word demands it.
        """
        order = torch.rand(len(self.labels), generator=torch.Generator().manual_seed(seed))
        completed = self._possible(tokens.float().cpu().clone())
        parts, unwanted = self._parts(completed), None if negative is None else self._parts(negative)
        agreement = torch.zeros(len(self.labels))
        for i, values in enumerate(self.labels.long().T):
            shown = values != self.sizes[i] - 1
            agreement += torch.where(shown, self.weights[i] * parts[i][values], CANNOT * (parts[i][-1] - 1))
            if unwanted is not None:
                agreement -= torch.where(shown, unwanted[i][values], 0.0)
        agreement -= TORN * self._torn(parts)
        for one in self.melting:  # whichever of the two was asked for, the other is chosen to be seen beside it
            front, behind = parts[one.front], parts[one.behind]
            share = 1.0 if one.worn is None else parts[one.worn][1:-1].sum()
            agreement -= share * front[-1] * (one.alike @ behind)[self.labels[:, one.front].long()]
            agreement -= share * behind[-1] * (front @ one.alike)[self.labels[:, one.behind].long()]
        chosen = _first(order, agreement >= agreement.max() - NEAR)
        first, wanted = 0, self.labels[chosen].clone()
        for i, size in enumerate(self.sizes):
            last = first + size - 1
            unspecified = float(parts[i][-1])
            completed[i, last] -= unspecified
            completed[i, first + int(wanted[i])] += unspecified
            wanted[i] = int(completed[i, first : last + 1].argmax())
            if i == 0:  # between two styles lies none
                completed[i, first : last + 1] = 0
                completed[i, first + int(wanted[i])] = 1
            first = last + 1
        forms = [self._form(part, chosen, wanted, order) for part in range(len(self.linked))]
        for row, name in enumerate(forms, start=len(self.sizes)):
            if name:
                completed[row] = code_of(name, tokens.shape[1])
        return completed.to(tokens)

    def lacking(self, tokens: Tensor, seed: int) -> tuple[str, ...]:
        """What tokens ask for that nobody shows of the style that they are completed to, in words: a robot's beard."""
        style = self._parts(tokens)[0][:-1]
        if style.max() <= SURE:
            style = self.complete(tokens, seed)[0, : self.sizes[0] - 1]
        alike = self.labels[self.labels[:, 0] == int(style.argmax())]
        lacking = []
        for i, ((name, values), part) in enumerate(zip(self.attributes, self._parts(tokens), strict=True)):
            asked = int(part.argmax())
            wanted = part[asked] > CERTAIN and asked < len(values) and values[asked] not in PLAIN and name != "style"
            if wanted and not (alike[:, i] == asked).any():
                lacking.append(SAID.get(name, "{}").format(values[asked]))
        return tuple(lacking)

    def unasked(self, width: int) -> Tensor:
        """Tokens (attributes + forms, width) of a prompt that asks for nothing: every attribute is unspecified."""
        tokens = torch.zeros(len(self.sizes) + len(self.linked), width)
        for i, end in enumerate(torch.tensor(self.sizes).cumsum(0).tolist()):
            tokens[i, end - 1] = 1
        return tokens

    def _possible(self, tokens: Tensor) -> Tensor:
        """Take from tokens, in place, what nobody of the style that they ask for shows: hair of robots, pixel winks."""
        style = self._parts(tokens)[0]
        alike = self.labels[self.labels[:, 0] == int(style[:-1].argmax())]
        if len(alike) and style[:-1].max() > SURE:
            end = 0
            for i, size in enumerate(self.sizes):
                end += size
                part, kept = tokens[i, end - size : end], torch.zeros(size).index_fill(0, alike[:, i].long(), 1.0)
                part[-1] += (part * (1 - kept))[:-1].sum()
                part[:-1] *= kept[:-1]
        return tokens

    def _torn(self, parts: Sequence[Tensor]) -> Tensor:
        """Examples (N,) of which some part, with what was asked for put in their place, is shown by nobody."""
        wanted = self.labels.long().clone()
        asked = {i: int(part[:-1].argmax()) for i, part in enumerate(parts) if part[:-1].max() > SURE}
        for i, value in asked.items():
            wanted[:, i] = value
        strides, torn = torch.tensor([1, *self.sizes[:-1]]).cumprod(0), torch.zeros(len(wanted), dtype=torch.bool)
        for columns in {(0, *shown) for shown in self.linked if asked.keys() & {*shown}}:
            existing, put = ((rows * strides)[:, columns].sum(dim=1) for rows in (self.labels.long(), wanted))
            torn |= ~torch.isin(put, existing)
        return torn.float()

    def _form(self, part: int, chosen: int, wanted: Tensor, order: Tensor) -> str:
        """The form of one part: the chosen example's, or that of one that shows what is wanted where it does not.

        Where none does, what goes with anybody gives way: no pixel person winks, but each has a mouth.
        """
        linked = [0, *self.linked[part]]
        for columns in (linked, [i for i in linked if self.weights[i] >= 1]):
            fitting = (self.labels[:, columns] == wanted[columns]).all(dim=1)
            if fitting.any():
                one = chosen if fitting[chosen] else _first(order, fitting)
                return self.names[int(self.forms[one, part])]
        return ""

    def _parts(self, tokens: Tensor) -> list[Tensor]:
        """The probabilities of each attribute's values, in float32 on the CPU."""
        whole = tokens.float().cpu()
        ends = torch.tensor(self.sizes).cumsum(0).tolist()
        return [whole[i, end - size : end] for i, (size, end) in enumerate(zip(self.sizes, ends, strict=True))]


def _first(order: Tensor, fitting: Tensor) -> int:
    """The first in `order` (N,) of those that fit (N,)."""
    return int(torch.where(fitting, order, 2.0).argmin())


def write_examples(file: Path, labels: Tensor, forms: Tensor, names: Sequence[str]) -> None:
    """Write what `read_examples` reads."""
    save_file({"labels": labels, "forms": forms}, file, metadata={"names": json.dumps(list(names))})


def read_examples(file: Path, text_encoder: Any) -> Examples:
    """Read the examples for a text encoder of slots; raises OSError, SafetensorError or ValueError where that fails."""
    with safe_open(file, "pt") as opened:
        if {"labels", "forms"} - {*opened.keys()} or "names" not in (opened.metadata() or {}):
            raise ValueError(f"{file} holds no examples.")
        labels, forms = (opened.get_tensor(name) for name in ("labels", "forms"))
        names = json.loads(opened.metadata()["names"])
    config = text_encoder.config
    attributes = [(name, tuple(values)) for name, values in getattr(config, "attributes", ())]
    sizes, columns = [len(values) + 1 for _, values in attributes], [name for name, _ in attributes]
    fitting = labels.shape[1:] == (len(sizes),) and forms.shape == (len(labels), len(FORMS)) and len(labels) > 0
    if not fitting or not attributes or config.forms != len(FORMS):
        raise ValueError(f"{file} belongs to another text encoder.")
    if bool((labels >= torch.tensor(sizes)).any()) or int(forms.max()) >= len(names):
        raise ValueError(f"{file} belongs to another text encoder.")
    linked = [[columns.index(name) for name in shown if name in columns] for shown in FORMS.values()]
    weights = [LIGHT if name in FREE else 1.0 for name in columns]
    return Examples(labels, attributes, forms, names, linked, weights, _melting(dict(attributes)))


def _melting(values: dict[str, Sequence[str]]) -> list[Melting]:
    """What melts into a background, and beards into skin, of the attributes with these values."""
    names = [*values]

    def melts(front: str, behind: str, alike: Callable[[str, str], bool], worn: str | None = None) -> Melting:
        table = torch.zeros(len(values[front]) + 1, len(values[behind]) + 1)
        table[:-1, :-1] = torch.tensor([[alike(one, other) for other in values[behind]] for one in values[front]])
        return Melting(names.index(front), names.index(behind), table, None if worn is None else names.index(worn))

    found = [
        melts(name, names[-1], lambda colour, around: INTO_BACKGROUND.get(colour, colour) == around)
        for name in names[:-1]
        if name in COLOURED
    ]
    if {"hair_colour", "skin", "facial_hair"} <= values.keys():
        on_skin = lambda colour, skin: colour in INTO_SKIN.get(skin, ())  # noqa: E731
        found.append(melts("hair_colour", "skin", on_skin, "facial_hair"))
    return found


@torch.no_grad()
def left_out(pipeline: Any, examples: Examples, prompts: Sequence[str], seeds: Sequence[int]) -> list[tuple[str, ...]]:
    """What each prompt asks for that cannot be drawn of the character that its seed completes it to, in words."""
    tokens = pipeline.encode_prompt(list(prompts), pipeline._execution_device, 1, False)[0]
    return [examples.lacking(one, seed) for one, seed in zip(tokens, seeds, strict=True)]


@torch.no_grad()
def encode_prompts(
    pipeline: Any,
    examples: Examples,
    prompts: Sequence[str],
    negative_prompts: Sequence[str] | None,
    seeds: Sequence[int],
) -> dict[str, Tensor]:
    """A Stable Diffusion pipeline's arguments: `prompt_embeds` (B, tokens, H), completed, and the negative ones."""
    device = pipeline._execution_device  # where networks run that are moved there only as they are needed
    tokens = pipeline.encode_prompt(list(prompts), device, 1, False)[0]
    if negative_prompts is None:
        whole = [examples.complete(one, seed) for one, seed in zip(tokens, seeds, strict=True)]
        return {"prompt_embeds": torch.stack(whole)}
    negative = pipeline.encode_prompt(list(negative_prompts), device, 1, False)[0]
    whole = [examples.complete(*one) for one in zip(tokens, seeds, negative, strict=True)]
    return {"prompt_embeds": torch.stack(whole), "negative_prompt_embeds": negative}
