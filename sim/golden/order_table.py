"""Golden model of order_table: naive_book's rules, and golden.hash_table's places.

`Orders` is what operations come to, one whole after the other; `OrderTable` says when.
"""

from __future__ import annotations

from collections import Counter, deque

from sim.golden.hash_table import Table
from sim.golden.tick_pkg import NUMBERS, RECORDS, Reasons, pack, reason_of, unpack

LATENCY = 4
SLOTS = NUMBERS["SLOTS"]
REFERENCE_W = NUMBERS["REFERENCE_W"]
OPERATION = {name.removeprefix("OPERATION_"): number for name, number in NUMBERS.items()
             if name.startswith("OPERATION_")}  # fmt: skip
ADD, REPLACE, DELETE = OPERATION["ADD"], OPERATION["REPLACE"], OPERATION["DELETE"]
LEVEL, PAIRS = OPERATION["LEVEL"], (OPERATION["REPLACE"], OPERATION["LEVEL"])
COUNTED = (OPERATION["EXECUTE"], OPERATION["EXECUTE_PRICE"], OPERATION["CANCEL"])
EMPTIES = (OPERATION["CLEAR"], OPERATION["LOAD"])
Order = tuple[int, int, int]  # side, price, shares


class Orders:
    """What operations come to, in order. `met` counts causes by number, and what places saw."""

    def __init__(self, rows: int, ways: int, books: int) -> None:
        self.table, self.books = Table(REFERENCE_W, rows, ways, books), books
        self.orders: dict[tuple[int, int], Order] = {}
        self.met: Counter[int] = Counter()
        self.levels: Counter[str] = Counter()  # what they came to
        self.blind = False  # the table isn't ready: it finds nothing and has no room

    def empty(self) -> None:
        self.table.empty()
        self.orders.clear()

    def counts(self) -> list[int]:
        counts = Counter(slot for slot, _ in self.orders)
        return [counts[slot] for slot in range(self.books)]

    def apply(self, op: dict[str, int]) -> dict[str, int]:
        """The level_op of a book_op."""
        level, op = op["operation"] == LEVEL, self.resolved(op)
        kind, slot = op["operation"], op["slot"]
        effect = {field.name: op.get(field.name, 0) for field in RECORDS["level_op"]}
        effect |= {"side": op["side"] if kind == ADD else 0, "put_price": op["price"]}
        effect |= {"put_shares": op["shares"]}
        effect["take_shares"] = op["shares"] if kind in COUNTED else 0
        if kind in EMPTIES and slot < self.books:
            self.table.clear(slot)
            self.orders = {named: held for named, held in self.orders.items() if named[0] != slot}
        if kind not in (ADD, REPLACE, DELETE, *COUNTED) and not (level and slot >= self.books):
            return effect
        cause = self._named(op, effect)
        effect["cause"] = NUMBERS[f"REASON_{cause}"]
        self.met[effect["cause"]] += 1
        if cause != "OK":
            effect |= {"take": 0, "gone": 0, "put": 0}
        return effect

    def resolved(self, op: dict[str, int]) -> dict[str, int]:
        """What a level comes to by what is there; every other operation as it is."""
        if op["operation"] != LEVEL:
            return op
        named = op["slot"], op["order_reference"]
        there = named in self.orders and not self.blind and op["slot"] < self.books
        kinds = ("REPLACE", "ADD") if op["shares"] else ("DELETE", "NONE")
        kind = kinds[0 if there else 1]
        self.levels[kind] += 1
        return op | {"operation": OPERATION[kind], "price": op["price"] if op["shares"] else 0}

    def _named(self, op: dict[str, int], effect: dict[str, int]) -> str:
        kind, named = op["operation"], (op["slot"], op["order_reference"])
        if named[0] >= self.books:
            return "NOT_ENABLED"
        order = None if self.blind else self.orders.get(named)
        if order is not None:
            effect["take_price"] = order[1]
            if kind not in COUNTED:
                effect["take_shares"] = order[2]
            if kind != ADD:
                effect["side"] = order[0]
        if kind in (ADD, REPLACE) and op["price"] == 0:
            return "BAD_PRICE"
        if kind != DELETE and op["shares"] == 0:
            return "BAD_SHARES"
        if kind == ADD:
            return self._insert(named, op["side"], op, effect)
        if order is None:
            return "UNKNOWN_REFERENCE"
        side, price, shares = order
        taken = op["shares"] if kind in COUNTED else shares
        if taken > shares:
            return "EXCESS_SHARES"
        effect |= {"take": 1, "gone": int(taken == shares)}
        if taken < shares:
            self.orders[named] = side, price, shares - taken
            self.table.store(named, 0)
        else:
            del self.orders[named]
            self.table.erase(named)
        if kind != REPLACE:
            return "OK"
        return self._insert((named[0], op["new_order_reference"]), side, op, effect)

    def _insert(
        self, named: tuple[int, int], side: int, op: dict[str, int], effect: dict[str, int]
    ) -> str:
        if named in self.orders and not self.blind:
            return "DUPLICATE_REFERENCE"
        if self.blind or not self.table.store(named, 0):
            return "TABLE_OVERFLOW"
        self.orders[named] = side, op["price"], op["shares"]
        effect["put"] = 1
        return "OK"


