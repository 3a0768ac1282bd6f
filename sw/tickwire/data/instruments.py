"""Which instruments are followed, and their locates: from NAME=locate, or from the messages.

A message that names a stock tells its locate: the stock directory's do, adds and others do, too, in
a capture that begins after the directory. Names are as sent, but for the spaces that fill them up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from tickwire.data.events import DataError
from tickwire.gen.itch_table import MESSAGES
from tickwire.gen.records import SLOTS
from tickwire.wire.itch import Messages

_LISTED = 8  # names in a message
# The directory first: it has every name in the exchange's order.
_NAMING = ("R", "A", "F", *(name for name, kind in MESSAGES.items() if name not in "RAF"
           and any(field.name == "stock" for field in kind.fields)))  # fmt: skip


def shown(name: str) -> str:
    """A name with what can't be seen in it."""
    return name if name.isprintable() else repr(name)[1:-1]


def chosen(words: Iterable[str]) -> tuple[list[str], dict[str, int]]:
    """NAME or NAME=locate, each once: the names, and the locates that were given."""
    names: list[str] = []
    locates: dict[str, int] = {}
    for word in words:
        name, equals, locate = word.partition("=")
        if not 1 <= len(name) <= 8 or not name.isascii():
            raise DataError(f"a symbol has 1 to 8 characters, not {name!r}")
        if equals:
            if not locate.isdecimal() or int(locate) >= 1 << 16:
                raise DataError(f"{name}={locate}: a locate is a whole number below 65,536")
            if locates.get(name, int(locate)) != int(locate):
                raise DataError(f"{name} is given two locates, {locates[name]} and {locate}")
            locates[name] = int(locate)
        names.append(name)
    names = list(dict.fromkeys(names))
    if len(names) > SLOTS:
        raise DataError(f"{len(names)} symbols; a file holds at most {SLOTS}")
    given = list(locates.values())
    for name, number in locates.items():
        if given.count(number) > 1:
            raise DataError(f"{name}={number}: another symbol has that locate, too")
    return names, locates


class Directory:
    """The slot of each followed locate number. `learned` are the names that the stock directory
    has; others come from adds and whatever else names a stock. Who `follows` the directory, as the
    hardware does, makes a slot stale where a message no longer calls its locate by its name."""

    def __init__(self, where: str, symbols: Sequence[str], *, follows: bool = False) -> None:
        self._where, self._follows = where, follows
        names, self._given = chosen(symbols)
        self._symbols = tuple(names)
        self._locates: dict[str, list[int]] = {}
        self._names: dict[int, list[str]] = {}
        self._named = False
        self._all = not self._symbols  # of the file's instruments, for want of symbols
        self.learned: set[str] = set()

    def learn(self, messages: Messages) -> None:
        for kind in _NAMING:
            if kind not in messages.arrays:
                continue
            rows = messages.arrays[kind]
            pairs = np.zeros(len(rows), [("stock", "V8"), ("locate", np.uint16)])
            pairs["stock"] = np.ascontiguousarray(rows["stock"]).view("V8")
            pairs["locate"] = rows["stock_locate"]
            _, first = np.unique(pairs.view("V10"), return_index=True)
            for row in np.sort(first).tolist():
                stock, locate = pairs["stock"][row].tobytes(), int(pairs["locate"][row])
                self._take(stock.decode("latin-1").rstrip(" "), locate, kind == "R")

    def _take(self, name: str, locate: int, directory: bool) -> None:
        if self._named and name not in self._locates and self._all:
            raise DataError(f"{self._where}: {shown(name)} comes late; choose symbols")
        if directory:
            self.learned.add(name)
        locates = self._locates.setdefault(name, [])
        names = self._names.setdefault(locate, [])
        locates += [] if locate in locates else [locate]
        names += [] if name in names else [name]
        if self._named and name in self._symbols:
            self._check((name,))

    @property
    def missing(self) -> list[str]:
        """Symbols that were asked for and aren't known by a locate so far."""
        return [
            name for name in self._symbols if name not in self._given and name not in self._locates
        ]

    def names(self) -> tuple[str, ...]:
        """The instruments in the order of their slots."""
        self._named = True
        if not self._symbols:
            if not 1 <= len(self._locates) <= SLOTS:
                known = [shown(name) for name in list(self._locates)[:_LISTED]]
                known += ["…"] if len(self._locates) > _LISTED else []
                listed = f" ({', '.join(known)})" if known else ""
                raise DataError(
                    f"{self._where}: {len(self._locates)} instruments{listed}; choose symbols"
                )
            self._symbols = tuple(self._locates)
        if self.missing:
            raise DataError(f"{self._where}: {self.lacks(self.missing)}")
        self._check(self._symbols)
        return self._symbols

    def lacks(self, missing: Sequence[str]) -> str:
        """Why there is no such name, and what there is instead."""
        padded = [name for name in self._locates if name.rstrip("\0") in missing and "\0" in name]
        for name in padded:
            short, locate = name.rstrip("\0"), self._locates[name][0]
            return f"{short} is sent as {shown(name)!r}; {short}={locate} follows it"
        return f"no message names {', '.join(missing)} (NAME=locate follows what isn't named)"

    @property
    def unlearned(self) -> dict[str, int]:
        """The locates of symbols that no message of the stock directory names, but others do, and
        those that were given. The others are learned, whatever their locates."""
        learned = self.learned - self._given.keys()
        self._check(name for name in self._symbols if name not in learned | {*self.missing})
        return {
            name: self._locate(name)
            for name in self._symbols
            if name in self._given or (name not in self.learned and name not in self.missing)
        }

    @property
    def known(self) -> dict[int, str]:
        """The name of each slot that a message gives to its locate; a locate may be given that none
        does, and then the messages have another name for it."""
        return {
            slot: name
            for slot, name in enumerate(self._symbols)
            if name.isascii() and self._locate(name) in self._locates.get(name, ())
        }

    def _locate(self, name: str) -> int:
        return self._given[name] if name in self._given else self._locates[name][0]

    def _check(self, names: Iterable[str]) -> None:
        """One name, one locate: also where that is given, since what is of another locate, or of
        another name, would be missing in the book, or be in it, and nothing would say so."""
        for name in names:
            locates, given = self._locates.get(name, []), name in self._given
            others = self._names.get(self._locate(name), [])
            if given and self._follows and name in others:
                continue
            if len(locates) > 1:
                listed = " and ".join(f"{locate}" for locate in locates[:_LISTED])
                choose = f"choose by {shown(name)}={locates[-1]}"
                hint = choose if self._follows else "a book here has one"
                raise DataError(f"{self._where}: {shown(name)} has the locates {listed}; {hint}")
            if len(others) > 1:
                listed = " and ".join(shown(other) for other in others[:_LISTED])
                raise DataError(f"{self._where}: locate {self._locate(name)} stands for {listed}")

    @property
    def locates(self) -> dict[str, int]:
        """The locate of each symbol."""
        return {name: self._locate(name) for name in self._symbols}

    @property
    def slots(self) -> dict[int, int]:
        return {locate: slot for slot, locate in enumerate(self.locates.values())}
