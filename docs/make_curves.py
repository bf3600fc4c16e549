"""Draws the recipe book's curves from docs/curves/*.jsonl: `python docs/make_curves.py`.

The .jsonl files are the stats.jsonl of real runs, as the runs wrote them.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent
CURVES, IMAGES = ROOT / "curves", ROOT / "images"
MINUTES = "minutes of training"


@dataclass(frozen=True)
class Panel:
    """One diagram: figures of the reports over another figure, or over minutes."""

    figures: tuple[str, ...]
    label: str
    over: str = MINUTES
    log: bool = False


PLOTS: dict[str, tuple[Panel, ...]] = {
    "codec": (Panel(("loss",), "loss", "step", log=True), Panel(("psnr",), "PSNR in dB, test pictures", "step")),
    "diffusion": (Panel(("loss",), "mean square error of v", "seen", log=True),),
}


def read(name: str) -> list[dict[str, float]]:
    """The reports of a run."""
    return [json.loads(line) for line in (CURVES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def series(reports: list[dict[str, float]], figure: str, over: str) -> tuple[list[float], list[float]]:
    """Abscissae and values of a figure, of the reports that have it."""
    some = [report for report in reports if figure in report]
    start = reports[0]["time"]
    return [(r["time"] - start) / 60 if over == MINUTES else r[over] for r in some], [r[figure] for r in some]


def draw(name: str, panels: tuple[Panel, ...]) -> Path:
    """Write images/curve-<name>.svg."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams |= {"svg.hashsalt": name, "font.size": 9, "svg.fonttype": "path"}
    from matplotlib import pyplot

    reports = read(name)
    figure, axes = pyplot.subplots(1, len(panels), figsize=(4.2 * len(panels), 2.8), squeeze=False)
    for panel, axis in zip(panels, axes[0], strict=True):
        for one in panel.figures:
            axis.plot(*series(reports, one, panel.over), label=one.replace("_", " "), linewidth=1.4)
        axis.set_xlabel({"seen": "samples seen", "step": "steps"}.get(panel.over, panel.over))
        axis.set_ylabel(panel.label)
        axis.grid(alpha=0.3)
        if panel.log:
            axis.set_yscale("log")
        if len(panel.figures) > 1:
            axis.legend(frameon=False)
        axis.spines[["top", "right"]].set_visible(False)
    target = IMAGES / f"curve-{name}.svg"
    figure.tight_layout()
    figure.savefig(target, facecolor="white", metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    return target


def main() -> None:
    """Draw the curves named on the command line, or all."""
    for name in sys.argv[1:] or PLOTS:
        print(draw(name, PLOTS[name]))


if __name__ == "__main__":
    main()
