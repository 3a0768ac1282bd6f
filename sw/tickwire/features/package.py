"""The RTL's half of the feature table: the numbers of hw/gen/feature_table_pkg.sv."""

from __future__ import annotations

from collections.abc import Iterator

from tickwire.features.table import GROUPS, SOURCES, WHOLE, Table

Values = int | tuple[int, ...]


def numbers(table: Table = WHOLE) -> dict[str, Values]:
    """Each constant of the package by its name; one of a group is an array."""
    constants: dict[str, Values] = {
        "ELEMENTS": len(table.features),
        "FEATURE_BITS": table.bits,
        "FRACTION": table.fraction,
        "DEPTH": table.depth,
        "CLIP": table.clip,
        "WARM_EVENTS": table.warm_events,
    }
    for place, source in enumerate(SOURCES):
        constants[f"OF_{source.strip('|').upper()}"] = place
    for key in dict.fromkeys(feature.key for feature in table.features):
        elements = table.group(key)
        features = [table.features[at] for at in elements]
        columns = {"at": elements}
        columns |= {name: [f.numbers[name] for f in features] for name in features[0].numbers}
        if features[0].of in SOURCES:
            columns["of"] = [SOURCES.index(f.of) for f in features]
        if key in GROUPS:
            constants[_many(key)] = len(features)
        for name, column in columns.items():
            constants[f"{name}_{key}".upper()] = tuple(column) if key in GROUPS else column[0]
    return constants | {"SHARE": table.share}


def _many(key: str) -> str:
    return f"{key}s".upper()


def package(table: Table = WHOLE) -> str:
    """hw/gen/feature_table_pkg.sv."""
    return "\n".join([_HEAD, *_lines(table), _TAIL])


def _lines(table: Table) -> Iterator[str]:
    sizes = {key.upper(): _many(key) for key in GROUPS}
    for name, value in numbers(table).items():
        if isinstance(value, int):
            yield f"  localparam int unsigned {name} = {value};"
            continue
        kind = "int" if min(value) < 0 else "int unsigned"
        size = sizes.get(name.partition("_")[2], len(value))
        rows = [", ".join(map(str, value[at : at + 16])) for at in range(0, len(value), 16)]
        text = rows[0] if len(rows) == 1 else "\n    " + ",\n    ".join(rows) + "\n  "
        yield f"  localparam {kind} {name}[{size}] = '{{{text}}};"


_HEAD = """\
// Generated from sw/tickwire/features/table.py by `python -m tickwire.features`. Don't edit.
//
// feature_table_pkg: the numbers of the feature table. AT_X is the element of feature X, KNEE_X its
// squash's knee, SHIFT_X its running mean's; the numbers of a group X are arrays of XS. What the
// words mean stands in sw/tickwire/features/table.py and docs/reference/features.md.
`default_nettype none

package feature_table_pkg;"""

_TAIL = """endpackage

`default_nettype wire
"""
