"""Golden model of order_maker, a record at a time."""

from __future__ import annotations

from collections import Counter

from sim.golden.tick_pkg import NUMBERS, pack, unpack, width

BUY, SELL = NUMBERS["ACTION_BUY"], NUMBERS["ACTION_SELL"]
LATENCY = 1
Row = dict[str, int]


def price(settings: Row, bid: int, ask: int, buys: bool) -> int:
    """0 where there is none."""
    own, opposite, away = (bid, ask, -1) if buys else (ask, bid, 1)
    ways = {
        "OPPOSITE": opposite,
        "OWN": own,
        "BEHIND": own and own + away * settings["offset"],
        "BEYOND": opposite and opposite - away * settings["offset"],
    }
    named = {NUMBERS[f"PRICING_{name}"]: value for name, value in ways.items()}
    chosen = named[settings["pricing"]]
    return chosen if 0 <= chosen < 1 << 32 else 0


class OrderMaker:
    """`met` counts the ways to a price, and what made none."""

    inputs = ("settings", "s_valid", "s_signal")

    def __init__(self) -> None:
        self.met: Counter[str] = Counter()
        self.reset()

    def reset(self) -> None:
        self.intent: int | None = None

    def outputs(self) -> dict[str, int]:
        if self.intent is None:
            return {"m_valid": 0}
        return {"m_valid": 1, "m_intent": self.intent}

    def step(self, settings: int, s_valid: int, s_signal: int) -> None:
        self.intent = self._make(settings, _plain("signal", s_signal)) if s_valid else None

    def _make(self, settings: int, signal: Row) -> int | None:
        bits = width("order_settings")
        one = _plain("order_settings", settings >> signal["slot"] * bits & (1 << bits) - 1)
        if signal["decision"] not in (BUY, SELL) or not one["shares"]:
            self.met["no decision" if one["shares"] else "no shares"] += 1
            return None
        buys = signal["decision"] == BUY
        shown = signal["ask_shares"] if buys else signal["bid_shares"]
        made = price(one, signal["bid_price"], signal["ask_price"], buys)
        self.met[f"pricing {one['pricing']} {'buy' if buys else 'sell'}"] += 1
        self.met["no price"] += not made
        self.met["capped"] += bool(one["capped"] and shown < one["shares"])
        kept = ("time_in_force", "display", "capacity", "marking", "symbol")
        stamps = ("sequence_number", "frame_cycle", "message_cycle", "model_id")
        names = ("slot", "bid_price", "ask_price", *stamps)
        return pack(
            "intent",
            {
                "side": 0 if buys else 1,
                "price": made,
                "shares": min(one["shares"], shown) if one["capped"] else one["shares"],
                **{name: one[name] for name in kept},
                **{name: signal[name] for name in names},
            },
        )


def _plain(record: str, word: int) -> Row:
    return {name: value for name, value in unpack(record, word).items() if isinstance(value, int)}
