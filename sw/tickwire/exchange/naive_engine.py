"""The matching engine in plain Python: the specification that the compiled engine follows.

An order rests at a price of its side, in a line: first come, first served. A command is applied
whole or refused whole. It is refused by the first rule that applies:

    reason of refusal          command and condition
    bad_kind, bad_instrument   no such kind of command, or no such instrument
    bad_price                  limit, immediate, replace: the price isn't a tick of the ladder
    bad_shares                 all but delete: shares are 0 or more than 1,000,000
    unknown_reference          cancel, delete, replace: the instrument has no such order
    duplicate_reference        limit, immediate: an order of any instrument has that reference;
                               replace: another order has the new reference
    excess_shares              cancel: shares are more than the order has
    full                       limit: there is no room for another order

A limit or immediate order trades against the other side while that side's best price is at least as
good as its own: the best price first, at one price the first in line, at the resting order's price.
Each trade is an event E with the resting order, the incoming one and a match number.

- What a limit has left rests, last in line: an event A.
- What an immediate has left is dropped, without an event.
- A cancel takes shares off an order, which keeps its place: an X, or a D where none are left.
- A delete is a D.
- A replace that doesn't cross is a U, and the new order is last in line. One that crosses is a D,
  and then what a new limit order does.

Orders of one owner may trade with each other: nothing prevents it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hwtools.bits import Records
from tickwire.exchange.engine_types import MOST_SHARES, EngineConfig, Kind, Refusal
from tickwire.exchange.events import EVENT, REFUSED


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
    """The same interface as `tickwire.exchange.engine.Engine`."""

    config: EngineConfig = field(default_factory=EngineConfig)
    _orders: dict[int, _Order] = field(default_factory=dict)
    _lines: dict[tuple[int, int], dict[int, Line]] = field(default_factory=dict)
    _match: int = 1
    _events: list[tuple[int, ...]] = field(default_factory=list)

    def run(self, commands: Records) -> Records:
        self._events = []
        names = commands.dtype.names or ()
        for row in commands.tolist():
            self._apply(dict(zip(names, row, strict=True)))
        return np.array(self._events, EVENT)

    def orders(self) -> dict[int, tuple[int, int, int, int]]:
        return {
            order.reference: (order.instrument, order.side, order.price, order.shares)
            for order in self._orders.values()
        }

    def _emit(
        self, command: dict[str, Any], letter: str, order: _Order, shares: int, **more: int
    ) -> None:
        event = {"timestamp": command["timestamp"], "instrument": command["instrument"]}
        event |= {"type": ord(letter) if letter else REFUSED, "reference": order.reference}
        event |= {"side": order.side, "price": order.price, "shares": shares, **more}
        self._events.append(tuple(event.get(name, 0) for name in EVENT.names or ()))

    def _refusal(self, command: dict[str, Any]) -> Refusal:
        config, kind, shares = self.config, command["kind"], command["shares"]
        if kind not in list(Kind):
            return Refusal.BAD_KIND
        if command["instrument"] >= config.instruments:
            return Refusal.BAD_INSTRUMENT
        above, between = divmod(command["price"] - config.lowest, config.tick)
        if kind not in (Kind.CANCEL, Kind.DELETE) and (between or not 0 <= above < config.ticks):
            return Refusal.BAD_PRICE
        if kind != Kind.DELETE and not 0 < shares <= MOST_SHARES:
            return Refusal.BAD_SHARES
        order = self._orders.get(command["reference"])
        if kind in (Kind.LIMIT, Kind.IMMEDIATE):
            if order:
                return Refusal.DUPLICATE_REFERENCE
            full = kind == Kind.LIMIT and len(self._orders) >= config.orders
            return Refusal.FULL if full else Refusal.NONE
        if not order or order.instrument != command["instrument"]:
            return Refusal.UNKNOWN_REFERENCE
        renamed = kind == Kind.REPLACE and command["new_reference"] != command["reference"]
        if renamed and command["new_reference"] in self._orders:
            return Refusal.DUPLICATE_REFERENCE
        if kind == Kind.CANCEL and shares > order.shares:
            return Refusal.EXCESS_SHARES
        return Refusal.NONE

    def _apply(self, command: dict[str, Any]) -> None:
        reference, instrument = command["reference"], command["instrument"]
        kind, side, shares = command["kind"], command["side"] & 1, command["shares"]
        refusal = self._refusal(command)
        if refusal:
            order = _Order(reference, instrument, side, 0, 0)
            self._emit(command, "", order, 0, code=int(refusal))
            return
        if kind in (Kind.CANCEL, Kind.DELETE):
            order = self._orders[reference]
            whole = kind == Kind.DELETE or shares == order.shares
            shares = order.shares if whole else shares
            self._emit(command, "D" if whole else "X", order, shares)
            order.shares -= shares
            if whole:
                self._remove(order)
            return
        new = _Order(reference, instrument, side, command["price"], shares)
        old = None
        if kind == Kind.REPLACE:
            old = self._orders[command["reference"]]
            new.reference, new.side = command["new_reference"], old.side
            self._remove(old)
            if self._opposite(new):
                self._emit(command, "D", old, old.shares)
                old = None
        while new.shares and (maker := self._opposite(new)):
            traded = min(new.shares, maker.shares)
            self._emit(command, "E", maker, traded, other=new.reference, match=self._match)
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
                self._emit(command, "U", named, new.shares, other=new.reference)
            else:
                self._emit(command, "A", new, new.shares)

    def _side(self, instrument: int, side: int) -> dict[int, Line]:
        return self._lines.setdefault((instrument, side), {})

    def _opposite(self, taker: _Order) -> _Order | None:
        """The order that it would trade with first."""
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
