"""The command line: results go to stdout, everything else to stderr.

Exit codes: 0 done, 2 bad input, 3 refused or held, 1 failure. The heavy modules are imported inside the
commands, so that --help answers at once and never loads a model library.
"""

import asyncio
import json
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.domain.errors import HuashenError, InvalidRequest
from bot.domain.moderation import CaseStatus
from bot.domain.requests import AvatarRequest, CaptionRequest, Length, MemberRequest
from bot.i18n import Translator, translator
from bot.logs import configure
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.oneshot import Answer

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Huashen: AI avatars and captions for communities.")
db = typer.Typer(no_args_is_help=True, help="The database.")
discord = typer.Typer(no_args_is_help=True, help="The Discord bot.")
reviews = typer.Typer(no_args_is_help=True, help="What the screens held for a human.")
policies = typer.Typer(no_args_is_help=True, help="What each community's screens hold, refuse and cover.")
audits = typer.Typer(no_args_is_help=True, help="Who decided what.")
app.add_typer(db, name="db")
app.add_typer(policies, name="policy")
app.add_typer(audits, name="audit")
app.add_typer(reviews, name="review")
app.add_typer(discord, name="discord")

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout.")]
Community = Annotated[str | None, typer.Option(help="'discord:123'; 'discord:' for private chats there.")]
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


@app.command()
def run() -> None:
    """Start the bot: every adapter that has a token, and always the web page."""
    from bot.serve import serve

    settings = load_settings(quiet=False)
    attempt(serve(settings, typer.echo), settings, as_json=False)


@app.command()
def avatar(
    prompt: str,
    seed: Annotated[int | None, typer.Option(help="The same seed draws the same picture.")] = None,
    count: Annotated[int, typer.Option(help="Pictures to draw.")] = 1,
    steps: Annotated[int | None, typer.Option(help="Denoising steps.")] = None,
    guidance: Annotated[float | None, typer.Option(help="How closely to follow the prompt.")] = None,
    style: Annotated[str | None, typer.Option(help="A style by name.")] = None,
    negative: Annotated[str, typer.Option(help="What to keep out.")] = "",
    lora: Annotated[str | None, typer.Option(help="A LoRA by name.")] = None,
    image: Annotated[Path | None, typer.Option("--from", help="A picture to start from.")] = None,
    strength: Annotated[float, typer.Option(help="How far from that picture, 0.05 to 1.")] = 0.6,
    out: Out = Path("out"),
    as_json: Json = False,
) -> None:
    """Draw avatars."""
    from bot.commands import draw

    settings = load_settings()

    def request() -> MemberRequest:
        return AvatarRequest(
            prompt=prompt,
            negative_prompt=negative,
            style=style,
            seed=seed,
            count=count,
            num_inference_steps=steps,
            guidance_scale=guidance,
            lora=lora,
            strength=strength,
            image=_picture(image) if image else None,
        )

    attempt(draw(request, settings, out, as_json), settings, as_json, files=[])


@app.command()
def caption(
    topic: Annotated[str, typer.Argument()] = "",
    tone: Annotated[str, typer.Option(help="A tone by name.")] = "plain",
    length: Annotated[Length, typer.Option(help="How long they should be.")] = Length.NORMAL,
    count: Annotated[int, typer.Option(help="Captions to write.")] = 3,
    seed: Annotated[int | None, typer.Option(help="The same seed writes the same captions.")] = None,
    as_json: Json = False,
) -> None:
    """Write captions."""
    from bot.commands import write

    settings = load_settings()

    def request() -> MemberRequest:
        return CaptionRequest(topic=topic, tone=tone, length=length, count=count, seed=seed)

    attempt(write(request, settings, as_json), settings, as_json, texts=[])


@app.command()
def screen(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One text a line: a JSON string or {'text': ...}.")] = False,
) -> None:
    """Score texts from stdin; one JSON object a line on stdout."""
    from bot.commands import screen_stdin

    settings = load_settings()
    attempt(screen_stdin(settings, jsonl), settings, as_json=False)


@app.command()
def models(as_json: Json = False) -> None:
    """List the models that can be asked for."""
    from bot.commands import list_models

    settings = load_settings()
    attempt(list_models(settings, as_json), settings, as_json=False)


