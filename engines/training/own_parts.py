"""Faces that the library's styles lack.

Its robots only smile or look blank. Its pixel people are never angry, and their other mouths are a few squares, often
in nearly the colour of their skin, that hardly anybody can tell apart. A mouth brings its brows along, as robots and
pixel people have none that could be chosen.
"""

from __future__ import annotations

from typing import Any

Element = dict[str, Any]


def _element(name: str, **attributes: object) -> Element:
    return {"name": name, "type": "element", "attributes": {k.replace("_", "-"): v for k, v in attributes.items()}}


def _line(d: str, width: str = "5", opacity: str = ".75") -> Element:
    return _element(
        "path", d=d, stroke="black", stroke_opacity=opacity, stroke_width=width, stroke_linecap="round", fill="none"
    )


_ROBOT_BROWS = _line("M-8 -58 20 -46M76 -58 48 -46", "6", ".8")


def _heart(x: int) -> list[Element]:
    """A lens with a heart in it, as a heart alone vanishes on a red face."""
    heart = f"M{x} 37c-17-11-17-24-8-24 5 0 8 4 8 6 0-2 3-6 8-6 9 0 9 13-8 24"
    return [_element("circle", cx=str(x), cy="24", r="22", fill="white"), _element("path", d=heart, fill="#e11d48")]


_DARK, _RED = "#2b1d14", "#d01f2e"


def _pixels(*shapes: tuple[str, str]) -> list[Element]:
    """Paths of (fill, outline) along the grid of a face's pixels."""
    return [_element("path", d=outline, fill=fill) for fill, outline in shapes]


_ANGRY_BROWS = (_DARK, "M-2-6h2v1h1v1h-2v-1h-1zM4-6h2v1h-1v1h-2v-1h1z")
_SAD_BROWS = (_DARK, "M-2-5h1v-1h2v1h-1v1h-2zM3-6h2v1h1v1h-2v-1h-1z")
_RAISED_BROWS = (_DARK, "M-2-6h3v1h-3zM3-6h3v1h-3z")
_ARCH = "M0 0h4v1h1v1h-1v-1h-4v1h-1v-1h1z"
_TEETH = "M-1 0h6v1h-1v1h-1v1h-2v-1h-1v-1h-1z"

OWN_PARTS: dict[str, dict[str, dict[str, list[Element]]]] = {
    "robot": {
        "eyes": {"hearts01": [*_heart(24), *_heart(80)]},
        "mouth": {
            "laugh01": [
                _element("path", d="M8 1h52q3 0 3 3c0 12-12 20-29 20S5 16 5 4q0-3 3-3", fill="black"),
                _element("path", d="M14 1h40v5q0 3-3 3H17q-3 0-3-3z", fill="white"),
                _element("path", d="M20 20q14-8 28 0-6 4-14 4t-14-4", fill="#fb7185"),
            ],
            "frown01": [_line("M22 15q12-15 24 0")],
            "frown02": [_line("M12 18q22-22 44 0")],
            "angry01": [_ROBOT_BROWS, _line("M12 17q22-18 44 0")],
            "angry02": [_ROBOT_BROWS, _line("M8 8l9 9 9-9 8 9 8-9 9 9 9-9", "4.5")],
            "ooh01": [_element("ellipse", cx="34", cy="12", rx="9", ry="11", fill="black", fill_opacity=".75")],
        },
    },
    "pixel": {
        "mouth": {
            "smile01": _pixels((_RED, "M-1 0h1v1h4v-1h1v1h-1v1h-4v-1h-1z")),
            "smile02": _pixels((_RED, "M0 0h1v1h2v-1h1v1h-1v1h-2v-1h-1z")),
            "laugh01": _pixels((_RED, _TEETH), ("white", "M0 0h4v1h-4z")),
            "laugh02": _pixels((_RED, "M-1-1h6v3h-1v1h-4v-1h-1z"), ("white", "M0 0h4v1h-4z")),
            "frown01": _pixels(_SAD_BROWS, (_RED, _ARCH)),
            "frown02": _pixels(_SAD_BROWS, (_RED, "M1 0h2v1h1v1h-1v-1h-2v1h-1v-1h1z")),
            "angry01": _pixels(_ANGRY_BROWS, (_RED, _ARCH)),
            "angry02": _pixels(_ANGRY_BROWS, (_RED, "M-1 0h6v2h-6z"), ("white", "M0 0h1v1h-1zM3 0h1v1h-1z")),
            "ooh01": _pixels(_RAISED_BROWS, (_RED, "M1 0h2v1h1v1h-1v1h-2v-1h-1v-1h1z"), (_DARK, "M1 1h2v1h-2z")),
            "ooh02": _pixels(_RAISED_BROWS, (_DARK, "M1 0h2v2h-2z"), (_RED, "M1 2h2v1h-2z")),
            "line01": _pixels((_RED, "M0 1h4v1h-4z")),
            "line02": _pixels((_RED, "M-1 1h6v1h-6z")),
        }
    },
}
"""Our style's name -> component -> variant -> elements, in the component's own coordinates."""
