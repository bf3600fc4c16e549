"""Every recipe from nothing: renders or reads what it needs, trains, and writes the model card.

    python -m engines.training.recipes diffusion --out RUN --minutes 5

`huashen train` is the same. What a recipe needs is prepared once, in stages under RUN/prepared; a finished stage leaves
its arguments there and is not done again, so a killed command is simply repeated. Arguments that are not known here
are those of the recipe's own module, whose options `python -m engines.training.<recipe> --help` lists.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import json
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from engines.training.clock import end_of
from engines.training.stages import COUNT, OWN_PICTURES, RECIPES, Order, Stage, Unusable

PACKAGE = "engines.training"
TIMES = ("--until", "--minutes")
"""Options that do not make a stage another one: what is done is not done again because less time is left."""


def run(recipe: str, order: Order, more: Sequence[str] = (), command: str = "") -> None:
    """Carry the order out; Unusable, BadFolder or another ValueError, in one sentence, where that cannot be."""
    from engines.training.card import write_card

    if recipe not in RECIPES:
        raise Unusable(f"There is no recipe '{recipe}'; there are {', '.join(RECIPES)}.")
    if order.data is not None and recipe not in (*OWN_PICTURES, "tone"):
        raise Unusable(f"'{recipe}' does not learn from a folder; these do: {', '.join(OWN_PICTURES)}.")
    end_of(order.until, datetime.datetime.now())  # before anything is written
    stages = RECIPES[recipe](order)
    own = [stage.name for stage in stages].index("")
    order.out.mkdir(parents=True, exist_ok=True)
    for index, stage in enumerate(stages):
        arguments = [*stage.arguments, *more] if index == own else list(stage.arguments)
        run_stage(order.work, stage, arguments, f"{index + 1}/{len(stages)}")
    card = write_card(
        order.out, recipe, command, [f"{PACKAGE}.{s.module} {shlex.join(s.arguments)}" for s in stages[:own]]
    )
    print(f"The model card is {card}.", flush=True)
    if (order.out / "weights" / "unet").is_dir():
        from engines.avatar.embedded import prepare

        pipeline = prepare(order.out, order.out / "weights").resolve()
        print(f"To draw with it: HUASHEN_PICTURE__MODEL={pipeline} huashen avatar 'a red robot'", flush=True)


def run_stage(work: Path, stage: Stage, arguments: list[str], place: str) -> None:
    """Run a stage's module in this process, unless the same stage is done with the same arguments."""
    module, done = f"{PACKAGE}.{stage.module}", work / f"{stage.name}.done"
    lasting = [a for a, before in zip(arguments, ["", *arguments], strict=False) if before not in TIMES]
    said = json.dumps([module, *lasting])
    if stage.name and stage.once and done.exists() and done.read_text(encoding="utf-8") == said:
        print(f"[{place}] {stage.name} is there already.", file=sys.stderr, flush=True)
        return
    print(f"[{place}] {module} {shlex.join(arguments)}", file=sys.stderr, flush=True)
    before, sys.argv = sys.argv, [module, *arguments]
    try:
        importlib.import_module(module).main()
    finally:
        sys.argv = before
    if stage.name:
        work.mkdir(parents=True, exist_ok=True)
        done.write_text(said, encoding="utf-8")


def until_of(minutes: float | None, until: str | None) -> str:
    """When to stop, as the recipes' modules are told; half an hour where nothing is said."""
    if minutes is not None and until is not None:
        raise Unusable("Say either how many minutes or until when, not both.")
    return until or f"+{30 if minutes is None else minutes:g}"


def main() -> None:
    """Run one recipe; what is wrong with an order or a folder is one sentence on stderr and exit code 2."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", choices=tuple(RECIPES))
    parser.add_argument("--out", type=Path, required=True, help="run folder; one that is there is continued")
    parser.add_argument("--data", type=Path, help="a folder of pictures and captions instead of renders")
    parser.add_argument("--minutes", type=float, help="how long to train")
    parser.add_argument("--until", help="time of day to stop, HH:MM")
    parser.add_argument("--count", type=int, default=COUNT, help="characters to render")
    parser.add_argument("--codec", type=Path, help="a codec to use instead of fitting one")
    parser.add_argument("--prepared", type=Path, help="where prepared data is; default OUT/prepared")
    o, more = parser.parse_known_args()
    try:
        until = until_of(o.minutes, o.until)
        order = Order(o.out, o.data, until, o.count, o.codec, o.prepared)
        run(o.recipe, order, more, shlex.join(["huashen", "train", *sys.argv[1:]]))
    except ValueError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
