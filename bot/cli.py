"""The command line: results go to stdout, everything else to stderr.

The heavy modules are imported inside the commands, so that --help answers at once and never loads a model library.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import cli_studio
from bot.cli_moderation import audits, policies, reviews
from bot.cli_tone import tones
from bot.cli_training import evaluate, train
from bot.domain.errors import InvalidRequest
from bot.domain.requests import STRENGTH, AvatarRequest, CaptionRequest, Length, MemberRequest
from bot.shell import Json, Out, attempt, load_settings

if TYPE_CHECKING:
    pass

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Huashen: AI avatars and captions for communities.")
db = typer.Typer(no_args_is_help=True, help="The database.")
discord = typer.Typer(no_args_is_help=True, help="The Discord bot.")
app.add_typer(db, name="db")
app.add_typer(policies, name="policy")
app.add_typer(audits, name="audit")
app.add_typer(reviews, name="review")
app.add_typer(discord, name="discord")
app.add_typer(tones, name="tone")
app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(train)
app.command()(evaluate)


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
    strength: Annotated[float, typer.Option(help="How far from that picture, 0.05 to 1.")] = STRENGTH,
    model: Annotated[str, typer.Option(help="A model by name; 'gan' draws at once.")] = "default",
    wildness: Annotated[float | None, typer.Option(help="0 ordinary to 1 wild, for the model 'gan'.")] = None,
    candidates: Annotated[int, typer.Option(help="Pictures to draw and choose the best from.")] = 1,
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
            model=model,
            wildness=wildness,
            candidates=candidates,
        )

    attempt(draw(request, settings, out, as_json), settings, as_json, files=[])


@app.command()
def caption(
    topic: Annotated[str, typer.Argument()] = "",
    tone: Annotated[str, typer.Option(help="A tone by name.")] = "plain",
    length: Annotated[Length, typer.Option(help="How long they should be.")] = Length.NORMAL,
    count: Annotated[int, typer.Option(help="Captions to write.")] = 3,
    seed: Annotated[int | None, typer.Option(help="The same seed writes the same captions.")] = None,
    image: Annotated[
        Path | None, typer.Option(help="A picture to write about; then the topic may be left out.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write captions."""
    from bot.commands import write

    settings = load_settings()

    def request() -> MemberRequest:
        picture = _picture(image) if image else None
        return CaptionRequest(topic=topic, tone=tone, length=length, count=count, seed=seed, image=picture)

    attempt(write(request, settings, as_json), settings, as_json, texts=[])


cli_studio.register(app)


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
