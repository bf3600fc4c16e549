"""Every setting, typed, with unit and default: environment HUASHEN_SECTION__NAME, or the file .env beside it."""

import json
import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.identity import Role


def default_data_dir() -> Path:
    """Where state lives unless told otherwise, by the XDG base directory specification."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "huashen"


def _given(token: SecretStr | None) -> SecretStr | None:
    """`HUASHEN_DISCORD__TOKEN=` in a file is how people leave it out."""
    stripped = token.get_secret_value().strip() if token else ""
    return SecretStr(stripped) if stripped else None


class Engine(BaseModel):
    """Where and how models run."""

    device: str = Field("auto", description="'auto', 'cpu', 'cuda', 'cuda:1', 'mps'")
    dtype: str = Field("auto", description="'auto', 'float32', 'bfloat16', 'float16'")
    threads: int = Field(0, ge=0, description="CPU threads of the main engine process; 0 chooses")
    compile: bool = Field(False, description="torch.compile the denoiser: minutes at the first picture, faster after")
    offload: Literal["auto", "none", "model", "sequential"] = Field("auto", description="how to save GPU memory")


class Text(BaseModel):
    """The text model."""

    model: str = Field("embedded", description="'embedded', a transformers folder, or a hub name")


class Guard(BaseModel):
    """A second opinion about texts."""

    model: str = Field(
        "", description="a guard model beside the embedded screens: a transformers classifier's folder or hub name"
    )


class Vision(BaseModel):
    """The model that says what pictures show."""

    model: str = Field(
        "embedded",
        description="describes pictures: 'embedded', a transformers image-to-text folder, or a hub name",
    )


class Picture(BaseModel):
    """The picture model."""

    model: str = Field("embedded", description="'embedded', a diffusers folder, or a hub name")
    candidates: int = Field(
        8, ge=1, le=32, description="pictures that a member may have drawn at most to be shown the best of them"
    )
    loras: dict[str, Path] = Field(default_factory=dict, description="LoRA files by the name members use")


class Quota(BaseModel):
    """Units: a picture costs 4, a set of captions 1."""

    member_day: dict[Role, int] = Field(
        {Role.MEMBER: 200, Role.TRUSTED: 400, Role.MODERATOR: 1000, Role.OWNER: 20_000},
        description="units a member may use in a UTC day, by role",
    )
    member_minute: dict[Role, int] = Field(
        {Role.MEMBER: 32, Role.TRUSTED: 64, Role.MODERATOR: 128, Role.OWNER: 2000},
        description="units a member may use in a minute, by role",
    )
    community_day: int = Field(5000, ge=0, description="units a community may use in a UTC day")


class Queue(BaseModel):
    """Patience and parallelism. Times in seconds."""

    workers: int = Field(16, ge=1, le=64, description="jobs in hand at once; the engine forms batches from them")
    limit: int = Field(500, ge=1, description="waiting jobs after which new ones are refused")
    lease: float = Field(20.0, ge=1, description="seconds until a dead worker's job is given to another")
    deadline: float = Field(900.0, ge=1, description="seconds from submission until a job is given up")
    attempts: int = Field(3, ge=1, description="times a job is tried when the engine dies under it")


class Web(BaseModel):
    """The web page."""

    host: str = Field("127.0.0.1", description="address to bind; anything but loopback shows the page to your network")
    port: int = Field(8080, ge=0, le=65535)
    base_url: str = Field("", description="the page's address behind a proxy, 'https://...'; empty: as bound")
    allowed_hosts: list[str] = Field(default_factory=list, description="further host names the page answers to")


class Discord(BaseModel):
    """The Discord bot."""

    token: SecretStr | None = Field(None, description="the bot's token; without it Discord is off")
    api_base: str = Field("", description="Discord's API behind a proxy of yours; empty: Discord's own")
    gateway: str = Field("", description="Discord's gateway behind a proxy of yours, 'wss://...'; empty: Discord's own")
    cdn_base: str = Field("", description="Discord's file server behind a proxy of yours; empty: Discord's own")

    @field_validator("token")
    @classmethod
    def _given(cls, token: SecretStr | None) -> SecretStr | None:
        """Without what people leave around it."""
        return _given(token)


class Telegram(BaseModel):
    """The Telegram bot."""

    token: SecretStr | None = Field(None, description="the bot's token from @BotFather; without it Telegram is off")
    base_url: str = Field(
        "https://api.telegram.org/bot", description="the Bot API, or a server of yours: 'http://127.0.0.1:8081/bot'"
    )
    base_file_url: str = Field("https://api.telegram.org/file/bot", description="where that server has files")
    webhook: str = Field(
        "", description="'https://...' where Telegram shall push to; empty: the bot asks, which needs no open port"
    )
    webhook_host: str = Field("127.0.0.1", description="address to bind for the webhook, behind your https proxy")
    webhook_port: int = Field(8443, ge=0, le=65535)

    @field_validator("token")
    @classmethod
    def _given(cls, token: SecretStr | None) -> SecretStr | None:
        """Without what people leave around it."""
        return _given(token)


class Log(BaseModel):
    """What is written to stderr."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "console", "json"] = Field("auto", description="'auto' is console on a terminal, else json")


class Settings(BaseSettings):
    """All of it."""

    model_config = SettingsConfigDict(
        env_prefix="HUASHEN_", env_nested_delimiter="__", env_file=".env", extra="ignore", validate_default=True
    )

    data_dir: Path = Field(default_factory=default_data_dir, description="the one folder where all state lives")
    database_url: SecretStr | None = Field(
        None, description="'postgresql+asyncpg://user:password@host/name'; a SQLite file in the data folder if unset"
    )
    language: str = Field("en", description="language of the console, and of members who tell none")
    engine: Engine = Engine()
    text: Text = Text()
    picture: Picture = Picture()
    vision: Vision = Vision()
    guard: Guard = Guard()
    quota: Quota = Quota()
    queue: Queue = Queue()
    web: Web = Web()
    discord: Discord = Discord()
    telegram: Telegram = Telegram()
    log: Log = Log()

    def database(self) -> str:
        """The database's URL, with its password: never log it."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data_dir / 'huashen.db'}"

    def secrets(self) -> list[str]:
        """What no log may show."""
        secrets = (self.database_url, self.discord.token, self.telegram.token)
        return [secret.get_secret_value() for secret in secrets if secret]


def describe() -> str:
    """docs/SETTINGS.md: every setting with its default and meaning."""
    lines = ["# Settings", "", "Set them in the environment or in a file `.env` beside where you start.", ""]
    lines += ["| variable | default | meaning |", "|---|---|---|"]

    def rows(model: type[BaseModel], prefix: str) -> None:
        for name, field in model.model_fields.items():
            variable = f"{prefix}{name.upper()}"
            if isinstance(field.default, BaseModel):
                rows(type(field.default), f"{variable}__")
                continue
            default = "`~/.local/share/huashen`" if field.default_factory is default_data_dir else _shown(field)
            lines.append(f"| `{variable}` | {default} | {field.description or ''} |")

    rows(Settings, "HUASHEN_")
    return "\n".join(lines) + "\n"


def _shown(field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(default, dict):
        default = {str(key): value for key, value in default.items()}
    return f"`{json.dumps(default)}`" if default not in ("", None, [], {}) else ""


if __name__ == "__main__":
    print(describe(), end="")
