"""What a mutant is: edits of one source, and how the build that holds them all chooses it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Form = Literal["value", "statement", "output"]


@dataclass(frozen=True, order=True)
class Edit:
    """Text that takes the place of the source's from `start` to `end`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, order=True)
class Mutant:
    """One fault. Its edits are of expressions, of a statement that is dropped, or of the variables
    that an instance's outputs drive."""

    edits: tuple[Edit, ...]
    kind: str
    form: Form = "value"

    def applied(self, text: str) -> str:
        """The source with this fault and no other."""
        for edit in sorted(self.edits, reverse=True):
            text = text[: edit.start] + _placed(text, edit) + text[edit.end :]
        return text

    def line(self, text: str) -> int:
        return text.count("\n", 0, self.edits[0].start) + 1

    def shown(self, text: str) -> tuple[str, str]:
        """The lines that it touches, as they were and as they are, on one line each."""
        first = text.rfind("\n", 0, min(edit.start for edit in self.edits)) + 1
        last = text.find("\n", max(edit.end for edit in self.edits))
        faulty = self.applied(text)
        after = faulty[first : len(faulty) - (len(text) - last)]
        return " ".join(text[first:last].split()), " ".join(after.split())


def implicit(text: str, edit: Edit) -> bool:
    """Of a port that is connected by its name alone."""
    return text[edit.start - 1] == "." and text[edit.start : edit.end].isidentifier()


def _placed(text: str, edit: Edit) -> str:
    name = text[edit.start : edit.end]
    return f"{name}({edit.text})" if implicit(text, edit) else edit.text


def draw(found: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """So many of them, in the order of the text. Kinds come in turn, so that a kind that is found
    everywhere doesn't crowd out the others."""
    chance = random.Random(seed)
    kinds = dict[str, list[Mutant]]()
    for mutant in sorted(found):
        kinds.setdefault(mutant.kind, []).append(mutant)
    for each in kinds.values():
        chance.shuffle(each)
    drawn = list[Mutant]()
    while len(drawn) < count and any(kinds.values()):
        turn = [kind for kind in sorted(kinds) if kinds[kind]]
        chance.shuffle(turn)
        drawn += [kinds[kind].pop() for kind in turn[: count - len(drawn)]]
    return sorted(drawn)
