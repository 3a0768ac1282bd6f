"""The events of an exchange, and events as ITCH 5.0 messages."""

from __future__ import annotations

import numpy as np

from hwtools.bits import Records
from tickwire.wire import itch
from tickwire.wire.itch import Messages

# `type` is the ITCH message type, or 0: the engine refused a command. `other` is the taker of an
# execution or the new reference of a replace. `code` is the message's code, such as the trading
# state, or the reason of a refusal.
EVENT = np.dtype(
    [(name, np.uint64) for name in ("timestamp", "reference", "other", "match")]
    + [(name, np.uint32) for name in ("price", "shares")]
    + [(name, np.uint8) for name in ("type", "instrument", "side", "code")]
)
REFUSED = 0

# A field of a message, and its field of an event.
_FIELDS = {
    "timestamp": "timestamp",
    "order_reference_number": "reference",
    "original_order_reference_number": "reference",
    "new_order_reference_number": "other",
    "shares": "shares",
    "executed_shares": "shares",
    "cancelled_shares": "shares",
    "paired_shares": "shares",
    "price": "price",
    "execution_price": "price",
    "cross_price": "price",
    "current_reference_price": "price",
    "match_number": "match",
}
_CODES = {
    "S": "event_code",
    "H": "trading_state",
    "C": "printable",
    "Q": "cross_type",
    "I": "imbalance_direction",
}
_CONSTANTS: dict[str, dict[str, int | bytes]] = {
    "R": {"market_category": b"Q", "financial_status_indicator": b"N", "round_lot_size": 100,
          "round_lots_only": b"N", "issue_classification": b"C", "issue_sub_type": b"Z ",
          "authenticity": b"T", "short_sale_threshold_indicator": b"N", "ipo_flag": b"N",
          "luld_reference_price_tier": b"1", "etp_flag": b"N", "inverse_indicator": b"N"},
    "H": {"reserved": b" ", "reason": b"    "},
    "F": {"attribution": b"TICK"},
    "I": {"cross_type": b"O", "price_variation_indicator": b" "},
}  # fmt: skip


def to_messages(events: Records, symbols: tuple[str, ...]) -> Messages:
    """Events as messages. Refusals are left out: they go to the sender only."""
    types = events["type"].copy()  # contiguous, for the many comparisons
    if not types.all():
        events = events[types != REFUSED]
        types = events["type"].copy()
    names = np.array([symbol.ljust(8).encode() for symbol in symbols], "S8")
    arrays: dict[str, Records] = {}
    for code in np.flatnonzero(np.bincount(types)).tolist():
        kind, rows = chr(code), events[np.flatnonzero(types == code)]
        arrays[kind] = array = itch.empty(kind, len(rows))
        fields = array.dtype.names or ()
        for field, source in _FIELDS.items():
            if field in fields:
                array[field] = rows[source]
        for field, value in _CONSTANTS.get(kind, {}).items():
            array[field] = value
        if "buy_sell_indicator" in fields:
            array["buy_sell_indicator"] = np.where(rows["side"] == 0, b"B", b"S")
        if kind in _CODES:
            array[_CODES[kind]] = rows["code"].copy().view("S1")
        if kind == "P":
            array["order_reference_number"], array["buy_sell_indicator"] = 0, b"B"
        if kind != "S":
            array["stock_locate"] = rows["instrument"].astype(np.uint16) + 1
        if "stock" in fields:
            array["stock"] = names[rows["instrument"]]
    return Messages.of(types, arrays)
