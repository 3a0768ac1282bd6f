// risk_counters: counts how often each check of the risk gate failed, by slot, for the host to
// read.
//
// What: each decision of the gate adds 1 to the counts of its slot, to those of all checks that it
// failed; a count stays at its maximum once there. `clear` sets all of them to 0, as reset does; a
// decision of its own cycle is lost.
//
// Timing: decisions come 2 cycles apart or more; none is lost, none held up. An access is `req` for
// one cycle with `addr` in bytes. rd_ack pulses 3 cycles later, or 4 where a decision comes in the
// cycle after req, with the count of all decisions until the cycle 4 before it and of none after,
// or with 0 where `clear` came in the cycle 3 before. A write changes nothing and is answered by
// wr_ack alike. One access at a time, the next not before the answer, as PeakRDL's block makes
// them; reset ends one without an answer.
//
// Rules: the count of a check (the enum `check`) of a slot is at slot * 256 + check * 4; a place
// without a check reads 0.
//
// Not: it adds nothing up over the slots, which who reads does.
`default_nettype none

module risk_counters
  import tick_pkg::*;
#(
    parameter int unsigned COUNT_W = 32,  // bits of a count
    localparam int unsigned PLACE_W = 6,  // bits of a check's place within a slot's
    localparam int unsigned ADDRESS_W = SLOT_W + PLACE_W + 2  // bits of a byte address
) (
    input  logic                      clk,
    input  logic                      rst,
    input  logic                      clear,
    input  logic                      s_valid,
    input  decision_t                 s_decision,
    input  logic                      req,
    input  logic                      req_is_wr,
    input  logic      [ADDRESS_W-1:0] addr,
    output logic                      rd_ack,
    output logic      [  COUNT_W-1:0] rd_data,
    output logic                      wr_ack
);
  if (COUNT_W < 1) $error("risk_counters: COUNT_W must be 1 or more");
  if (CHECKS > 2 ** PLACE_W) $error("risk_counters: a slot's places can't hold every check");

  // A row is a slot's counts. A decision reads it in its own cycle and writes it in the next; the
  // host's read takes the first cycle in which no decision comes.
  (* ram_style = "distributed" *) logic [CHECKS-1:0][COUNT_W-1:0] memory[SLOTS];
  logic [SLOTS-1:0] fresh_q;  // what memory holds of the slot is from before the clear
  logic [CHECKS-1:0][COUNT_W-1:0] row_q, counted;
  logic [CHECKS-1:0] failed_q;
  logic [SLOT_W-1:0] slot, slot_q, asked_slot_q;
  logic [PLACE_W-1:0] asked_place_q;
  logic adds_q, asked_q, asked_write_q, reads, reads_q;
  logic [COUNT_W-1:0] asked;

  always_comb begin
    reads = asked_q && !s_valid;
    slot  = s_valid ? s_decision.slot : asked_slot_q;
    asked = 32'(asked_place_q) < CHECKS ? row_q[asked_place_q] : '0;
    for (int unsigned i = 0; i < CHECKS; i++) begin
      counted[i] = row_q[i] + COUNT_W'(failed_q[i] && row_q[i] != '1);
    end
  end

  always_ff @(posedge clk) begin
    failed_q <= s_decision.failed;
    slot_q   <= slot;
    if (s_valid || reads) row_q <= fresh_q[slot] ? '0 : memory[slot];
    if (adds_q) begin
      memory[slot_q]  <= counted;
      fresh_q[slot_q] <= 1'b0;
    end
    if (req) begin
      asked_write_q <= req_is_wr;
      asked_slot_q  <= addr[ADDRESS_W-1:PLACE_W+2];
      asked_place_q <= addr[PLACE_W+1:2];
    end
    rd_data <= asked;
    adds_q  <= s_valid && !clear;
    if (rst || clear) fresh_q <= '1;
    if (rst) begin
      adds_q  <= 1'b0;
      asked_q <= 1'b0;
      reads_q <= 1'b0;
      rd_ack  <= 1'b0;
      wr_ack  <= 1'b0;
    end else begin
      asked_q <= req || asked_q && !reads;
      reads_q <= reads;
      rd_ack  <= reads_q && !asked_write_q;
      wr_ack  <= reads_q && asked_write_q;
    end
  end

  logic unused;
  assign unused = &{1'b0, s_decision, addr[1:0]};
endmodule

`default_nettype wire
