// line_wait: decides when a packet that came before its turn has waited long enough.
//
// What: it stands beside both line_hold (index 0 is A). While mold_merge is quiet, and was in the
// cycle before, and the oldest packet of either feed was known to be ahead in the cycle before, it
// counts cycles, from 0 again whenever a header acts. After `window` of them, or at once when
// either is crowded, it releases the packet that begins first: what is missing before that is a
// gap. Of two that begin alike A's is released. A feed whose oldest packet isn't known yet is
// waited for; one that has none, but one coming in, counts by that.
//
// Timing: released comes in the cycle after the one in which that is so, of the heads as they were
// a cycle before it. Reset forgets how long it waited.
//
// Not: it does not know what is missing, nor whether it was ever sent.
`default_nettype none

module line_wait
  import tick_pkg::*;
#(
    localparam int unsigned WINDOW_W = 24
) (
    input  logic                                clk,
    input  logic                                rst,
    input  logic [WINDOW_W-1:0]                 window,
    input  logic                                quiet,
    input  logic                                acted,
    input  logic [         1:0]                 s_head,
    input  logic [         1:0]                 s_ahead,
    input  logic [         1:0][SEQUENCE_W-1:0] s_number,
    input  logic [         1:0]                 s_pending,
    input  logic [         1:0]                 s_coming,
    input  logic [         1:0][SEQUENCE_W-1:0] s_coming_number,
    input  logic [         1:0]                 s_crowded,
    output logic [         1:0]                 released
);
  logic [WINDOW_W-1:0] waited_d, waited_q;
  logic [1:0] ahead_q, pending_q, known_q;
  logic b_first_q, quiet_q, counts, due;
  logic [1:0][SEQUENCE_W-1:0] number;

  assign counts = quiet && quiet_q && ahead_q != '0;
  assign due = counts && (waited_q >= window || s_crowded != '0);
  always_comb begin
    for (int unsigned f = 0; f < 2; f++) number[f] = s_head[f] ? s_number[f] : s_coming_number[f];
    waited_d = waited_q;
    if (acted) waited_d = '0;
    else if (counts && waited_q != '1) waited_d = waited_q + WINDOW_W'(1);
  end

  always_ff @(posedge clk) begin
    quiet_q     <= quiet;
    ahead_q     <= s_head & s_ahead;
    pending_q   <= s_pending;
    known_q     <= s_head | s_coming;
    b_first_q   <= 1'((number[1] - number[0]) >> (SEQUENCE_W - 1));
    released[0] <= due && ahead_q[0] && !pending_q[1] && !(known_q[1] && b_first_q);
    released[1] <= due && ahead_q[1] && !pending_q[0] && !(known_q[0] && !b_first_q);
    waited_q    <= waited_d;
    if (rst) begin
      quiet_q   <= 1'b0;
      ahead_q   <= '0;
      pending_q <= '0;
      known_q   <= '0;
      waited_q  <= '0;
      released  <= '0;
    end
  end
endmodule

`default_nettype wire
