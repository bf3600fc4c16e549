"""A payload is read back as it was packed, and never longer than a platform allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.chat.payload import LIMIT, Press, pack, unpack
from adapters.discord.dispatch import HANDLERS

PART = st.text(st.characters(exclude_characters=":").filter(str.isprintable), max_size=40)


@given(PART.filter(bool), PART, PART)
def test_what_is_packed_is_read_back(kind: str, target: str, extra: str) -> None:
    try:
        custom_id = pack(kind, target, extra)
    except ValueError:
        assert len(f"h1:{kind}:{target}:{extra}".encode()) > LIMIT
        return
    assert len(custom_id.encode()) <= LIMIT
    assert unpack(custom_id) == Press(kind, target, extra)


@pytest.mark.parametrize(
    "parts", [("a:b",), ("again", "x:y"), ("again", "", ":"), ("again", "x" * 100), ("again", "\0"), ("",)]
)
def test_what_could_not_be_read_back_is_not_packed(parts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError):
        pack(*parts)


@given(st.text())
def test_anything_can_be_read(custom_id: str) -> None:
    press = unpack(custom_id)
    assert press is None or pack(press.kind, press.target, press.extra).rstrip(":") == custom_id.rstrip(":")


@pytest.mark.parametrize(
    "old", ["", "h1", "h1:again:\0", "h1:again:\ud800", "h1:", "h0:again:1", "again:1", "h1:a:b:c:d"]
)
def test_what_is_not_of_this_version_is_not_ours(old: str) -> None:
    assert unpack(old) is None


@pytest.mark.parametrize("kind", HANDLERS)
def test_every_handler_can_be_reached_with_the_longest_ids(kind: str) -> None:
    assert unpack(pack(kind, "f" * 32)) == Press(kind, "f" * 32)


def test_the_next_case_is_found_from_the_one_that_was_passed_over() -> None:
    passed = repr(1_800_000_000.123456)
    assert unpack(pack("next", passed, "f" * 32)) == Press("next", passed, "f" * 32)
