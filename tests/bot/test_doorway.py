"""The address that chat platforms hand out: whose it is, and whether it opens anywhere else."""

import pytest

from bot.domain.identity import Origin, Platform, Role
from bot.doorway import PageDoor, access
from bot.settings import Settings, Web


@pytest.mark.parametrize(
    ("web", "local"),
    [
        (Web(), True),
        (Web(host="::1"), True),
        (Web(host="0.0.0.0"), True),
        (Web(host="192.168.1.7"), False),
        (Web(base_url="https://bot.example.org"), False),
        (Web(base_url="http://localhost:9000"), True),
    ],
)
def test_it_says_where_it_opens(web: Web, local: bool, tmp_path: object) -> None:
    assert PageDoor(Settings(data_dir=tmp_path, web=web)).local is local


def test_the_link_is_for_one_person_in_one_community_and_works_once(tmp_path: object) -> None:
    settings = Settings(data_dir=tmp_path)
    mo = Origin(Platform.DISCORD, "7", "", "42", "Mo", Role.MODERATOR)
    token = PageDoor(settings).link(mo, "Lake").partition("token=")[2]
    session = access(settings).redeem(token)
    assert session and session.community == (Platform.DISCORD, "42") and session.community_name == "Lake"
    assert (session.user_id, session.role, session.display_name) == ("7", Role.MODERATOR, "Mo")
    assert access(settings).redeem(token) is None
