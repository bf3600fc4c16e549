"""Discord's words for who asks and what they filled in, in ours."""

from typing import Any

import discord
import pytest

from adapters.discord.parsing import attachment_address, modal_values, ranked, role_of
from bot.domain.community import CommunityRules
from bot.domain.identity import Role

RULES = CommunityRules(trusted_roles=frozenset({"1"}), moderator_roles=frozenset({"2"}))


@pytest.mark.parametrize(
    ("permissions", "role"),
    [
        ({}, Role.MEMBER),
        ({"send_messages": True, "manage_roles": True}, Role.MEMBER),
        ({"manage_messages": True}, Role.MODERATOR),
        ({"moderate_members": True}, Role.MODERATOR),
        ({"manage_messages": True, "manage_guild": True}, Role.OWNER),
        ({"administrator": True}, Role.OWNER),
    ],
)
def test_permissions_amount_to_a_rank(permissions: dict[str, bool], role: Role) -> None:
    assert role_of(discord.Permissions(**permissions)) is role


@pytest.mark.parametrize(
    ("by_permission", "roles", "rank"),
    [
        (Role.MEMBER, [], Role.MEMBER),
        (Role.MEMBER, ["1"], Role.TRUSTED),
        (Role.MEMBER, ["1", "2"], Role.MODERATOR),
        (Role.OWNER, ["1"], Role.OWNER),
        (Role.MEMBER, ["3"], Role.MEMBER),
    ],
)
def test_the_higher_rank_counts(by_permission: Role, roles: list[str], rank: Role) -> None:
    assert ranked(by_permission, roles, RULES) is rank


@pytest.mark.parametrize("host", ["cdn.discordapp.com", "media.discordapp.net"])
def test_discords_files_come_through_the_owners_proxy(host: str) -> None:
    path = "/attachments/1/2/a.png?ex=1&hm=2"
    assert attachment_address(f"https://{host}{path}", "http://proxy/") == f"http://proxy{path}"
    assert attachment_address(f"https://{host}{path}", "") == f"https://{host}{path}"


@pytest.mark.parametrize("url", ["https://evil.example/a.png", "https://cdn.discordapp.com.evil.example/a.png"])
def test_other_addresses_are_left_alone(url: str) -> None:
    assert attachment_address(url, "http://proxy") == url


@pytest.mark.parametrize(
    ("data", "values"),
    [
        ({}, {}),
        ({"components": [{"type": 1, "components": [{"custom_id": "a", "value": "x"}]}]}, {"a": "x"}),
        ({"components": [{"type": 18, "component": {"custom_id": "a", "value": None}}]}, {"a": ""}),
        ({"components": [{"type": 18, "component": {"custom_id": "a", "values": ["x", "y"]}}]}, {"a": "x,y"}),
        ({"components": [{"type": 18, "component": {"custom_id": "a", "values": []}}, {"type": 10}]}, {"a": ""}),
    ],
)
def test_a_form_is_read_whatever_its_nesting(data: Any, values: dict[str, str]) -> None:
    assert modal_values(data) == values
