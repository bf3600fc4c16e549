"""The commands for a community's own voice."""

from pathlib import Path
from typing import Annotated

import typer

from bot.shell import Json, attempt, load_settings

tones = typer.Typer(no_args_is_help=True, help="A community's own voice: its examples, and training on them.")

Community = Annotated[str, typer.Option(help="'discord:123' or 'telegram:-100456'.")]


@tones.command("list")
def tone_list(community: Community, as_json: Json = False) -> None:
    """Show the examples, and what was trained on them."""
    from bot.toning import list_examples

    settings = load_settings()
    attempt(list_examples(community, settings, as_json), settings, as_json=False)


@tones.command("add")
def tone_add(topic: str, caption: str, community: Community) -> None:
    """Add an example: a topic, and a caption that sounds like the community."""
    from bot.toning import add_examples

    settings = load_settings()
    attempt(add_examples([(topic, caption)], community, settings), settings, as_json=False)


@tones.command("remove")
def tone_remove(example: str, community: Community) -> None:
    """Forget an example, by the id that `list` shows or its beginning."""
    from bot.toning import remove_example

    settings = load_settings()
    attempt(remove_example(example, community, settings), settings, as_json=False)


@tones.command("export")
def tone_export(file: Path, community: Community) -> None:
    """Write the examples to a file, one JSON object a line."""
    from bot.toning import export_examples

    settings = load_settings()
    attempt(export_examples(file, community, settings), settings, as_json=False)


@tones.command("import")
def tone_import(file: Path, community: Community) -> None:
    """Add the examples of such a file, all or none."""
    from bot.toning import import_examples

    settings = load_settings()
    attempt(import_examples(file, community, settings), settings, as_json=False)


@tones.command("set")
def tone_set(
    community: Community,
    name: Annotated[str | None, typer.Option(help="What members see in the list of tones.")] = None,
    on: Annotated[bool | None, typer.Option("--on/--off", help="Whether it is on offer.")] = None,
    trained: Annotated[bool | None, typer.Option(help="Whether what was trained is used.")] = None,
    moderators: Annotated[bool | None, typer.Option(help="Whether moderators may collect examples.")] = None,
) -> None:
    """Name it, switch it on or off, and say what writes it and who may collect for it."""
    from bot.toning import settle_voice

    settings = load_settings()
    attempt(settle_voice(community, settings, name, on, trained, moderators), settings, as_json=False)


@tones.command("train")
def tone_train(community: Community) -> None:
    """Train an adapter on the examples: minutes on one core, and used only where it proves better."""
    from bot.toning import train

    settings = load_settings()
    attempt(train(community, settings), settings, as_json=False)


@tones.command("try")
def tone_try(
    topic: str,
    community: Community,
    trained: Annotated[bool, typer.Option(help="With what was trained, where that is used.")] = True,
    seed: Annotated[int, typer.Option(help="The same seed writes the same captions.")] = 0,
) -> None:
    """Write three captions in the community's voice, for nobody but you."""
    from bot.toning import try_out

    settings = load_settings()
    attempt(try_out(topic, community, settings, trained, seed), settings, as_json=False)
