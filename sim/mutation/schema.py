"""All mutants of a source in one text: `+mutant=N` of the simulator chooses the N-th, 0 none."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from hwtools.rtl import sources
from sim.mutation.design import Design, driven
from sim.mutation.mutant import Edit, Mutant, implicit

CHOSEN = "mutation_pkg::chosen"
ZERO = "'0"
PACKAGE = """\
// Which mutant runs: +mutant=N of the simulator.
package mutation_pkg;
  function automatic int asked();
    if (!$value$plusargs("mutant=%d", asked)) asked = 0;
  endfunction
  int chosen = asked();
endpackage
"""
# What Verilator would say of faults, among them that a choice may not be constant.
QUIET = "// verilator lint_off {}\n"
WARNINGS = (
    "WIDTH", "WIDTHCONCAT", "UNSIGNED", "CMPCONST", "UNOPTFLAT", "UNUSED", "SELRANGE", "LATCH",
    "ENUMVALUE", "ALWCOMBORDER", "BLKSEQ", "UNDRIVEN", "ASCRANGE", "MULTIDRIVEN", "CASEINCOMPLETE",
    "CASEOVERLAP", "COMBDLY", "IMPERFECTSCH", "GENUNNAMED", "VARHIDDEN",
)  # fmt: skip

Choices = dict[tuple[int, int], list[tuple[int, Edit]]]  # of a place: mutants, by number


def write(design: Design, mutants: Sequence[Mutant], hw: Path) -> Path:
    """A copy of its tree in which the design's source holds these mutants, from number 1."""
    copied(design, schema(design, mutants), hw)
    (hw / "rtl" / "mutation_pkg.sv").write_text(PACKAGE)
    return hw


def copied(design: Design, text: str, hw: Path) -> Path:
    """A copy of the design's tree with another text in its place."""
    shutil.rmtree(hw, ignore_errors=True)
    for part in ("rtl", "gen"):
        shutil.copytree(design.hw / part, hw / part)
    (hw / design.file.relative_to(design.hw)).write_text(text)
    sources.cache_clear()  # which remembers what the copy needed before
    return hw


def schema(design: Design, mutants: Sequence[Mutant]) -> str:
    """The text, in which each place chooses between what stands there and what mutants put."""
    values, statements, outputs = Choices(), Choices(), Choices()
    kinds = {"value": values, "statement": statements, "output": outputs}
    for number, mutant in enumerate(mutants, start=1):
        for edit in mutant.edits:
            kinds[mutant.form].setdefault((edit.start, edit.end), []).append((number, edit))
    pieces = {
        **{span: _value(design.text, span, edits) for span, edits in values.items()},
        **{span: _statement(edits) for span, edits in statements.items()},
        **{span: ("", _wire(span), "") for span in outputs},
    }
    inserted = _wires(design, outputs)
    quiet = "".join(QUIET.format(warning) for warning in WARNINGS)
    return quiet + _render(design.text, pieces, inserted)


Piece = tuple[str, str | None, str]  # before it, in its place (None: as it was), behind it


def _value(text: str, span: tuple[int, int], edits: list[tuple[int, Edit]]) -> Piece:
    """No conversion comes in: a choice is as wide as the wider side, and mutants keep types."""
    choices = "".join(f"{CHOSEN} == {number} ? ({edit.text}) : " for number, edit in edits)
    if implicit(text, edits[0][1]):
        name = text[slice(*span)]
        return "", f"{name}({choices}{name})", ""
    return f"({choices}", None, ")"


def _statement(edits: list[tuple[int, Edit]]) -> Piece:
    here = " && ".join(f"{CHOSEN} != {number}" for number, _ in edits)
    return f"begin if ({here}) ", None, " end"


def _wire(span: tuple[int, int]) -> str:
    return f"mutation_{span[0]}"


def _wires(design: Design, outputs: Choices) -> dict[int, str]:
    """Outputs that mutants move go through wires of their own: text to put in, by place."""
    known = {design.span(output.target): output for output in driven(design.scope)}
    wires = {design.text[slice(*span)]: _wire(span) for span in outputs}
    inserted = dict[int, str]()
    for span, edits in sorted(outputs.items()):
        output, name = known[span], design.text[slice(*span)]
        start, end = design.span(output.instance.syntax.parent)
        chosen = "".join(
            f"{CHOSEN} == {number} ? {wires[edit.text] if edit.text else ZERO} : "
            for number, edit in edits
        )
        assign = f" assign {name} = {chosen}{_wire(span)};"
        inserted[start] = inserted.get(start, "") + f"{output.written} {_wire(span)}; "
        inserted[end] = inserted.get(end, "") + assign
    return inserted


def _render(text: str, pieces: dict[tuple[int, int], Piece], inserted: dict[int, str]) -> str:
    """Pieces lie in each other or apart, never across."""
    marks = list[tuple[int, int, int, str, int]]()  # place, order at it, then the text and its end
    for (start, end), (before, instead, behind) in pieces.items():
        length = end - start
        if instead is None:
            marks.append((start, 1, -length, before, start))
            marks.append((end, 0, length, behind, end))
        else:
            marks.append((start, 2, 0, instead, end))
    marks += [(place, -1, 0, added, place) for place, added in inserted.items()]
    made, at = list[str](), 0
    for place, _, _, piece, after in sorted(marks, key=lambda mark: mark[:3]):
        made += [text[at:place], piece]
        at = max(place, after)
    return "".join(made) + text[at:]
