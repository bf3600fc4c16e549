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
    """One diagram: figures of the reports over another figure, or over minutes; a line for each value of `by`."""

    figures: tuple[str, ...]
    label: str
    over: str = "step"
    log: bool = False
    by: str = ""


PLOTS: dict[str, tuple[Panel, ...]] = {
    "judge": (Panel(("hair", "expression", "top", "skin", "background"), "accuracy, unseen characters"),),
    "judge_on": (Panel(("hair", "expression", "top", "skin", "background"), "accuracy, unseen characters"),),
    "codec": (Panel(("loss",), "loss", log=True), Panel(("psnr",), "PSNR in dB, test pictures")),
    "diffusion": (Panel(("loss",), "mean square error of v", "seen", log=True),),
    "forms": (Panel(("loss",), "mean square error of v", "seen"),),
    "distil": (Panel(("loss",), "weighted mean square of v"),),
    "gan": (
        Panel(("critic", "generator"), "adversarial losses"),
        Panel(("reading", "asked"), "nats of the attributes"),
    ),
    "clip": (Panel(("loss",), "loss in nats"), Panel(("hit",), "right caption found, of a batch")),
    "tower": (Panel(("hair", "expression", "top", "glasses", "background"), "accuracy, unseen characters"),),
    "captioner": (Panel(("nats_a_word",), "nats a word"),),
    "upscaler": (
        Panel(("decoded", "decoded_bicubic"), "PSNR in dB, decoded pictures"),
        Panel(("clean", "clean_bicubic"), "PSNR in dB, renders"),
    ),
    "finish": (
        Panel(("psnr",), "PSNR in dB, spoiled latents"),
        Panel(("critics", "adversary"), "adversarial losses"),
    ),
    "tone": (Panel(("held_out_perplexity",), "perplexity, held-out captions", "epoch", by="part"),),
}


def read(name: str) -> list[dict[str, float]]:
    """The reports of a run."""
    return [json.loads(line) for line in (CURVES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def series(reports: list[dict[str, float]], figure: str, over: str) -> tuple[list[float], list[float]]:
    """Abscissae and values of a figure, of the reports that have it, without those that a kill undid."""
    some = [report for report in reports if figure in report]
    start, kept = reports[0]["time"], list[dict[str, float]]()
    for report in some:
        while over != MINUTES and kept and kept[-1][over] >= report[over]:
            kept.pop()  # the run went on from an earlier step
        kept.append(report)
    return [(r["time"] - start) / 60 if over == MINUTES else r[over] for r in kept], [r[figure] for r in kept]


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
            for key in sorted({report[panel.by] for report in reports if one in report}) if panel.by else [None]:
                some = reports if key is None else [report for report in reports if report.get(panel.by) == key]
                label = one.replace("_", " ") if key is None else f"fold {key + 1:g}"
                axis.plot(*series(some, one, panel.over), label=label, linewidth=1.4, marker=".", markersize=3)
        axis.set_xlabel({"seen": "samples seen", "step": "steps", "epoch": "epochs"}.get(panel.over, panel.over))
        axis.set_ylabel(panel.label)
        axis.grid(alpha=0.3)
        if panel.log:
            axis.set_yscale("log")
        if len(axis.lines) > 1:
            axis.legend(frameon=False, fontsize=8)
        axis.spines[["top", "right"]].set_visible(False)
    target = IMAGES / f"curve-{name}.svg"
    figure.tight_layout()
    figure.savefig(target, facecolor="white", metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    return target


def main() -> None:
    """Draw the curves named on the command line, or all."""
    for name in sys.argv[1:] or (path.stem for path in sorted(CURVES.glob("*.jsonl"))):
        print(draw(name, PLOTS[name]))


if __name__ == "__main__":
    main()
