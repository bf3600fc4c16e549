"""The studio at the terminal: pictures by their numbers, children to choose from, families and finds."""

from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.ext.asyncio import AsyncEngine

from tests import house
from tests.adapters.console.test_chat import Terminal
from tests.fakes import SEEN


@pytest.fixture
def terminal(sqlite_database: AsyncEngine, tmp_path: Path) -> Terminal:
    home = house.build(sqlite_database, tmp_path / "artifacts")
    # What was made later is newer, as where clocks go on.
    home.clock.tick = 0.001
    return Terminal(home, tmp_path / "out")


def opened(path: Path) -> tuple[tuple[int, int], int]:
    """Size and frames of a picture."""
    with Image.open(path) as picture:
        return picture.size, getattr(picture, "n_frames", 1)


async def test_two_pictures_are_mixed_and_a_child_is_chosen(terminal: Terminal) -> None:
    printed = await terminal.type(
        "/avatar a fox --seed 10", "/avatar an owl --seed 20", "/mix 1 2 --coarse 0.2", "/choose 5", "/gallery"
    )
    (grid,) = terminal.session.out.glob("mix-*.webp")
    assert opened(grid) == ((3 * 64 + 2 * 8, 3 * 64 + 2 * 8), 1)
    assert len(list(terminal.session.out.glob("mix-*.png"))) == 9
    assert "Breeding" in printed and "in your gallery now" in printed
    lines = [line.split() for line in printed.splitlines()[-3:]]
    assert [line[0] for line in lines] == ["1", "2", "3"] and lines[1][-1] == "owl"


async def test_a_family_is_told_by_numbers(terminal: Terminal) -> None:
    printed = await terminal.type(
        "/avatar a fox", "/avatar an owl", "/family 1", "/mix 1 2", "/choose 1", "/family 1", "/family 3"
    )
    assert "made of words alone" in printed
    parents, children = printed.split("Made of\n")[1].split("Made of it\n")
    assert "an owl" in parents and "a fox" in parents and children.split()[0] == "1"


async def test_pictures_are_found_by_words(terminal: Terminal) -> None:
    printed = await terminal.type(
        "/avatar a fox --seed 120", "/avatar an owl --seed 240", "/find green", "/find yellow"
    )
    found = printed.split("an-owl-240.png")[1]
    assert "2" in found and "a fox" in found and "an owl" not in found.split("seed 120")[1]


async def test_a_picture_is_animated_enlarged_refined_and_restyled(terminal: Terminal) -> None:
    terminal.home.engine.description = SEEN
    printed = await terminal.type(
        "/avatar a fox --seed 1", "/avatar an owl --seed 2", "/morph 1 2", "/upscale 2 --scale 4", "/refine 2"
    )
    assert "Animating" in printed and "Enlarging" in printed
    (moving,) = terminal.session.out.glob("morph-*.webp")
    assert opened(moving) == ((64, 64), 6)
    printed = await terminal.type("/restyle 1 --style pixel")
    assert "green hair, round glasses" in printed


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/mix 1 2", "no picture 1 in your gallery"),
        ("/mix", "Pictures that /mix needs: 2"),
        ("/choose 1", "no picture 1"),
        ("/family", "single picture"),
        ("/find", "What shall I look for"),
        ("/find a fox", "Nothing in your gallery fits"),
        ("/upscale 1 2 3", "no picture 1"),
        ("/restyle zzzz --style pixel", "single picture"),
    ],
)
async def test_what_cannot_be_done_is_one_sentence(terminal: Terminal, line: str, sentence: str) -> None:
    assert sentence in await terminal.type(line)
