"""Faces that the library's styles lack: its robots only smile or look blank, and its pixel people are never angry.

A mouth that makes a face angry brings its brows along, as robots and pixel people have none that could be chosen.
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
_PIXEL_BROWS = _element("path", d="M-2-6h2v1h1v1h-2v-1h-1zM4-6h2v1h-1v1h-2v-1h1z", fill="#2b1d14")
_PIXEL_MOUTH = {"type": "color", "name": "mouth"}

OWN_PARTS: dict[str, dict[str, dict[str, list[Element]]]] = {
    "robot": {
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
        }
    },
    "pixel": {
        "mouth": {
            "angry01": [_PIXEL_BROWS, _element("path", d="M1 1h2v1H1zM0 2h1v1H0zM3 2h1v1H3z", fill=_PIXEL_MOUTH)],
            "angry02": [_PIXEL_BROWS, _element("path", d="M0 1h4v1H0z", fill=_PIXEL_MOUTH)],
        }
    },
}
"""Our style's name -> component -> variant -> elements, in the component's own coordinates."""
