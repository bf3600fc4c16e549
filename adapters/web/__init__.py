"""The web page: a chat channel in the browser. Bootstrap builds `WebDeps` and serves `create_app(deps)`."""

from adapters.presentation import Choice
from adapters.web.access import Access
from adapters.web.app import create_app
from adapters.web.deps import WebDeps, WebSettings
from adapters.web.messenger import WebMessenger

__all__ = ["Access", "Choice", "WebDeps", "WebMessenger", "WebSettings", "create_app"]