@app.command()
def quota(as_json: Json = False) -> None:
    """Show what you have left today."""
    from bot.commands import show_quota

    settings = load_settings()
    attempt(show_quota(settings, as_json), settings, as_json=False)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Look at everything that can be wrong, and say how to mend it."""
    from bot.doctor import examine

    settings = load_settings()
    attempt(examine(settings, as_json), settings, as_json=False)


@app.command()
def chat(out: Out = Path("out")) -> None:
    """Chat in the terminal."""
    from bot.commands import chat as start

    settings = load_settings()
    attempt(start(settings, out), settings, as_json=False)


@app.command()
def demo(out: Out = Path("out")) -> None:
    """Walk one /avatar and one /caption through the whole house."""
    from bot.commands import demo as start

    settings = load_settings()
    attempt(start(settings, out), settings, as_json=False)


@app.command()
def link() -> None:
    """Print a new one-time sign-in link for the web page of the running bot."""
    from bot.serve import print_link

    settings = load_settings()
    attempt(print_link(settings, typer.echo), settings, as_json=False)


@db.command("upgrade")
def upgrade() -> None:
    """Bring the database up to date."""
    from bot.commands import upgrade_database

    settings = load_settings()
    attempt(upgrade_database(settings), settings, as_json=False)


@discord.command("invite")
def invite() -> None:
    """Print the link that adds the bot to a server, with the permissions it needs and none besides."""
    from bot.commands import print_invite

    settings = load_settings()
    attempt(print_invite(settings), settings, as_json=False)


@policies.command("show")
def policy_show(community: Community = None) -> None:
    """Print the policy in force."""
    from bot.moderating import show_policy

    settings = load_settings()
    attempt(show_policy(community, settings), settings, as_json=False)


@policies.command("export")
def policy_export(file: Path, community: Community = None) -> None:
    """Write the policy in force to a TOML file."""
    from bot.moderating import show_policy

    settings = load_settings()
    attempt(show_policy(community, settings, file), settings, as_json=False)


@policies.command("import")
def policy_import(file: Path, community: Community = None) -> None:
    """Put the policy of a TOML file in force."""
    from bot.moderating import import_policy

    settings = load_settings()
    attempt(import_policy(file, community, settings), settings, as_json=False)


@policies.command("preset")
def policy_preset(name: str, community: Community = None) -> None:
    """Put a preset in force: family, standard or adults."""
    from bot.moderating import choose_preset

    settings = load_settings()
    attempt(choose_preset(name, community, settings), settings, as_json=False)


@audits.command("verify")
def audit_verify() -> None:
    """Check that no entry was changed, added in between or cut off."""
    from bot.moderating import verify_audit

    settings = load_settings()
    attempt(verify_audit(settings), settings, as_json=False)


@audits.command("export")
def audit_export(
    days: Annotated[float | None, typer.Option(help="Only so many days back.")] = None, community: Community = None
) -> None:
    """Print the entries, one JSON object a line."""
    from bot.moderating import export_audit

    settings = load_settings()
    attempt(export_audit(settings, days, community), settings, as_json=False)


@reviews.command("list")
def review_list(as_json: Json = False) -> None:
    """Show what waits for a decision."""
    from bot.moderating import list_cases

    settings = load_settings()
    attempt(list_cases(settings, as_json), settings, as_json=False)


@reviews.command("show")
def review_show(case: str, out: Out = Path("out"), as_json: Json = False) -> None:
    """Show one case; its pictures are written to a folder."""
    from bot.moderating import show_case

    settings = load_settings()
    attempt(show_case(case, settings, out, as_json), settings, as_json=False)


@reviews.command("approve")
def review_approve(case: str, note: str = "") -> None:
    """Let it go to its member."""
    from bot.moderating import decide_case

    settings = load_settings()
    attempt(decide_case(case, CaseStatus.APPROVED, note, settings), settings, as_json=False)


@reviews.command("reject")
def review_reject(
    case: str,
    note: str = "",
    reason: Annotated[str | None, typer.Option(help="What it is, where that is not what the screens saw.")] = None,
    strike: Annotated[bool, typer.Option(help="Count it against the member.")] = True,
) -> None:
    """Refuse it; its member is told why."""
    from bot.moderating import decide_case

    settings = load_settings()
    attempt(decide_case(case, CaseStatus.REJECTED, note, settings, reason, strike), settings, as_json=False)


@reviews.command("overturn")
def review_overturn(case: str, note: str = "") -> None:
    """Turn a decision round: what was rejected goes out, what was approved is taken away."""
    from bot.moderating import overturn_case

    settings = load_settings()
    attempt(overturn_case(case, note, settings), settings, as_json=False)


def _picture(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidRequest("file-unreadable", file=str(path)) from error


def main() -> None:
    """The program `huashen`; a wrong option is one sentence too, without usage and frame around it."""
    try:
        sys.exit(app(standalone_mode=False))
    except typer.TyperException as error:
        if sentence := error.format_message():
            typer.echo(sentence, err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
