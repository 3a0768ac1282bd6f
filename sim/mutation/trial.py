"""Tries mutants, and keeps each verdict: a run that was broken off goes on where it was."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from hwtools import toolchain
from hwtools.rename import by_rename
from hwtools.toolchain import BUILD
from sim.lib import runner
from sim.mutation import schema
from sim.mutation.design import Design
from sim.mutation.equivalence import ALWAYS, WHERE_VALID, UnprovedError, equivalent
from sim.mutation.judges import Judge
from sim.mutation.mutant import Mutant

OUT = BUILD / "mutation"
# A mutant may take twice the time of the original's tests in processor time, and Python's start.
SLOWER, START = 2, 20

Step = Callable[[str, "Verdict"], None]


class TrialError(RuntimeError):
    """A trial that says nothing: the original fails, or no test ran."""


@dataclass(frozen=True)
class Verdict:
    """`killed`, `timeout`, `loop` (it never settles: lint refuses a loop), or `passed`."""

    outcome: str
    judge: str
    why: str
    seconds: float

    @property
    def passed(self) -> bool:
        return self.outcome == "passed"


@dataclass(frozen=True)
class Proof:
    """Whether a mutant is the original for ever, and how that was shown."""

    proved: bool
    why: str
    seconds: float


class Trial:
    """The mutants of one module, which share a build for each judge."""

    def __init__(self, design: Design, mutants: Sequence[Mutant], out: Path = OUT) -> None:
        self.design, self.mutants = design, list(mutants)
        self.out = out / design.module
        self.hw = self.out / "hw"
        schema.write(design, mutants, self.hw)

    def verdicts(self, judge: Judge, alive: Sequence[Mutant], step: Step) -> dict[Mutant, Verdict]:
        """What a judge says of those that are alive. It is built only if one isn't known yet."""
        said = {mutant: self.known(judge, mutant) for mutant in alive}
        unknown = [mutant for mutant, verdict in said.items() if verdict is None]
        limit = self.original(judge) if unknown else 0
        for mutant in alive:
            verdict = said[mutant] or self.judged(judge, mutant, limit)
            said[mutant] = verdict
            step(str(judge), verdict)
        return {mutant: verdict for mutant, verdict in said.items() if verdict is not None}

    def original(self, judge: Judge) -> int:
        """Mutant 0 has to pass: the build is true to the source. Gives the time for the others."""
        try:
            result = judge.run(self.hw, 0)
        except runner.BenchError as error:
            raise TrialError(f"the bench fails without a mutant: {error}") from None
        return int(SLOWER * result.seconds) + START

    def judged(self, judge: Judge, mutant: Mutant, limit: int) -> Verdict:
        began = time.monotonic()
        outcome, why = "passed", ""
        try:
            judge.run(self.hw, self.mutants.index(mutant) + 1, limit)
        except runner.OutOfTimeError as error:
            outcome, why = "timeout", str(error)
        except runner.BenchError as error:
            if not error.ran:
                raise TrialError(str(error)) from None
            looped = error.log is not None and "DIDNOTCONVERGE" in error.log.read_text()
            outcome, why = "loop" if looped else "killed", str(error).splitlines()[0]
        verdict = Verdict(outcome, str(judge), why, round(time.monotonic() - began, 2))
        path = self._path(judge.digest(), mutant)
        _keep(path, {**asdict(verdict), "mutant": self.shown(mutant)})
        return verdict

    def known(self, judge: Judge, mutant: Mutant) -> Verdict | None:
        path = self._path(judge.digest(), mutant)
        if not path.exists():
            return None
        kept = json.loads(path.read_text())
        return Verdict(kept["outcome"], kept["judge"], kept["why"], kept["seconds"])

    def proof(self, mutant: Mutant, judges: Sequence[Judge]) -> Proof:
        """Whether it is proved to be the original in every build of the bench, and how; kept."""
        digests = [judge.build().folder.name for judge in judges]
        path = self._path(repr(("proof", digests, toolchain.need("yosys").version)), mutant)
        if not path.exists():
            began = time.monotonic()
            proved, why = self._proof(mutant, judges)
            proof = Proof(proved, why, round(time.monotonic() - began, 2))
            _keep(path, {**asdict(proof), "mutant": self.shown(mutant)})
            return proof
        kept = json.loads(path.read_text())
        return Proof(kept["proved"], kept["why"], kept["seconds"])

    def _proof(self, mutant: Mutant, judges: Sequence[Judge]) -> tuple[bool, str]:
        faulty = schema.copied(self.design, mutant.applied(self.design.text), self.out / "faulty")
        said = ALWAYS
        try:
            for judge in {judge.parameters: judge for judge in judges}.values():
                top = judge.build().top
                asked = (top, self.design.hw, faulty, dict(judge.parameters), self.out / "proof")
                if not (proved := equivalent(*asked)):
                    return False, f"no proof with {judge}"
                said = WHERE_VALID if proved == WHERE_VALID else said
        except UnprovedError as error:
            return False, f"no proof: {error}"
        return True, f"proved equivalent by induction, {said}"

    def shown(self, mutant: Mutant) -> dict[str, str]:
        """As reports name it."""
        text = self.design.text
        before, after = mutant.shown(text)
        place = f"{self.design.file.name}:{mutant.line(text)}"
        return {"place": place, "kind": mutant.kind, "original": before, "mutated": after}

    def _path(self, judge: str, mutant: Mutant) -> Path:
        parts = (judge, self.design.text, repr(mutant), Path(schema.__file__).read_text())
        name = hashlib.sha256(repr(parts).encode()).hexdigest()[:20]
        return self.out / "verdicts" / f"{name}.json"


def _keep(path: Path, content: dict[str, object]) -> None:
    with by_rename(path) as part:
        part.write_text(json.dumps(content, indent=1))
