"""The commands for those who make models: training recipes, and every figure of the model cards.

Both run in this process and load its model libraries, which nothing that serves members ever does.
"""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.shell import Json

RECIPES = "codec, diffusion, distil, finish, gan, clip, captioner, upscaler, tone, judge, text, screen"


def train(
    context: typer.Context,
    recipe: Annotated[str, typer.Argument(help=f"One of {RECIPES}.")],
    out: Annotated[Path, typer.Option(help="Run folder; one that is there is continued.")],
    data: Annotated[
        Path | None, typer.Option(help="Folder of your own pictures and captions; for tone, its file of examples.")
    ] = None,
    minutes: Annotated[float | None, typer.Option(help="How long to train; 30 if nothing is said.")] = None,
    until: Annotated[str | None, typer.Option(help="Time of day to stop, HH:MM.")] = None,
    count: Annotated[int, typer.Option(help="Characters to render where there is no --data.")] = 2000,
    codec: Annotated[Path | None, typer.Option(help="A codec to use instead of fitting one.")] = None,
    prepared: Annotated[Path | None, typer.Option(help="Prepared data, to share it; default OUT/prepared.")] = None,
) -> None:
    """Train a model from nothing; further options go to the recipe's own module."""
    _need_training()
    from engines.training.recipes import run, until_of
    from engines.training.stages import Order

    try:
        order = Order(out, data, until_of(minutes, until), count, codec, prepared)
        run(recipe, order, context.args, shlex.join(["huashen", *sys.argv[1:]]))
    except ValueError as error:
        _end(error)
    except KeyboardInterrupt:
        typer.echo("Stopped. The same command goes on from the last report.", err=True)
        raise typer.Exit(130) from None


def evaluate(
    only: Annotated[str | None, typer.Option(help="Only 'pictures', 'gan', 'vision' or 'text'.")] = None,
    pictures: Annotated[Path | None, typer.Option(help="Folder of pictures to measure.")] = None,
    reference: Annotated[Path | None, typer.Option(help="Folder of pictures to measure them against.")] = None,
    model: Annotated[Path | None, typer.Option(help="Picture model: a run of 'train diffusion'.")] = None,
    count: Annotated[int, typer.Option(help="Pictures to draw; twice as many are rendered.")] = 200,
    work: Annotated[Path, typer.Option(help="Where renders and models are kept.")] = Path("out/evaluation"),
    as_json: Json = False,
) -> None:
    """Print every figure of the model cards, or those of a folder of pictures."""
    _need_training()
    from bot.evaluating import measure

    try:
        measure(only, pictures, reference, model, count, work, as_json)
    except ValueError as error:
        _end(error)


def _need_training() -> None:
    """End where the training extra is missing; else keep the libraries' own chatter out of what is printed."""
    import os
    from importlib.util import find_spec

    os.environ |= {"TRANSFORMERS_VERBOSITY": "error", "DIFFUSERS_VERBOSITY": "error"}
    os.environ |= {"HF_HUB_DISABLE_PROGRESS_BARS": "1"}
    wanted = ("dicebear", "dicebear_styles", "resvg_py", "rouge_score", "sacrebleu")
    missing = [name for name in wanted if find_spec(name) is None]
    if missing:
        _end(f"Training needs {', '.join(missing)}: pip install -e '.[training]'.")


def _end(sentence: object) -> None:
    typer.echo(str(sentence), err=True)
    raise typer.Exit(2)
