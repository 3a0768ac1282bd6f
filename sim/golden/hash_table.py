"""Golden model of hash_table: places in plain lists, one operation whole after the other.

`Table` is what operations in order come to, and knows no time; `HashTable` says when.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass

from sim.golden.row_hash import RowHash

LATENCY = 3  # cycles from the lookup to its answer, in which the user's answer is taken too
EVERY = -1  # a clear of all slots
HASH = {"sparse": 1, "skew_0": 4, "offset_1": 5, "skew_1": 0}
Place = tuple[int, int, int]  # choice, row, way
Named = tuple[int, int]  # slot, key


class Table:
    """`met` counts what happened to places."""

    shape = HASH

    def __init__(self, key_w: int, rows: int, ways: int, books: int) -> None:
        self.key_w, self.ways, self.books = key_w, ways, books
        name_w = key_w + max(1, (books - 1).bit_length())
        self.hash = RowHash(name_w, (rows - 1).bit_length(), **self.shape)
        self.met: Counter[str] = Counter()
        self.empty()

    def empty(self) -> None:
        self.held: dict[Place, Named] = {}
        self.where: dict[Named, tuple[Place, int]] = {}

    def rows(self, named: Named) -> list[int]:
        return self.hash.rows(named[0] << self.key_w | named[1])

    def free(self, named: Named) -> list[list[Place]]:
        return [
            [(choice, row, way) for way in range(self.ways) if (choice, row, way) not in self.held]
            for choice, row in enumerate(self.rows(named))
        ]

    def find(self, named: Named) -> int | None:
        entry = self.where.get(named)
        return None if entry is None else entry[1]

    def room(self, named: Named) -> bool:
        return named in self.where or any(self.free(named))

    def store(self, named: Named, value: int) -> bool:
        """Whether there was room."""
        if named in self.where:
            self.met["updated"] += 1
            self.where[named] = self.where[named][0], value
            return True
        free = self.free(named)
        if not any(free):
            self.met["no_room"] += 1
            return False
        choice = int(len(free[1]) > len(free[0]))
        self.met[f"choice_{choice}"] += 1
        self.held[free[choice][0]] = named
        self.where[named] = free[choice][0], value
        return True

    def erase(self, named: Named) -> bool:
        """Whether it was there."""
        if named not in self.where:
            return False
        self.met["erased"] += 1
        del self.held[self.where.pop(named)[0]]
        return True

    def clear(self, slot: int) -> None:
        for named in [named for named in self.where if named[0] == slot]:
            del self.held[self.where.pop(named)[0]]


@dataclass(frozen=True)
class Lookup:
    named: Named
    second: Named | None
    blind: bool  # it began while the table wasn't ready, or of a slot that it doesn't have


class HashTable:
    """What an answer would be wrong about without the one before is counted in `met`, too."""

    inputs = (
        *("clear", "clear_slot", "sweeping", "p_values", "m_select"),
        *("n_slot", "n_key", "n_key2", "n_pair", "s_valid"),
        *("w_store", "w_erase", "w_value", "w_store2", "w_value2"),
    )

    def __init__(self, key_w: int, value_w: int, rows: int, ways: int, books: int) -> None:
        self.table, self.rows, self.value_w = Table(key_w, rows, ways, books), rows, value_w
        self.all_slots = (1 << books) - 1
        self.reset()

    @property
    def met(self) -> Counter[str]:
        return self.table.met

    def reset(self) -> None:
        self.table.empty()
        self.under_way: deque[Lookup | int | None] = deque([None] * LATENCY)  # an int: a clear
        self.busy = self.rows + 1  # cycles until ready
        self.sweeps = self.all_slots
        self.error = 0
        self.values = 0
        self.next = (0, 0, 0, 0)  # what a lookup is of: the n_ ports a cycle ago

    def outputs(self) -> dict[str, int]:
        outputs = {"ready": int(not self.busy), "error": self.error}
        if self.busy:
            outputs["sweeping"] = self.all_slots
        now = self.under_way[0]
        outputs["m_valid"] = int(isinstance(now, Lookup))
        if isinstance(now, Lookup):
            outputs |= self._answer(now)
        return outputs

    def _answer(self, now: Lookup) -> dict[str, int]:
        table = self.table
        value = None if now.blind else table.find(now.named)
        outputs = {"m_hit": int(value is not None), "m_room": int(not now.blind)}
        outputs["m_room"] &= int(table.room(now.named))
        outputs |= {"m_value": value} if value is not None else {"m_select": 0}
        if now.second is not None:
            twin = now.second == now.named
            hit = not now.blind and not twin and table.find(now.second) is not None
            outputs |= {"m_hit2": int(hit), "m_room2": int(not now.blind and self._room2(now))}
        return outputs

    def _room2(self, now: Lookup) -> bool:
        """With the first gone."""
        assert now.second is not None
        if self.table.room(now.second):
            return True
        first = self.table.where.get(now.named)
        freed = first is not None and first[0][1] == self.table.rows(now.second)[first[0][0]]
        self.met["room_of_the_first"] += freed
        return freed

    def step(self, **inputs: int) -> None:
        self._sweep(inputs)
        now = self.under_way.popleft()
        if isinstance(now, Lookup):
            self._take(now, inputs)
        elif now == EVERY:
            self.table.empty()
        elif now is not None:
            self.table.clear(now)
        self.values = inputs["p_values"]
        self.under_way.append(self._begun(inputs))
        self.next = (inputs["n_slot"], inputs["n_key"], inputs["n_key2"], inputs["n_pair"])
        begun = self.under_way[-1]
        pair = isinstance(begun, Lookup) and begun.second is not None
        self.busy -= int(self.busy > 0 and not pair)
        self.error = 0
        if inputs["clear"]:
            slot = inputs["clear_slot"]
            if inputs["sweeping"] >> slot & 1:
                self.error, self.busy = 1, self.rows + 1
                self.under_way[-1] = EVERY  # after the answers that are under way
                self.sweeps = self.all_slots
                self.met["error"] += 1
            self.sweeps |= 1 << slot
            self.met["clear"] += 1

    def _sweep(self, inputs: dict[str, int]) -> None:
        """sweeping may fall at any time, and rises with a clear only."""
        assert inputs["sweeping"] & ~self.sweeps == 0, "sweeping rose by itself"
        self.met["swept"] += (self.sweeps & ~inputs["sweeping"]).bit_count()
        self.sweeps = inputs["sweeping"]

    def _begun(self, inputs: dict[str, int]) -> Lookup | int | None:
        if inputs["clear"]:
            return inputs["clear_slot"]
        if not inputs["s_valid"]:
            return None
        slot, key, key2, pair = self.next
        blind = bool(self.busy) or slot >= self.table.books
        return Lookup((slot, key), (slot, key2) if pair else None, blind)

    def _take(self, now: Lookup, inputs: dict[str, int]) -> None:
        self.met["lookup"] += 1
        self.met["blind"] += now.blind
        if now.blind or self.busy:
            return
        value = self.table.find(now.named)
        self.met["hit" if value is not None else "miss"] += 1
        if value is not None:
            source = inputs["m_select"].bit_length() - 1
            assert inputs["m_select"] == 1 << source, "not one source"
            held = (1 << self.value_w) - 1
            for when, values in (("before", self.values), ("then", inputs["p_values"])):
                observed = values >> source * self.value_w & held
                assert observed == value, f"p_values {when}: {observed:#x}, not {value:#x}"
        if inputs["w_store"]:
            self.table.store(now.named, inputs["w_value"])
        elif inputs["w_erase"]:
            self.table.erase(now.named)
        if now.second is not None and inputs["w_store2"]:
            self.met["twin"] += now.second == now.named
            self.met["second_stored"] += self.table.store(now.second, inputs["w_value2"])
