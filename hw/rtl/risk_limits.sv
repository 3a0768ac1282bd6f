// risk_limits: what each slot and all together may do, held twice.
//
// What: Limits are written whole, a slot's or the total ones, into a memory and, complemented, into
// another. q_slot reads a slot's; until they are written, limits are 0. g_decay is the loss_decay
// of the slot cycle mod SLOTS, for whom works in the background.
// Timing: A command of cycle n holds from n + 1 on. taken, loosens and mismatch are of this cycle.
// Rules: writes says that a command for limits has come with the right key. It is taken if the gate
// isn't armed, or if nothing is loosened: docs/risk.md. What was never written is loosened by any
// write. mismatch says that the limits of the slot cycle mod SLOTS, or the total ones, differ from
// their shadow; what isn't written isn't compared. Reset makes all unwritten.
// Not: It mends nothing: who hears of a mismatch kills the gate.
`default_nettype none

module risk_limits
  import tick_pkg::*;
(
    input  logic                       clk,
    input  logic                       rst,
    input  logic          [SLOT_W-1:0] cycle,           // low bits
    input  logic                       armed,
    input  logic                       writes,
    input  risk_command_t              s_command,
    input  slot_limits_t               s_slot_limits,
    input  total_limits_t              s_total_limits,
    output logic                       taken,
    input  logic          [SLOT_W-1:0] q_slot,
    output logic                       q_written,
    output slot_limits_t               q_limits,
    output logic                       total_written,
    output total_limits_t              total,
    output logic          [      31:0] g_decay,
    output logic                       mismatch
);
  slot_limits_t limits[SLOTS];  // limits and their shadows: memories
  logic [SLOT_LIMITS_W-1:0] shadows[SLOTS];
  logic [SLOTS-1:0] written_q;
  total_limits_t total_q;
  logic [TOTAL_LIMITS_W-1:0] total_shadow_q;
  logic total_written_q;

  function automatic logic slot_loosens(slot_limits_t was, slot_limits_t now);
    logic [19:0] looser;
    looser = {
      now.enabled && !was.enabled,
      !now.restricted && was.restricted,
      now.short_permitted && !was.short_permitted,
      now.tick_class != was.tick_class,
      now.age > was.age,
      now.collar_touch > was.collar_touch,
      now.collar_reference > was.collar_reference,
      now.order_shares > was.order_shares,
      now.order_money > was.order_money,
      now.position_long > was.position_long,
      now.position_short > was.position_short,
      now.open_orders > was.open_orders,
      now.rate_cycles < was.rate_cycles,
      now.rate_depth > was.rate_depth,
      now.day_orders > was.day_orders,
      now.repeated > was.repeated,
      now.duplicate < was.duplicate,
      now.loss > was.loss,
      now.loss_decay < was.loss_decay,
      now.symbol != was.symbol
    };
    return looser != '0;
  endfunction

  function automatic logic total_loosens(total_limits_t was, total_limits_t now);
    logic [9:0] looser;
    looser = {
      now.gross > was.gross,
      now.net > was.net,
      now.credit > was.credit,
      now.open_orders > was.open_orders,
      now.rate_cycles < was.rate_cycles,
      now.rate_depth > was.rate_depth,
      now.day_orders > was.day_orders,
      now.loss > was.loss,
      now.loss_decay < was.loss_decay,
      now.silence > was.silence
    };
    return looser != '0;
  endfunction

  logic writes_slot, writes_total, slot_loose, total_loose;
  assign slot_loose = !written_q[s_command.slot] || slot_loosens(
      limits[s_command.slot], s_slot_limits
  );
  assign total_loose = !total_written_q || total_loosens(total_q, s_total_limits);
  assign writes_slot = writes && s_command.act == ACT_SLOT_LIMITS && !(armed && slot_loose);
  assign writes_total = writes && s_command.act == ACT_TOTAL_LIMITS && !(armed && total_loose);
  assign taken = writes_slot || writes_total;

  // What is not written reads as 0, whatever the memory holds.
  assign q_written = written_q[q_slot];
  assign q_limits = q_written ? limits[q_slot] : '0;
  assign g_decay = written_q[cycle] ? limits[cycle].loss_decay : '0;
  assign total_written = total_written_q;
  assign total = total_written_q ? total_q : '0;
  assign mismatch = (written_q[cycle] && limits[cycle] != ~shadows[cycle]) ||
                    (total_written_q && total_q != ~total_shadow_q);

  always_ff @(posedge clk) begin
    if (writes_slot) begin
      limits[s_command.slot]  <= s_slot_limits;
      shadows[s_command.slot] <= ~s_slot_limits;
    end
    if (writes_total) begin
      total_q        <= s_total_limits;
      total_shadow_q <= ~s_total_limits;
    end
    if (rst) begin
      written_q       <= '0;
      total_written_q <= 1'b0;
    end else begin
      if (writes_slot) written_q[s_command.slot] <= 1'b1;
      if (writes_total) total_written_q <= 1'b1;
    end
  end
endmodule

`default_nettype wire
