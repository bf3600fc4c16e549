"""What every command of the command line does before and after its work: settings in, an answer out.

Exit codes: 0 done, 2 bad input, 3 refused or held, 1 failure.
"""

import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.domain.errors import HuashenError
from bot.i18n import Translator, translator
from bot.logs import configure
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.oneshot import Answer

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout.")]
Out = Annotated[Path, typer.Option(help="Folder for the pictures.")]


def load_settings(quiet: bool = True) -> Settings:
    """Settings from the environment and .env; a wrong one ends the program with a sentence."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    try:
        settings = Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = "HUASHEN_" + "__".join(str(part).upper() for part in problem["loc"])
            typer.echo(f"{name}: {problem['msg']}", err=True)
        raise typer.Exit(2) from None
    except SettingsError as error:  # a value that should be JSON and is not
        typer.echo(f"The settings cannot be read: {error}.", err=True)
        raise typer.Exit(2) from None
    level = "warning" if quiet and settings.log.level == "info" else settings.log.level
    configure(level, settings.log.format, settings.secrets())
    return settings


def finish(answer: "Answer", as_json: bool, words: Translator, **more: Any) -> None:
    """Print an answer the way it was asked for, and end with its exit code."""
    said = {"message": words.text(answer.sentence)} if answer.sentence else {}
    if answer.notes:
        said["note"] = " ".join(words.text(note) for note in answer.notes)
    if as_json:
        typer.echo(json.dumps(more | answer.fields | said, ensure_ascii=False))
    for sentence in said.values():
        typer.echo(sentence, err=True)
    raise typer.Exit(answer.code)


def attempt(work: Coroutine[Any, Any, "Answer"], settings: Settings, as_json: bool, **more: Any) -> None:
    """Run a command to its answer; whatever a person should be told is told in their language."""
    from bot.oneshot import of_engine_error, of_error
    from engines.contract import EngineError

    words = translator(settings.language)
    try:
        answer = asyncio.run(work)
    except HuashenError as error:
        answer = of_error(error)
    except EngineError as error:
        answer = of_engine_error(error)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    finish(answer, as_json, words, **more)
