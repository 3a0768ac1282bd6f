"""Intended orders of decisions, as docs/risk.md and hw/rtl/order_maker.sv's header have them: what
the strategy would like, before the gate is asked. Whole days at once, for the replay.

    pricing     a buy's price           a sell's price          none where
    opposite    the ask                 the bid                 there is no such touch
    own         the bid                 the ask                 likewise
    behind      the bid - offset        the ask + offset        likewise, or it leaves 32 bits
    beyond      the ask + offset        the bid - offset        likewise

A price that isn't there is 0, which the gate refuses. Of a decision of none, and where the setting
is of 0 shares, no order is made.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from hwtools.bits import Records
from tickwire.gen.records import INTENT, ORDER_SETTINGS, SIGNAL, Action, Pricing, Side

Array = npt.NDArray[Any]
LATENCY = 1  # cycles from a signal to its intended order
_MOST = 2**32 - 1
_AS_SET = ("time_in_force", "display", "capacity", "marking", "symbol")
_AS_SIGNALLED = (
    *("slot", "bid_price", "ask_price"),
    *("sequence_number", "frame_cycle", "message_cycle", "model_id"),
)


def intents(signals: Records, settings: Records) -> tuple[Records, Array]:
    """Of the signals that make an order, in order, what is intended; and which signals these are.
    `settings` has a row of ORDER_SETTINGS for each slot."""
    if signals.dtype != SIGNAL.dtype or settings.dtype != ORDER_SETTINGS.dtype:
        raise TypeError("intents wants rows of signal and of order_settings")
    decided = np.isin(signals["decision"], (Action.BUY, Action.SELL))
    which = np.flatnonzero(decided & (settings["shares"][signals["slot"]] != 0))
    made, said = INTENT.empty(len(which)), signals[which]
    chosen = settings[said["slot"]]
    for name in _AS_SIGNALLED:
        made[name] = said[name]
    for name in _AS_SET:
        made[name] = chosen[name]
    buys = said["decision"] == Action.BUY
    made["side"] = np.where(buys, Side.BUY, Side.SELL)
    shown = np.where(buys, said["ask_shares"], said["bid_shares"])
    less = chosen["capped"] & (shown < chosen["shares"])
    made["shares"] = np.where(less, shown, chosen["shares"])
    made["price"] = _prices(said, chosen, buys)
    return made, which


def _prices(said: Records, chosen: Records, buys: Array) -> Array:
    bid, ask = said["bid_price"].astype(np.int64), said["ask_price"].astype(np.int64)
    own, opposite = np.where(buys, bid, ask), np.where(buys, ask, bid)
    offset = chosen["offset"].astype(np.int64)
    away = np.where(buys, -offset, offset)  # from the market
    pricing = chosen["pricing"]
    touch = np.where(np.isin(pricing, (Pricing.OWN, Pricing.BEHIND)), own, opposite)
    moved = np.select([pricing == Pricing.BEHIND, pricing == Pricing.BEYOND], [away, -away], 0)
    price = touch + moved
    there = (touch != 0) & (price >= 0) & (price <= _MOST)
    return np.where(there, price, 0)
