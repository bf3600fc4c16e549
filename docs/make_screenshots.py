"""Make the README's pictures of the chat page: start the bot, ask it for things in Chromium, and photograph that.

    python -m docs.make_screenshots            (needs playwright and Chromium; a few minutes at the first run)

The moderators' console has its own: docs.make_moderation. Everything shown is what the bot really made, with fixed
seeds; nothing is picked or retouched.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from docs.stage import keep

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SIZE = {"width": 1100, "height": 720}
PATIENCE = 300_000
"""Milliseconds; the first request of a new data folder waits for the models to be prepared."""

AVATARS = (
    "/avatar ginger grandma in round glasses, grinning, blue background --seed 7",
    "/avatar friendly green robot, orange background --seed 11",
    "/avatar purple monster with horns, yellow background --seed 5",
    "/avatar smiling man with a black beard and a red shirt, teal background --count 4 --seed 21",
)
CAPTIONS = (
    "/caption first snow in the city --tone poetic --seed 4",
    "/caption our cat runs the office --tone funny --seed 7",
)


@contextmanager
def running_bot(folder: str) -> Iterator[str]:
    """A bot on a free port with its own data folder; yields its one-time sign-in address."""
    environment = os.environ | {"HUASHEN_DATA_DIR": folder, "HUASHEN_WEB__PORT": "0"}
    command = [Path(sys.executable).with_name("huashen"), "run"]
    bot = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert bot.stdout is not None
        for line in bot.stdout:
            if found := re.search(r"http://\S+/signin\?token=\S+", line):
                yield found[0]
                return
        raise SystemExit("the bot did not start: run `huashen run` to see why")
    finally:
        bot.terminate()
        bot.wait(60)


def ask(page: Page, line: str) -> None:
    """Send one line and wait for its answer."""
    before = page.locator(".message[data-mood=done]").count()
    page.fill("#text", line)
    page.press("#text", "Enter")
    page.locator(".message[data-mood=done]").nth(before).wait_for(timeout=PATIENCE)
    page.wait_for_timeout(500)


def photograph(page: Page, name: str) -> None:
    """Keep what is to be seen."""
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    keep(page.screenshot(caret="initial"), name)


def tour(browser: Browser, address: str) -> None:
    """Sign in, ask, and photograph on the way."""
    desk = browser.new_context(viewport=SIZE, device_scale_factor=1.5, color_scheme="light")
    page = desk.new_page()
    page.goto(address)
    page.wait_for_selector("#composer", timeout=PATIENCE)
    for line in AVATARS:
        ask(page, line)
    ask(page, AVATARS[0].replace("--seed 7", "--seed 8"))
    photograph(page, "avatar")
    for line in CAPTIONS:
        ask(page, line)
    photograph(page, "caption")
    ask(page, "/mix 1 2 --seed 3")
    photograph(page, "mix")
    home = page.url.split("#")[0]
    page.goto(home + "gallery")
    photograph(page, "gallery")


def main() -> None:
    """The bot, the browser, the pictures."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with (
        tempfile.TemporaryDirectory() as folder,
        running_bot(os.environ.get("HUASHEN_DATA_DIR", folder)) as address,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        tour(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