def plain(record: str, word: int) -> dict[str, int]:
    """A record without arrays."""
    fields = unpack(record, word)
    return {name: value for name, value in fields.items() if isinstance(value, int)}


class OrderTable:
    inputs = ("n_op", "s_valid", "s_op", "s_stale", "s_stale_reasons", "sweeping")

    def __init__(self, rows: int, ways: int, books: int) -> None:
        self.rows, self.orders = rows, Orders(rows, ways, books)
        self.all_slots = (1 << books) - 1
        self.count_w = (2 * ways * rows).bit_length()
        self.reset()

    def reset(self) -> None:
        self.orders.empty()
        self.under_way: deque[dict[str, int]] = deque([self._nothing()] * LATENCY)
        self.counts: deque[list[int] | None] = deque([self.orders.counts()] * (LATENCY + 1))
        self.busy, self.error = self.rows + 1, 0
        self.next: dict[str, int] = {}  # the operation that n_op announced

    def _nothing(self) -> dict[str, int]:
        return {"m_valid": 0, "m_stale": 0}

    def outputs(self) -> dict[str, int]:
        outputs = {"ready": int(not self.busy), "error": self.error} | self.under_way[0]
        counts = self.counts[0]
        if counts is not None:
            outputs["orders"] = sum(one << self.count_w * slot for slot, one in enumerate(counts))
        if self.busy:
            outputs["sweeping"] = self.all_slots
        return outputs

    def step(self, **inputs: int) -> None:
        outputs = {"m_valid": inputs["s_valid"], "m_stale": inputs["s_stale"]}
        reasons = {slot: reason_of(inputs["s_stale_reasons"], slot)
                   for slot in range(SLOTS) if inputs["s_stale"] >> slot & 1}  # fmt: skip
        if self.error:
            outputs["m_stale"] = (1 << SLOTS) - 1
            reasons = dict.fromkeys(range(SLOTS), NUMBERS["REASON_TABLE_OVERFLOW"]) | reasons
        outputs["m_stale_reasons"] = Reasons.of(reasons)
        self.orders.blind = self.busy > 0
        self.error = 0
        op = plain("book_op", inputs["s_op"]) if inputs["s_valid"] else {}
        if op:
            op |= {name: self.next[name] for name in ("order_reference", "new_order_reference")}
        self.next = plain("book_op", inputs["n_op"])
        pair = bool(op) and op["operation"] in PAIRS
        self.busy -= int(self.busy > 0 and not pair)
        if op:
            outputs["m_op"] = pack("level_op", self.orders.apply(op))
            slot = op["slot"]
            if op["operation"] in EMPTIES and inputs["sweeping"] >> slot & 1:
                self.orders.empty()
                self.busy, self.error = self.rows + 1, 1
                for later in range(len(self.counts)):  # those under way are of no meaning
                    self.counts[later] = None
        self.under_way.popleft()
        self.under_way.append(outputs)
        self.counts.popleft()
        self.counts.append(None if self.error else self.orders.counts())
