"""Changes a number of the feature table, and sees that something notices.

`python -m sim.checks.feature_numbers [NAME …]` takes each number alone, one more than it is: it
builds features with a package that says so, and runs its bench, whose expected vectors are those of
the table. The bench must fail, or the build must refuse the number. All of them take most of an
hour. The host's half, the kernel with such a table against the plain model, is quick:
tests/tickwire/test_features.py.
"""

from __future__ import annotations

import random
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from hwtools.command import Parser, ended
from hwtools.rtl import HW
from hwtools.toolchain import BUILD
from sim.lib.environment import environment
from sim.lib.runner import BenchError, run, seed
from sim.lib.verilated import BuildError
from sim.test_feature_pkg import TOP, write_top
from tickwire.features.package import package
from tickwire.features.table import TABLE, WHOLE, Table

SHARED = ("bits", "fraction", "clip", "warm_events")
# Below this, it takes any spread's logarithm below 0: one more or less can't be seen.
UNSEEN = "share[0]"
FIRST = "packets_send_what_they_touched"  # the bench's test that meets everything


def altered(name: str, step: int) -> Table:
    """The table with one number more or less: `bits`, `trend_128.knee`, `share[3]`."""
    owner, _, number = name.partition(".")
    if name in SHARED:
        return replace(WHOLE, **{name: getattr(WHOLE, name) + step})
    if not number:
        share, at = list(WHOLE.share), int(name.removeprefix("share[").removesuffix("]"))
        share[at] += step
        return replace(WHOLE, share=tuple(share))
    at = next(at for at, feature in enumerate(TABLE) if feature.name == owner)
    numbers = {**TABLE[at].numbers, number: TABLE[at].numbers[number] + step}
    feature = replace(TABLE[at], numbers=numbers)
    return replace(WHOLE, features=(*TABLE[:at], feature, *TABLE[at + 1 :]))


def names() -> list[str]:
    """Every number of the table."""
    own = [f"{feature.name}.{name}" for feature in TABLE for name in feature.numbers]
    return [*SHARED, *own, *(f"share[{d}]" for d in range(len(WHOLE.share)))]


def handful() -> list[str]:
    """A few of them, that SEED draws: for tests."""
    rng, every = random.Random(seed()), names()
    own = [name for name in every if not name.startswith("share")]
    return [*rng.sample(own, 3), rng.choice([name for name in every[len(own) :] if name != UNSEEN])]


def scrambled(number: int) -> Table:
    """A table in which every number is another, and those of a group differ from each other."""
    rng = random.Random(number)
    spans = {
        "knee": range(4, 14), "shift": range(1, 10), "lag": range(1, 17), "unit": range(9, 14),
        "exponent": range(22, 37), "buckets": range(2, 9), "less": range(40, 90),
        "step": range(1, 3), "level": range(2, 6),
    }  # fmt: skip
    fixed = {("imbalance_1", "level"), ("imbalance_5", "level")}  # features refuses others
    used: dict[tuple[str, str], set[int]] = {}

    def drawn(key: str, name: str, value: int) -> int:
        taken = used.setdefault((key, name), set())
        choice = rng.choice([one for one in spans[name] if one != value and one not in taken])
        taken.add(choice)
        return choice

    features = tuple(
        replace(
            feature,
            numbers={
                name: value if (feature.name, name) in fixed else drawn(feature.key, name, value)
                for name, value in feature.numbers.items()
            },
        )
        for feature in TABLE
    )
    share = tuple(value - rng.randint(1, 5) for value in WHOLE.share)
    clip, events = rng.randrange(3_000, 120_000), rng.randrange(60, 400)
    return replace(WHOLE, features=features, share=share, clip=clip, warm_events=events)


def hardware(table: Table, label: str) -> Path:
    """A copy of hw with this table's package."""
    copy = BUILD / "numbers" / label / "hw"
    shutil.rmtree(copy, ignore_errors=True)
    for part in ("rtl", "gen"):
        shutil.copytree(HW / part, copy / part)
    (copy / "gen" / "feature_table_pkg.sv").write_text(package(table))
    return copy


def noticed(name: str) -> str:
    """What noticed that the number is one more; empty where nothing did."""
    hw = hardware(altered(name, 1), name.replace("[", "_").removesuffix("]"))
    try:
        if name.startswith("share"):  # each of them is looked up by feature_pkg's own bench
            write_top()
            run("feature_pkg", top=TOP, hw=hw)
        else:
            with environment(COCOTB_TEST_FILTER=FIRST):
                run("features", hw=hw)
    except BenchError as error:
        return str(error).splitlines()[0]
    except BuildError as error:
        refusals = [line for line in str(error).splitlines() if "USERERROR" in line]
        return f"refused: {refusals[0].rpartition(': ')[2]}" if refusals else ""
    return ""


def main(argv: list[str]) -> int:
    parser = Parser(prog="sim.checks.feature_numbers", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="trend_128.knee; default: all")
    args = parser.parse_args(argv)
    every = [name for name in names() if name != UNSEEN]
    unknown = sorted(set(args.names) - set(every))
    if unknown:
        parser.error(f"no number {', '.join(unknown)}; there are: {', '.join(every)}")
    unseen = []
    for name in args.names or every:
        message = noticed(name)
        print(f"{name}: {message or 'NOT SEEN'}", flush=True)
        unseen += [] if message else [name]
    chosen = len(args.names or every)
    print(f"{chosen - len(unseen)} of {chosen} numbers seen, SEED={seed()}")
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(ended("numbers", lambda: main(sys.argv[1:])))
