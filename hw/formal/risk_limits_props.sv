// Properties of risk_limits. Writes come in any cycle, armed and not. What is written is beside what
// was: q_slot is the slot of the command.
`default_nettype none

module risk_limits_props
  import tick_pkg::*;
#(
    parameter bit SHADOW = 1'b0
) (
    input logic                       clk,
    input logic                       rst,
    input logic          [SLOT_W-1:0] cycle,
    input logic                       armed,
    input logic                       writes,
    input risk_command_t              s_command,
    input slot_limits_t               s_slot_limits,
    input total_limits_t              s_total_limits
);
  logic taken, q_written, total_written, mismatch;
  slot_limits_t q_limits;
  total_limits_t total;
  logic [31:0] g_decay;
  logic [SLOT_W-1:0] q_slot;
  assign q_slot = s_command.slot;

  risk_limits dut (.*);

  logic started_q = 1'b0;
  logic rst_q;
  logic puts, puts_total;
  assign puts = writes && s_command.act == ACT_SLOT_LIMITS;
  assign puts_total = writes && s_command.act == ACT_TOTAL_LIMITS;

  always_ff @(posedge clk) begin
    started_q <= started_q || rst;
    rst_q     <= rst;
  end

  // Of anything that the memories hold: whichever bit isn't its shadow's, it is told.
  if (SHADOW) begin : gen_shadow
    logic [ SLOT_LIMITS_W-1:0] same;
    logic [TOTAL_LIMITS_W-1:0] total_same;
    assign same = ~(dut.limits[cycle] ^ dut.shadows[cycle]);
    assign total_same = ~(dut.total_q ^ dut.total_shadow_q);
    always_ff @(posedge clk) begin
      mismatch_told : assert (mismatch || !dut.written_q[cycle] || same == '0);
      total_mismatch_told : assert (mismatch || !dut.total_written_q || total_same == '0);
    end
  end

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    if (started_q && rst_q) begin
      reset_forgets : assert (!q_written && !total_written && q_limits == '0 && total == '0);
    end
    if (started_q && !rst) begin
      unwritten_is_nothing : assert (q_written || q_limits == '0);
      total_unwritten_is_nothing : assert (total_written || total == '0);
      asked_for : assert (!taken || puts || puts_total);
      disarmed_is_taken : assert (armed || !(puts || puts_total) || taken);
      if (armed && puts && taken) begin  // no limit loosens while armed
        not_first_written : assert (q_written);
        enabled : assert (!(s_slot_limits.enabled && !q_limits.enabled));
        restricted : assert (!(!s_slot_limits.restricted && q_limits.restricted));
        short_permitted : assert (!(s_slot_limits.short_permitted && !q_limits.short_permitted));
        symbol : assert (s_slot_limits.symbol == q_limits.symbol);
        tick_class : assert (s_slot_limits.tick_class == q_limits.tick_class);
        age : assert (s_slot_limits.age <= q_limits.age);
        collar_touch : assert (s_slot_limits.collar_touch <= q_limits.collar_touch);
        collar_reference : assert (s_slot_limits.collar_reference <= q_limits.collar_reference);
        order_shares : assert (s_slot_limits.order_shares <= q_limits.order_shares);
        order_money : assert (s_slot_limits.order_money <= q_limits.order_money);
        position_long : assert (s_slot_limits.position_long <= q_limits.position_long);
        position_short : assert (s_slot_limits.position_short <= q_limits.position_short);
        open_orders : assert (s_slot_limits.open_orders <= q_limits.open_orders);
        rate_cycles : assert (s_slot_limits.rate_cycles >= q_limits.rate_cycles);
        rate_depth : assert (s_slot_limits.rate_depth <= q_limits.rate_depth);
        day_orders : assert (s_slot_limits.day_orders <= q_limits.day_orders);
        repeated : assert (s_slot_limits.repeated <= q_limits.repeated);
        duplicate : assert (s_slot_limits.duplicate >= q_limits.duplicate);
        loss : assert (s_slot_limits.loss <= q_limits.loss);
        loss_decay : assert (s_slot_limits.loss_decay >= q_limits.loss_decay);
      end
      if (armed && puts_total && taken) begin
        not_first_total : assert (total_written);
        total_gross : assert (s_total_limits.gross <= total.gross);
        total_net : assert (s_total_limits.net <= total.net);
        total_credit : assert (s_total_limits.credit <= total.credit);
        total_open_orders : assert (s_total_limits.open_orders <= total.open_orders);
        total_rate_cycles : assert (s_total_limits.rate_cycles >= total.rate_cycles);
        total_rate_depth : assert (s_total_limits.rate_depth <= total.rate_depth);
        total_day_orders : assert (s_total_limits.day_orders <= total.day_orders);
        total_loss : assert (s_total_limits.loss <= total.loss);
        total_loss_decay : assert (s_total_limits.loss_decay >= total.loss_decay);
        total_silence : assert (s_total_limits.silence <= total.silence);
      end
      tightened : cover (armed && puts && taken && q_limits != s_slot_limits);
      refused : cover (puts && !taken && q_written);
    end
  end
endmodule

`default_nettype wire
