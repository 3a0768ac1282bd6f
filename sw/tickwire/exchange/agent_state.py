"""The state of the agents that send orders to the matching engine: arrays for compiled code."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

MAKERS = 6
NOISE_ORDERS = 4096  # noise orders that are remembered of each instrument
# Types of a call, and the weight of each while nothing is excited. Each noise order adds 1 to the
# weight of NOISE_CANCEL.
NOISE_LIMIT, NOISE_MARKET, NOISE_CANCEL, MAKER, MOMENTUM, SPLITTER = range(6)
BASE = np.array([340, 50, 0, 300, 6, 8])
# On a fast and a slow scale: the calls that a trade causes on average, in 1/256; their types, in
# 1/256; the scale in mean times between calls.
EXCITE = np.array([400, 700])
EXCITED_TYPES = np.array([[82, 19, 72, 78, 2, 3], [82, 19, 72, 78, 2, 3]])
SCALES = np.array([6, 600])
FINE = 16  # bits after the point of an excited weight
MEAN = 16  # bits after the point of a mean of the mid price

# Places of `clock` and of `means`.
TIME, LAST_REFERENCE, MEAN_TIME, BASE_WEIGHT, OPENING, INSTRUMENT_WEIGHT = range(6)
FAST, SLOW, LAST, MOVE = range(4)


class Agents(NamedTuple):
    """Everything between two commands."""

    random: Array  # [0]
    clock: Array  # [place]: time, last order reference, mean time between calls, base weight of all
    #               instruments, time of the opening, base weight of one instrument
    excited: Array  # [instrument, scale]: weight
    decayed: Array  # [scale]: the time up to which `excited` has decayed
    noise: Array  # [instrument, place]: references
    counts: Array  # [instrument]: noise orders
    quotes: Array  # [instrument, maker, side]: reference, 0: none
    asked: Array  # [instrument, maker, side]: tick of the quote
    held: Array  # [instrument, maker]: shares
    means: Array  # [instrument, place]: fast and slow mean of twice the mid price, the last of it,
    #               the mean of its moves
    parent: Array  # [instrument]: shares left of a large order, less than 0 to sell
    centre: Array  # [instrument]: tick to begin at
    shape: Array  # weight of each part of the day, 256: the mean
    exponential: Array
    decay: Array
    base: Array
    excite: Array
    excited_types: Array
    scales: Array
