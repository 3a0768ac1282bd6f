"""The pictures of a model card, as SVG: the same bytes for the same figures."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

CLASSES: Final = ("down", "flat", "up")
LEAST: Final = 30  # samples of a bin
# text stays text: small files that don't depend on how a font draws; and no date, no random names
_STYLE: Final = {"svg.hashsalt": "tickwire", "svg.fonttype": "none", "font.size": 9}
_COLOURS: Final = {"taker": "#b2182b", "passive": "#2166ac"}
_LINES: Final = ("-", "--", ":")


def _save(figure: Figure, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        figure.savefig(part, format="svg", metadata={"Date": None, "Creator": None})
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def calibration(path: Path, bins: list[list[float]], of: str) -> Path:
    """How sure it was, and how often it was right then; a bin's area is its share of samples. A
    bin of a few says nothing and is left out."""
    with mpl.rc_context(_STYLE):  # type: ignore[arg-type]
        figure = Figure(figsize=(3.6, 3.4), layout="constrained")
        axes = figure.subplots()
        most = max(row[2] for row in bins)
        held = [row for row in bins if row[2] >= min(LEAST, most)]
        told, right, count = (np.array(column) for column in zip(*held, strict=True))
        axes.plot([0.3, 1], [0.3, 1], color="grey", linewidth=0.8)
        axes.scatter(told, right, 300 * count / count.sum() + 4, color="#2166ac")
        axes.plot(told, right, color="#2166ac", linewidth=0.8)
        axes.set(xlabel="chance given", ylabel="share that was right", title=f"calibration, {of}")
        return _save(figure, path)


def confusion(path: Path, matrix: list[list[int]], of: str) -> Path:
    """What was said of each class, as shares of the class."""
    counts = np.array(matrix)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    with mpl.rc_context(_STYLE):  # type: ignore[arg-type]
        figure = Figure(figsize=(3.6, 3.4), layout="constrained")
        axes = figure.subplots()
        # rectangles, and no image: an image would be a PNG inside
        axes.pcolormesh(share, cmap="Blues", vmin=0, vmax=1, edgecolors="white")
        for (row, column), count in np.ndenumerate(counts):
            dark = "white" if share[row, column] > 0.55 else "black"
            text = f"{count:,}\n{100 * share[row, column]:.0f} %"
            axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", color=dark)
        axes.set_xticks([0.5, 1.5, 2.5], CLASSES)
        axes.set_yticks([0.5, 1.5, 2.5], CLASSES)
        axes.invert_yaxis()
        axes.set(xlabel="said", ylabel="came", title=f"confusion, {of}")
        return _save(figure, path)


def money(path: Path, told: dict[str, Any], unit: str, scale: float, of: str) -> Path:
    """Net money by minute, of each policy and latency."""
    with mpl.rc_context(_STYLE):  # type: ignore[arg-type]
        figure = Figure(figsize=(7.2, 3.2), layout="constrained")
        axes = figure.subplots()
        for policy, each in told.items():
            latencies = [key for key in each if key.isdigit()]
            for latency, line in zip(latencies, _LINES, strict=True):
                minutes, net = zip(*each[latency]["curve"], strict=True)
                label = f"{policy}, {int(latency) // 1000} µs"
                values = np.array(net) / scale
                axes.plot(minutes, values, line, color=_COLOURS[policy], label=label, linewidth=1.2)
        axes.axhline(0, color="grey", linewidth=0.8)
        axes.set(xlabel="minutes", ylabel=unit, title=f"net of spread, fees and latency, {of}")
        axes.legend(frameon=False, ncols=2)
        return _save(figure, path)


def importance(path: Path, lost: dict[str, float], of: str) -> Path:
    """MCC lost where a feature is shuffled, the greatest first."""
    with mpl.rc_context(_STYLE):  # type: ignore[arg-type]
        figure = Figure(figsize=(7.2, 3.2), layout="constrained")
        axes = figure.subplots()
        axes.barh(list(lost), list(lost.values()), color="#2166ac")
        axes.invert_yaxis()
        axes.set(xlabel="MCC lost when it is shuffled", title=f"features, {of}")
        return _save(figure, path)
