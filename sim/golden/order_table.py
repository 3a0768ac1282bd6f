"""Golden model of order_table: naive_book's rules, and golden.hash_table's places.

`Orders` is what operations come to, one whole after the other; `OrderTable` says when.
"""

from __future__ import annotations

from collections import Counter, deque

from sim.golden.hash_table import Table
from sim.golden.tick_pkg import NUMBERS, RECORDS, Value, pack, unpack

LATENCY = 4
SLOTS = NUMBERS["SLOTS"]
REFERENCE_W = NUMBERS["REFERENCE_W"]
OPERATION = {name.removeprefix("OPERATION_"): number for name, number in NUMBERS.items()
             if name.startswith("OPERATION_")}  # fmt: skip
ADD, REPLACE, DELETE = OPERATION["ADD"], OPERATION["REPLACE"], OPERATION["DELETE"]
COUNTED = (OPERATION["EXECUTE"], OPERATION["EXECUTE_PRICE"], OPERATION["CANCEL"])
EMPTIES = (OPERATION["CLEAR"], OPERATION["LOAD"])
Order = tuple[int, int, int]  # side, price, shares


class Orders:
    """What operations come to, in order. `met` counts causes by number, and what places saw."""

    def __init__(self, rows: int, ways: int, books: int) -> None:
        self.table, self.books = Table(REFERENCE_W, rows, ways, books), books
        self.orders: dict[tuple[int, int], Order] = {}
        self.met: Counter[int] = Counter()
        self.blind = False  # the table isn't ready: it finds nothing and has no room

    def empty(self) -> None:
        self.table.empty()
        self.orders.clear()

    def counts(self) -> list[int]:
        found = Counter(slot for slot, _ in self.orders)
        return [found[slot] for slot in range(self.books)]

    def apply(self, op: dict[str, int]) -> dict[str, Value]:
        """The level_op of a book_op."""
        kind, slot = op["operation"], op["slot"]
        made: dict[str, Value] = {field.name: op.get(field.name, 0)
                                  for field in RECORDS["level_op"]}  # fmt: skip
        made |= {"side": op["side"] if kind == ADD else 0, "put_price": op["price"]}
        made |= {"put_shares": op["shares"]}
        made["take_shares"] = op["shares"] if kind in COUNTED else 0
        if kind in EMPTIES and slot < self.books:
            self.table.clear(slot)
            self.orders = {named: held for named, held in self.orders.items() if named[0] != slot}
        if kind not in (ADD, REPLACE, DELETE, *COUNTED):
            return made
        cause = self._named(op, made)
        made["cause"] = NUMBERS[f"REASON_{cause}"]
        self.met[made["cause"]] += 1
        if cause != "OK":
            made |= {"take": 0, "gone": 0, "put": 0}
        return made

    def _named(self, op: dict[str, int], made: dict[str, Value]) -> str:
        kind, named = op["operation"], (op["slot"], op["order_reference"])
        if named[0] >= self.books:
            return "NOT_ENABLED"
        found = None if self.blind else self.orders.get(named)
        if found is not None:
            made["take_price"] = found[1]
            if kind not in COUNTED:
                made["take_shares"] = found[2]
            if kind != ADD:
                made["side"] = found[0]
        if kind in (ADD, REPLACE) and op["price"] == 0:
            return "BAD_PRICE"
        if kind != DELETE and op["shares"] == 0:
            return "BAD_SHARES"
        if kind == ADD:
            return self._insert(named, op["side"], op, made)
        if found is None:
            return "UNKNOWN_REFERENCE"
        side, price, shares = found
        taken = op["shares"] if kind in COUNTED else shares
        if taken > shares:
            return "EXCESS_SHARES"
        made |= {"take": 1, "gone": int(taken == shares)}
        if taken < shares:
            self.orders[named] = side, price, shares - taken
            self.table.store(named, 0)
        else:
            del self.orders[named]
            self.table.erase(named)
        if kind != REPLACE:
            return "OK"
        return self._insert((named[0], op["new_order_reference"]), side, op, made)

    def _insert(
        self, named: tuple[int, int], side: int, op: dict[str, int], made: dict[str, Value]
    ) -> str:
        if named in self.orders and not self.blind:
            return "DUPLICATE_REFERENCE"
        if self.blind or not self.table.store(named, 0):
            return "TABLE_OVERFLOW"
        self.orders[named] = side, op["price"], op["shares"]
        made["put"] = 1
        return "OK"


def plain(record: str, word: int) -> dict[str, int]:
    """A record without arrays."""
    said = unpack(record, word)
    return {name: value for name, value in said.items() if isinstance(value, int)}


class OrderTable:
    inputs = ("n_op", "s_valid", "s_op", "s_stale", "s_stale_reason", "sweeping")

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
        self.next: dict[str, int] = {}  # what was said of an operation before it came

    def _nothing(self) -> dict[str, int]:
        return {"m_valid": 0, "m_stale": 0}

    def outputs(self) -> dict[str, int]:
        said = {"ready": int(not self.busy), "error": self.error} | self.under_way[0]
        counts = self.counts[0]
        if counts is not None:
            said["orders"] = sum(one << self.count_w * slot for slot, one in enumerate(counts))
        if self.busy:
            said["sweeping"] = self.all_slots
        return said

    def step(self, **told: int) -> None:
        made = {"m_valid": told["s_valid"], "m_stale": told["s_stale"]}
        if told["s_stale"] or self.error:
            made["m_stale_reason"] = told["s_stale_reason"]
        if self.error:
            made["m_stale"] = (1 << SLOTS) - 1
            if not told["s_stale"]:
                made["m_stale_reason"] = NUMBERS["REASON_TABLE_OVERFLOW"]
        self.orders.blind = self.busy > 0
        self.error = 0
        op = plain("book_op", told["s_op"]) if told["s_valid"] else {}
        if op:
            op |= {name: self.next[name] for name in ("order_reference", "new_order_reference")}
        self.next = plain("book_op", told["n_op"])
        pair = bool(op) and op["operation"] == REPLACE
        self.busy -= int(self.busy > 0 and not pair)
        if op:
            made["m_op"] = pack("level_op", self.orders.apply(op))
            slot = op["slot"]
            if op["operation"] in EMPTIES and told["sweeping"] >> slot & 1:
                self.orders.empty()
                self.busy, self.error = self.rows + 1, 1
                for later in range(len(self.counts)):  # those under way are of no meaning
                    self.counts[later] = None
        self.under_way.popleft()
        self.under_way.append(made)
        self.counts.popleft()
        self.counts.append(None if self.error else self.orders.counts())
