"""The matching engine in plain Python: this text is what an engine does.

An order rests at a price of its side, in a line: who came first is first. A command is applied
whole or refused whole; the first rule that applies refuses it:

    bad_kind, bad_instrument
    bad_price             limit, immediate, replace: the price isn't a tick of the ladder
    bad_shares            all but delete: shares are 0 or more than 1,000,000
    unknown_reference     cancel, delete, replace: the instrument has no such order
    duplicate_reference   limit, immediate: an order of any instrument has that reference;
                          replace: another order has the new one
    excess_shares         cancel: more than the order has
    full                  limit: there are as many orders as there is room for

A limit or immediate order trades against the other side while that side's best price is at least as
good as its own: with the best price first, at one price with the first in line, at the resting
order's price. Each trade is an E that names the resting order, the incoming one and a match number.
What a limit has left rests, last in line: an A. What an immediate has left is dropped, in silence.
A cancel takes shares off and leaves the order its place: an X, or a D where nothing is left. A
delete is a D. A replace that doesn't cross is a U, and the new order is last in line; one that does
is a D, then what a new limit order does. Orders of one owner may meet: nobody prevents it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hwtools.bits import Records
from tickwire.exchange.engine import EVENT, MOST_SHARES, REFUSED, EngineConfig, Kind, Refusal


@dataclass
class _Order:
    reference: int
    instrument: int
    side: int
    price: int
    shares: int


Line = list[_Order]


@dataclass
class NaiveEngine:
    """As `tickwire.exchange.engine.Engine`."""

    config: EngineConfig = field(default_factory=EngineConfig)
    _orders: dict[int, _Order] = field(default_factory=dict)
    _lines: dict[tuple[int, int], dict[int, Line]] = field(default_factory=dict)
    _match: int = 1
    _events: list[tuple[int, ...]] = field(default_factory=list)

    def run(self, commands: Records) -> Records:
        self._events = []
        names = commands.dtype.names or ()
        for row in commands.tolist():
            self._command(dict(zip(names, row, strict=True)))
        return np.array(self._events, EVENT)

    def orders(self) -> dict[int, tuple[int, int, int, int]]:
        return {
            order.reference: (order.instrument, order.side, order.price, order.shares)
            for order in self._orders.values()
        }

    def _tell(
        self, told: dict[str, Any], letter: str, order: _Order, shares: int, **more: int
    ) -> None:
        kind = ord(letter) if letter else REFUSED
        row = {"timestamp": told["timestamp"], "type": kind, "reference": order.reference}
        row |= {"instrument": told["instrument"], "side": order.side, "price": order.price}
        row |= {"shares": shares, **more}
        self._events.append(tuple(row.get(name, 0) for name in EVENT.names or ()))

    def _refusal(self, told: dict[str, Any]) -> Refusal:
        config, kind, shares = self.config, told["kind"], told["shares"]
        if kind not in list(Kind):
            return Refusal.BAD_KIND
        if told["instrument"] >= config.instruments:
            return Refusal.BAD_INSTRUMENT
        above, between = divmod(told["price"] - config.lowest, config.tick)
        if kind not in (Kind.CANCEL, Kind.DELETE) and (between or not 0 <= above < config.ticks):
            return Refusal.BAD_PRICE
        if kind != Kind.DELETE and not 0 < shares <= MOST_SHARES:
            return Refusal.BAD_SHARES
        order = self._orders.get(told["reference"])
        if kind in (Kind.LIMIT, Kind.IMMEDIATE):
            if order:
                return Refusal.DUPLICATE_REFERENCE
            full = kind == Kind.LIMIT and len(self._orders) >= config.orders
            return Refusal.FULL if full else Refusal.NONE
        if not order or order.instrument != told["instrument"]:
            return Refusal.UNKNOWN_REFERENCE
        renamed = kind == Kind.REPLACE and told["new_reference"] != told["reference"]
        if renamed and told["new_reference"] in self._orders:
            return Refusal.DUPLICATE_REFERENCE
        if kind == Kind.CANCEL and shares > order.shares:
            return Refusal.EXCESS_SHARES
        return Refusal.NONE

    def _command(self, told: dict[str, Any]) -> None:
        refused = self._refusal(told)
        if refused:
            order = _Order(told["reference"], told["instrument"], told["side"] & 1, 0, 0)
            self._tell(told, "", order, 0, reason=int(refused))
            return
        kind, shares = told["kind"], told["shares"]
        if kind in (Kind.CANCEL, Kind.DELETE):
            order = self._orders[told["reference"]]
            whole = kind == Kind.DELETE or shares == order.shares
            shares = order.shares if whole else shares
            self._tell(told, "D" if whole else "X", order, shares)
            order.shares -= shares
            if whole:
                self._remove(order)
            return
        new = _Order(told["reference"], told["instrument"], told["side"] & 1, told["price"], shares)
        old = None
        if kind == Kind.REPLACE:
            old = self._orders[told["reference"]]
            new.reference, new.side = told["new_reference"], old.side
            self._remove(old)
            if self._opposite(new):
                self._tell(told, "D", old, old.shares)
                old = None
        while new.shares and (maker := self._opposite(new)):
            traded = min(new.shares, maker.shares)
            self._tell(told, "E", maker, traded, other=new.reference, match=self._match)
            self._match += 1
            new.shares -= traded
            maker.shares -= traded
            if not maker.shares:
                self._remove(maker)
        if new.shares and kind != Kind.IMMEDIATE:
            self._orders[new.reference] = new
            self._side(new.instrument, new.side).setdefault(new.price, []).append(new)
            if old:
                named = _Order(old.reference, new.instrument, new.side, new.price, new.shares)
                self._tell(told, "U", named, new.shares, other=new.reference)
            else:
                self._tell(told, "A", new, new.shares)

    def _side(self, instrument: int, side: int) -> dict[int, Line]:
        return self._lines.setdefault((instrument, side), {})

    def _opposite(self, taker: _Order) -> _Order | None:
        """Whom it would trade with first."""
        lines = self._side(taker.instrument, 1 - taker.side)
        if not lines:
            return None
        best = min(lines) if taker.side == 0 else max(lines)
        crosses = taker.price >= best if taker.side == 0 else taker.price <= best
        return lines[best][0] if crosses else None

    def _remove(self, order: _Order) -> None:
        del self._orders[order.reference]
        lines = self._side(order.instrument, order.side)
        lines[order.price].remove(order)
        if not lines[order.price]:
            del lines[order.price]
