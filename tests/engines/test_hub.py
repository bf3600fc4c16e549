"""Models by name: this machine first, then the hub, and no long wait where there is none."""

from pathlib import Path
from types import SimpleNamespace

import huggingface_hub
import pytest

from engines.contract import ModelUnavailable
from engines.hub import locate, read_model


class Hub:
    """A hub that answers or does not, and a model that can be fetched from it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, answers: bool, cached: bool = False) -> None:
        self.answers, self.cached = answers, cached
        self.calls: list[str] = []
        monkeypatch.setattr(huggingface_hub, "get_session", lambda: SimpleNamespace(head=self.head))

    def head(self, address: str, timeout: float) -> None:
        self.calls.append("head")
        if not self.answers:
            raise ConnectionError(address)

    def read(self, local_files_only: bool) -> str:
        self.calls.append("local" if local_files_only else "fetch")
        if local_files_only and not self.cached:
            raise OSError("not in the cache")
        return "model"


def test_what_is_here_needs_no_hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hub = Hub(monkeypatch, answers=False, cached=True)
    assert read_model("owner/name", hub.read) == read_model(tmp_path, hub.read) == "model"
    assert hub.calls == ["local", "local"]


def test_what_is_not_here_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub(monkeypatch, answers=True)
    assert read_model("owner/name", hub.read) == "model"
    assert hub.calls == ["local", "head", "fetch"]


def test_without_a_hub_nothing_is_tried_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub(monkeypatch, answers=False)
    with pytest.raises(ModelUnavailable, match=r"'owner/name' is not on this machine.*cannot be reached.*its folder"):
        read_model("owner/name", hub.read)
    assert hub.calls == ["local", "head"]


def test_a_broken_folder_is_no_matter_of_the_hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hub = Hub(monkeypatch, answers=True)
    with pytest.raises(OSError, match="not in the cache"):
        read_model(tmp_path, hub.read)
    assert hub.calls == ["local"]


def test_folders_and_names(tmp_path: Path) -> None:
    assert locate(str(tmp_path)) == tmp_path
    assert locate("owner/name") == "owner/name"
    with pytest.raises(ModelUnavailable, match="does not exist"):
        locate(str(tmp_path / "nowhere"))
