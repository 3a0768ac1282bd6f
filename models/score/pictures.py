"""The pictures of a model card, as SVG: the same bytes for the same figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hwtools.rename import by_rename

CLASSES: Final = ("down", "flat", "up")
LEAST: Final = 30  # samples of a bin
# Text stays text, so that files are small and don't depend on a font; no date, no random names.
_STYLE: Final = {"svg.hashsalt": "tickwire", "svg.fonttype": "none", "font.size": 9}
_COLOURS: Final = {"taker": "#b2182b", "passive": "#2166ac"}
_LINES: Final = ("-", "--", ":")


@contextmanager
def _picture(path: Path, size: tuple[float, float], title: str) -> Iterator[Axes]:
    """The axes of a picture, which is written at the end of the block."""
    with mpl.rc_context(_STYLE):  # type: ignore[arg-type]
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots()
        yield axes
        axes.set(title=title)
        with by_rename(path) as part:
            figure.savefig(part, format="svg", metadata={"Date": None, "Creator": None})


def calibration(path: Path, bins: list[list[float]], of: str) -> None:
    """The share that was right, by the chance given; a bin's area is its share of samples. A bin of
    too few samples is left out."""
    most = max(row[2] for row in bins)
    large = [row for row in bins if row[2] >= min(LEAST, most)]
    chance, right, count = (np.array(column) for column in zip(*large, strict=True))
    with _picture(path, (3.6, 3.4), f"calibration, {of}") as axes:
        axes.plot([0.3, 1], [0.3, 1], color="grey", linewidth=0.8)
        axes.scatter(chance, right, 300 * count / count.sum() + 4, color="#2166ac")
        axes.plot(chance, right, color="#2166ac", linewidth=0.8)
        axes.set(xlabel="chance given", ylabel="share that was right")


def confusion(path: Path, matrix: list[list[int]], of: str) -> None:
    """The classes predicted for each true class, as shares of the true class."""
    counts = np.array(matrix)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    with _picture(path, (3.6, 3.4), f"confusion, {of}") as axes:
        # rectangles, since an image would put a PNG into the file
        axes.pcolormesh(share, cmap="Blues", vmin=0, vmax=1, edgecolors="white")
        for (row, column), count in np.ndenumerate(counts):
            dark = "white" if share[row, column] > 0.55 else "black"
            text = f"{count:,}\n{100 * share[row, column]:.0f} %"
            axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", color=dark)
        axes.set_xticks([0.5, 1.5, 2.5], CLASSES)
        axes.set_yticks([0.5, 1.5, 2.5], CLASSES)
        axes.invert_yaxis()
        axes.set(xlabel="said", ylabel="came")


def money(path: Path, results: dict[str, Any], unit: str, scale: float, of: str) -> None:
    """Net money by minute, for each policy and latency."""
    with _picture(path, (7.2, 3.2), f"net of spread, fees and latency, {of}") as axes:
        for policy, each in results.items():
            latencies = [key for key in each if key.isdigit()]
            for latency, line in zip(latencies, _LINES, strict=True):
                minutes, net = zip(*each[latency]["curve"], strict=True)
                label = f"{policy}, {int(latency) // 1000} µs"
                values = np.array(net) / scale
                axes.plot(minutes, values, line, color=_COLOURS[policy], label=label, linewidth=1.2)
        axes.axhline(0, color="grey", linewidth=0.8)
        axes.set(xlabel="minutes", ylabel=unit)
        axes.legend(frameon=False, ncols=2)


def importance(path: Path, lost: dict[str, float], of: str) -> None:
    """The MCC lost as each feature is shuffled, the greatest first."""
    with _picture(path, (7.2, 3.2), f"features, {of}") as axes:
        axes.barh(list(lost), list(lost.values()), color="#2166ac")
        axes.invert_yaxis()
        axes.set(xlabel="MCC lost when it is shuffled")
