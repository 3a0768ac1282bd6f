"""A project's name becomes a Verilog identifier, and some words can't be one."""

from __future__ import annotations

import re

from openrtl.refuse import NETWORK, RefusedError

RESERVED = frozenset(
    # Verilog's and SystemVerilog's
    """
    always and assign automatic begin bit buf byte case cell class clocking config const
    constraint cover deassign default defparam design disable do edge else end endcase
    endfunction endmodule enum event export extends extern final for force forever fork forkjoin
    function generate genvar global if import include initial inout input inside instance int
    integer interface join large library local localparam logic longint medium modport module
    nand negedge new nor not null or output package packed parameter posedge primitive priority
    program property protected pull0 pull1 pure rand real realtime ref reg release repeat return
    scalared sequence shortint signed small specify static string strong0 strong1 struct super
    supply0 supply1 table tagged task this time timeprecision timeunit tri type typedef union
    unique unsigned use var vectored virtual void wait wand weak while wildcard wire with within
    wor xnor xor
    """.split()  # noqa: SIM905
) | {"binop", "multiplier", "mux", "negative", "shift_adder", "ternary_adder"}  # our primitives


def check_name(name: str) -> str:
    """The name itself, or a refusal that offers another."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) or name.lower() in RESERVED:
        better = re.sub(r"\W", "_", name).strip("_") or "network"
        better = (
            f"net_{better}" if better.lower() in RESERVED or not better[0].isalpha() else better
        )
        raise RefusedError(
            NETWORK, f"{name!r} can't name a Verilog module", f"use project_name={better!r}"
        )
    return name
