// Properties of risk_rate. Orders are sent in any cycle; what the gate sees to is assumed: none is
// sent that brings its bucket above its depth. One slot and one order are chosen, whichever; so is
// the cycle from which on orders are measured.
`default_nettype none

module risk_rate_props
  import tick_pkg::*;
#(
    parameter int unsigned RECENT = 2
) (
    input logic                 clk,
    input logic                 rst,
    input logic                 writes,
    input risk_command_t        s_command,
    input logic                 new_day,
    input intent_t              q_intent,
    input logic          [31:0] q_window,
    input logic                 sent,
    input order_t               sent_order,
    input logic          [31:0] sent_slot_cycles,
    input logic          [31:0] sent_total_cycles,
    input logic          [31:0] any_depth,
    input logic          [31:0] any_total_depth,
    input intent_t              any_intent,
    input logic                 measures
);
  localparam int unsigned SUM_W = 40;  // of more cycles than anybody proves
  localparam logic signed [SUM_W-1:0] LEAST = -(SUM_W'(1) <<< (SUM_W - 2));
  localparam int unsigned SENT_W = $clog2(RECENT + 1);
  localparam logic [SENT_W-1:0] FORGOTTEN = SENT_W'(RECENT);
  logic taken;
  risk_state_t q_state;

  risk_rate #(.RECENT(RECENT)) dut (.*);

  // What is chosen holds.
  logic started_q = 1'b0;
  logic [31:0] depth_q, total_depth_q;
  intent_t chosen_q;
  logic [SLOT_W-1:0] slot;
  logic same, asks, mine;
  assign slot = chosen_q.slot;
  assign mine = sent && sent_order.slot == slot;
  assign same = mine && sent_order.side == chosen_q.side && sent_order.price == chosen_q.price &&
                sent_order.shares == chosen_q.shares;
  assign asks = q_intent.slot == slot && q_intent.side == chosen_q.side &&
                q_intent.price == chosen_q.price && q_intent.shares == chosen_q.shares;

  // What was sent since the measurement began, in cycles of the bucket, less how long that is.
  logic signed [SUM_W-1:0] excess_q, total_excess_q;
  // The chosen order: whether it was sent, how long ago last, and how many others since.
  logic seen_q;
  logic [31:0] since_q;
  logic [SENT_W-1:0] others_q;
  logic [31:0] day_q, total_day_q, repeated_q;

  always_ff @(posedge clk) begin
    started_q <= started_q || rst;
    if (!started_q) begin
      depth_q       <= any_depth;
      total_depth_q <= any_total_depth;
      chosen_q      <= any_intent;
    end
    excess_q <= excess_q - 1 + (mine ? SUM_W'(sent_slot_cycles) : '0);
    total_excess_q <= total_excess_q - 1 + (sent ? SUM_W'(sent_total_cycles) : '0);
    if (since_q != '1) since_q <= since_q + 32'd1;
    if (sent && others_q != FORGOTTEN) others_q <= others_q + SENT_W'(1);
    if (same) begin
      seen_q   <= 1'b1;
      since_q  <= '0;
      others_q <= '0;
    end
    day_q       <= new_day ? '0 : day_q + 32'(mine);
    total_day_q <= new_day ? '0 : total_day_q + 32'(sent);
    repeated_q  <= repeated_q + 32'(mine);
    if (writes && s_command.act == ACT_LIFT && s_command.slot == slot) repeated_q <= '0;
    if (rst || measures) begin
      excess_q       <= '0;
      total_excess_q <= '0;
    end
    if (rst) begin
      seen_q      <= 1'b0;
      since_q     <= '0;
      others_q    <= '0;
      day_q       <= '0;
      total_day_q <= '0;
      repeated_q  <= '0;
    end
  end

  logic [32:0] fills, total_fills;
  assign fills = 33'(dut.level_q[slot] == '0 ? '0 : dut.level_q[slot] - 32'd1) +
                 33'(sent_slot_cycles);
  assign total_fills = 33'(dut.total_level_q == '0 ? '0 : dut.total_level_q - 32'd1) +
                       33'(sent_total_cycles);

  for (genvar i = 0; i < int'(RECENT); i++) begin : gen_recent
    logic its;
    assign its = dut.recent_q[i].slot == slot && dut.recent_q[i].side == chosen_q.side &&
                 dut.recent_q[i].price == chosen_q.price &&
                 dut.recent_q[i].shares == chosen_q.shares;
    always_ff @(posedge clk) begin
      if (started_q && !rst) begin
        newest_known :
        assert (!seen_q || SENT_W'(i) != others_q ||
                (dut.known_q[i] && its && dut.age_q[i] == since_q));
        newer_known : assert (!seen_q || SENT_W'(i) >= others_q || (dut.known_q[i] && !its));
        older_known :
        assert (!seen_q || SENT_W'(i) <= others_q || !dut.known_q[i] || !its ||
                dut.age_q[i] > since_q || dut.age_q[i] == '1);
        none_known : assert (seen_q || !dut.known_q[i] || !its);
      end
    end
  end

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    within_depth : assume (!mine || fills <= 33'(depth_q));
    within_total_depth : assume (!sent || total_fills <= 33'(total_depth_q));
    not_for_ever : assume (excess_q > LEAST && total_excess_q > LEAST);
    if (started_q && !rst) begin
      no_more_than_the_rate : assert (excess_q <= $signed(SUM_W'(depth_q)));
      no_more_than_the_total_rate : assert (total_excess_q <= $signed(SUM_W'(total_depth_q)));
      not_again_within_the_window :
      assert (!(asks && seen_q && others_q != FORGOTTEN && since_q < q_window) ||
              q_state.duplicate);
      again_behind_the_window :
      assert (!(asks && q_state.duplicate) || (seen_q && since_q < q_window));
      orders_of_the_day : assert (q_intent.slot != slot || q_state.slot_day == day_q);
      all_orders_of_the_day : assert (q_state.total_day == total_day_q);
      only_a_person_lifts : assert (q_intent.slot != slot || q_state.repeated == repeated_q);
      lifts_with_the_key : assert (!taken || writes);
      // What makes it inductive.
      level_known : assert ($signed(SUM_W'(dut.level_q[slot])) >= excess_q);
      total_level_known : assert ($signed(SUM_W'(dut.total_level_q)) >= total_excess_q);
      others_in_range : assert (others_q <= FORGOTTEN);
      counts_known : assert (dut.day_q[slot] == day_q && dut.repeated_q[slot] == repeated_q);
      level_shown : assert (q_intent.slot != slot || q_state.slot_level == dut.level_q[slot]);
      full : cover (mine && fills == 33'(depth_q) && depth_q != '0);
      again : cover (asks && q_state.duplicate && others_q != '0);
      forgotten : cover (asks && seen_q && !q_state.duplicate && others_q == FORGOTTEN);
    end
  end
endmodule

`default_nettype wire
