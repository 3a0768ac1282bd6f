"""The risk gate once more, from docs/risk.md, in plain integers: it keeps every order that it sent
and looks through all of them each time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tickwire.gen.records import Act, Check, Outcome, Side

MOST, MOST_SHARES = 2**63 - 1, 2**39 - 1
STEPS = {1: 100, 2: 50, 3: 1}
Row = dict[str, int]


@dataclass
class Sent:
    """An order that left, presented in the cycle `at`."""

    token: int
    slot: int
    side: int
    price: int
    shares: int
    left: int
    at: int
    day: int
    answered: bool = False


@dataclass
class Bucket:
    level: int = 0
    at: int = 0

    def now(self, cycle: int) -> int:
        return max(0, self.level - (cycle - self.at))

    def add(self, cycle: int, cycles: int) -> None:
        self.level, self.at = self.now(cycle) + cycles, cycle


@dataclass
class Slot:
    position: int = 0
    cost: int = 0
    reference: tuple[int, int, int] = (0, 0, 0)
    loss: int = MOST
    lifted: int = 0  # orders of the slot sent before a person allowed more
    bucket: Bucket = field(default_factory=Bucket)


class NaiveGate:
    def __init__(self, places: int, recent: int, slots: int) -> None:
        self.places, self.recent = places, recent
        self.sent: list[Sent] = []
        self.slots = [Slot() for _ in range(slots)]
        self.bucket = Bucket()
        self.gross = self.net = self.traded = self.day = 0
        self.loss, self.cycle = MOST, 0
        self.token: int | None = None

    def open(self, slot: int | None = None, side: int | None = None) -> list[Sent]:
        return [
            one
            for one in self.sent
            if one.left and slot in (None, one.slot) and side in (None, one.side)
        ]

    def money(self, side: int | None = None) -> int:
        return sum(one.left * one.price for one in self.open(side=side))

    def today(self, slot: int | None = None) -> int:
        return sum(one.day == self.day and slot in (None, one.slot) for one in self.sent)

    def until(self, cycle: int, limits: list[Row], total: Row) -> None:
        """The losses, as they are in that cycle."""
        for now in range(self.cycle, cycle):
            place = now % 1024 - 1016
            if place >= 0:
                one = self.slots[place]
                one.loss = min(one.loss + limits[place]["loss_decay"], MOST)
            if place == -1:
                self.loss = min(self.loss + total["loss_decay"], MOST)
        self.cycle = max(self.cycle, cycle)

    def failed(self, order: Row, limits: Row, total: Row, written: bool, stops: Row) -> set[str]:
        """Names of the checks; the order is judged in the cycle `self.cycle`."""
        now, slot, buys = self.cycle, self.slots[order["slot"]], order["side"] == Side.BUY
        price, shares = order["price"], order["shares"]
        bid, ask, value = order["bid_price"], order["ask_price"], price * shares
        opens, mine = self.open(), self.open(order["slot"])
        buys_open = sum(one.left for one in mine if one.side == Side.BUY)
        sells_open = sum(one.left for one in mine if one.side == Side.SELL)
        touch = ask if buys else bid
        middle, low, high = slot.reference
        step = STEPS.get(limits["tick_class"])
        ours = [one for one in self.sent if one.slot == order["slot"]]
        same = [
            one
            for one in self.sent[-self.recent :]
            if (one.slot, one.side, one.price, one.shares)
            == (order["slot"], order["side"], price, shares)
            and now - one.at < limits["duplicate"]
        ]
        meets = [
            one
            for one in mine
            if one.side != order["side"] and (one.price <= price if buys else one.price >= price)
        ]
        taken = self.token is not None and any(
            one.token % self.places == self.token % self.places for one in opens
        )
        net = self.net + self.money(Side.BUY) if buys else self.money(Side.SELL) - self.net
        passes = {
            "killed": not stops["killed"],
            "slot_killed": not stops["slot_killed"],
            "disarmed": stops["armed"],
            "unwritten": written,
            "not_enabled": limits["enabled"],
            "restricted": not limits["restricted"],
            "halted": not stops["halted"],
            "session_closed": stops["session_open"],
            "stale": not stops["stale"],
            "crossed": not stops["crossed"] and not (bid > ask > 0),
            "locked": not stops["locked"] and not (bid == ask > 0),
            "old": (now - order["message_cycle"]) % 2**48 <= limits["age"],
            "collar_touch": touch and abs(price - touch) <= limits["collar_touch"],
            "collar_reference": middle and abs(price - middle) <= limits["collar_reference"],
            "price_band": low <= price <= high,
            "tick": price and step and (price < 10_000 or price % step == 0),
            "order_shares": 1 <= shares <= limits["order_shares"],
            "order_money": value <= limits["order_money"],
            "position_long": not buys
            or slot.position + buys_open + shares <= limits["position_long"],
            "position_short": buys
            or sells_open + shares - slot.position <= limits["position_short"],
            "gross": self.gross + self.money() + value <= total["gross"],
            "net": net + value <= total["net"],
            "credit": self.traded + self.money() + value <= total["credit"],
            "rate": self._leaves(slot.bucket, limits),
            "rate_total": self._leaves(self.bucket, total),
            "day": self.today(order["slot"]) < limits["day_orders"],
            "day_total": self.today() < total["day_orders"],
            "duplicate": not same,
            "repeated": len(ours) - slot.lifted < limits["repeated"],
            "self_trade": not meets,
            "loss": limits["loss_decay"] and slot.loss <= limits["loss"],
            "loss_total": total["loss_decay"] and self.loss <= total["loss"],
            "open_orders": len(mine) < limits["open_orders"],
            "open_total": len(opens) < total["open_orders"] and not taken,
            "short_sale": buys
            or (
                limits["short_permitted"]
                if order["marking"]
                else slot.position - sells_open - shares >= 0
            ),
            "token": self.token is not None and self.token < 2**32,
            "symbol": order["symbol"] == limits["symbol"] != 0,
        }
        assert list(passes) == [check.name.lower() for check in Check]
        return {name for name, passed in passes.items() if not passed}

    def _leaves(self, bucket: Bucket, limits: Row) -> bool:
        cycles = limits["rate_cycles"]
        return bool(cycles) and bucket.now(self.cycle) + cycles <= limits["rate_depth"]

    def send(self, order: Row, limits: Row, total: Row) -> int:
        """Judged in `self.cycle`, it is presented two cycles later."""
        assert self.token is not None
        at, token = self.cycle + 2, self.token
        self.sent.append(
            Sent(token, order["slot"], order["side"], order["price"], order["shares"],
                 order["shares"], at, self.day)
        )  # fmt: skip
        self.slots[order["slot"]].bucket.add(at, limits["rate_cycles"])
        self.bucket.add(at, total["rate_cycles"])
        self.token += 1
        return token

    def confirm(self, token: int, outcome: int, shares: int, price: int) -> str:
        if outcome not in (Outcome.ACCEPTED, Outcome.EXECUTED, Outcome.CANCELLED, Outcome.REJECTED):
            return "broken"
        found = [one for one in self.open() if one.token == token]
        if not found:
            return "unknown"
        (one,) = found
        if outcome in (Outcome.ACCEPTED, Outcome.REJECTED):
            if one.answered:
                return "double"
            one.answered = True
            one.left = 0 if outcome == Outcome.REJECTED else one.left
            return "fine"
        if not 1 <= shares <= one.left:
            return "excess"
        one.answered, one.left = True, one.left - shares
        if outcome == Outcome.CANCELLED:
            return "fine"
        slot, sign = self.slots[one.slot], 1 if one.side == Side.BUY else -1
        sums: list[tuple[Any, str, int, int, int]] = []
        before = slot.cost
        sums.append((slot, "position", slot.position + sign * shares, -MOST_SHARES, MOST_SHARES))
        slot.cost = min(max(before + sign * shares * price, -MOST), MOST)
        passes = abs(before + sign * shares * price) > MOST
        sums.append((self, "gross", self.gross - abs(before) + abs(slot.cost), 0, MOST))
        sums.append((self, "net", self.net - before + slot.cost, -MOST, MOST))
        sums.append((self, "traded", self.traded + shares * price, -MOST, MOST))
        for owner, name, value, least, most in sums:
            passes = passes or not least <= value <= most
            setattr(owner, name, min(max(value, least), most))
        return "saturated" if passes else "fine"

    def tell(self, command: Row, armed: bool) -> bool:
        """It holds from `self.cycle` on."""
        slot, act = self.slots[command["slot"]], command["act"]
        idle = not armed and not self.open()
        if act == Act.LIFT:
            slot.lifted = sum(one.slot == command["slot"] for one in self.sent)
        elif act == Act.REFERENCE:
            names = ("reference_price", "band_low", "band_high")
            slot.reference = tuple(command[name] for name in names)  # type: ignore[assignment]
        elif act == Act.LOSS:
            slot.loss = command["loss"]
        elif act == Act.LOSS_TOTAL:
            self.loss = command["loss"]
        elif act == Act.POSITION and idle:
            slot.position = command["position"]
        elif act == Act.NEW_DAY and idle:
            self.day += 1
            self.gross = self.net = self.traded = 0
            for each in self.slots:
                each.cost = 0
        elif act == Act.TOKEN and idle and command["token"] >= (self.token or 0):
            self.token = command["token"]
        else:
            return False
        return True
