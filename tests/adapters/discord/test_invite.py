"""The invite link."""

import base64
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from adapters.discord.invite import NEEDED, application_id, invite_link
from bot.domain.errors import InvalidRequest


def token(user_id: int) -> str:
    """A token as Discord makes them."""
    return f"{base64.urlsafe_b64encode(str(user_id).encode()).decode().rstrip('=')}.abc.def"


@pytest.mark.parametrize("user_id", [123456789012345678, 1234567890123456789, 12345678901234567])
def test_the_link_names_the_bot_and_the_smallest_permissions(user_id: int) -> None:
    query = parse_qs(urlsplit(invite_link(token(user_id))).query)
    assert query["client_id"] == [str(user_id)]
    assert query["scope"] == ["bot applications.commands"]
    granted = discord.Permissions(int(query["permissions"][0]))
    assert granted == NEEDED
    assert not granted.administrator and not granted.manage_messages and not granted.mention_everyone


@pytest.mark.parametrize("wrong", ["", "hello", "aGVsbG8.x.y", "你好.x.y"])
def test_what_is_no_token_is_one_sentence(wrong: str) -> None:
    with pytest.raises(InvalidRequest, match="discord-token-wrong"):
        application_id(wrong)
