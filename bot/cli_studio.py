"""The studio at the command line: what begins from pictures, and what finds them.

A picture is named by its number in `huashen gallery` (1 is the newest), by the beginning of its id, or by a file.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.domain.requests import MemberRequest, MixRequest, MorphRequest, RestyleRequest, Source, UpscaleRequest
from bot.domain.studio import SCALES
from bot.shell import Json, Out, attempt, load_settings

OneName = Annotated[str, typer.Argument(help="A number in the gallery, the beginning of an id, or a file.")]
Seed = Annotated[int | None, typer.Option(help="The same seed makes the same again.")]
Share = Annotated[float | None, typer.Option(min=0, max=1, help="How much comes from the second, 0 to 1.")]


def register(app: typer.Typer) -> None:
    """Add the studio's commands."""
    for command in (mix, morph, upscale, restyle, find, gallery, save):
        app.command()(command)


def mix(
    first: OneName,
    second: OneName,
    coarse: Share = None,
    middle: Share = None,
    fine: Share = None,
    seed: Seed = None,
    keep: Annotated[list[int] | None, typer.Option(help="A child, by its number, for the gallery.")] = None,
    out: Out = Path("out"),
    as_json: Json = False,
) -> None:
    """Breed nine children of two pictures."""

    def build(pictures: Sequence[Source]) -> MemberRequest:
        return MixRequest(pictures[0], pictures[1], coarse, middle, fine, seed)

    _make([first, second], build, out, as_json, keep or ())


def morph(
    names: Annotated[list[str], typer.Argument(help="Two to five pictures.")],
    out: Out = Path("out"),
    as_json: Json = False,
) -> None:
    """Turn pictures into each other, in a loop."""
    _make(names, lambda pictures: MorphRequest(tuple(pictures)), out, as_json)


def upscale(
    name: OneName,
    scale: Annotated[int, typer.Option(help="Times larger: " + " or ".join(map(str, SCALES)) + ".")] = SCALES[0],
    out: Out = Path("out"),
    as_json: Json = False,
) -> None:
    """Enlarge a picture."""
    _make([name], lambda pictures: UpscaleRequest(pictures[0], scale), out, as_json)


def restyle(
    name: OneName,
    style: Annotated[str | None, typer.Option(help="A style by name.")] = None,
    manner: Annotated[str | None, typer.Option(help="A picture in whose manner to paint.")] = None,
    prompt: Annotated[str, typer.Option(help="What it shows; left out, that is read from the picture.")] = "",
    strength: Annotated[
        float | None, typer.Option(help="How far from the picture, 0.05 to 1; if left out, as is usual for the style.")
    ] = None,
    seed: Seed = None,
    out: Out = Path("out"),
    as_json: Json = False,
) -> None:
    """Paint a picture anew: as an avatar in a style, or in the manner of another picture."""

    def build(pictures: Sequence[Source]) -> MemberRequest:
        return RestyleRequest(pictures[0], style, pictures[1] if manner else None, prompt, strength, seed)

    _make([name, manner] if manner else [name], build, out, as_json)


def find(words: Annotated[list[str], typer.Argument(help="What the picture shows.")], as_json: Json = False) -> None:
    """Find pictures of your gallery by words, the best first."""
    from bot.studio import find as start

    settings = load_settings()
    attempt(start(" ".join(words), settings, as_json), settings, as_json=False)


def gallery(
    limit: Annotated[int, typer.Option(min=1, help="Pictures, the newest.")] = 24, as_json: Json = False
) -> None:
    """List your pictures by the numbers that name them."""
    from bot.studio import gallery as start

    settings = load_settings()
    attempt(start(settings, as_json, limit), settings, as_json=False)


def save(name: OneName, out: Out = Path("out"), as_json: Json = False) -> None:
    """Write a picture of your gallery into a file."""
    from bot.studio import export

    settings = load_settings()
    attempt(export(name, settings, out, as_json), settings, as_json, files=[])


def _make(
    names: Sequence[str],
    build: Callable[[Sequence[Source]], MemberRequest],
    out: Path,
    as_json: bool,
    keep: Sequence[int] = (),
) -> None:
    from bot.studio import make

    settings = load_settings()
    attempt(make(names, build, settings, out, as_json, keep), settings, as_json, files=[])
