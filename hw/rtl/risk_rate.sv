// risk_rate: how many orders were sent, how fast, and which of late.
//
// What: Buckets of each slot and of all, which leak 1 a cycle; orders of each slot and of all
// today; orders of each slot since a person allowed more; the last RECENT orders with their ages.
// Timing: q_state has this block's fields of risk_state_t for an intended order q_intent, in the
// same cycle; the others are 0. q_window is how long the same order isn't sent again. An order sent
// in cycle n (sent, sent_order, with what it adds to the two buckets) stands in q_state from n + 1
// on, at age 0. new_day and lift, of cycle n, too.
// Rules: docs/risk.md. Orders sent have passed the gate: then no level and no count passes its
// width. lift is taken where writes says that it has the key. An age stays at its maximum. Reset
// empties buckets and counts, and forgets the orders.
// Not: It doesn't compare with limits, but for the window.
`default_nettype none

module risk_rate
  import tick_pkg::*;
#(
    parameter int unsigned RECENT = 4  // orders remembered
) (
    input  logic                 clk,
    input  logic                 rst,
    input  logic                 writes,
    input  risk_command_t        s_command,
    output logic                 taken,
    input  logic                 new_day,
    input  intent_t              q_intent,
    input  logic          [31:0] q_window,
    output risk_state_t          q_state,
    input  logic                 sent,
    input  order_t               sent_order,
    input  logic          [31:0] sent_slot_cycles,
    input  logic          [31:0] sent_total_cycles
);
  if (RECENT < 1) $error("risk_rate: RECENT must be 1 or more");

  typedef struct packed {
    logic [SLOT_W-1:0]   slot;
    side_e               side;
    logic [PRICE_W-1:0]  price;
    logic [SHARES_W-1:0] shares;
  } recent_t;

  logic [SLOTS-1:0][31:0] level_q, day_q, repeated_q;
  logic [31:0] total_level_q, total_day_q;
  logic [RECENT-1:0] known_q;
  recent_t [RECENT-1:0] recent_q;  // the latest first
  logic [RECENT-1:0][31:0] age_q;
  recent_t asked, now;

  assign taken = writes && s_command.act == ACT_LIFT;
  assign asked = '{
          slot: q_intent.slot,
          side: q_intent.side,
          price: q_intent.price,
          shares: q_intent.shares
      };
  assign now = '{
          slot: sent_order.slot,
          side: sent_order.side,
          price: sent_order.price,
          shares: sent_order.shares
      };

  always_comb begin
    q_state = '0;
    q_state.slot_level = level_q[q_intent.slot];
    q_state.total_level = total_level_q;
    q_state.slot_day = day_q[q_intent.slot];
    q_state.total_day = total_day_q;
    q_state.repeated = repeated_q[q_intent.slot];
    for (int unsigned i = 0; i < RECENT; i++) begin
      if (known_q[i] && recent_q[i] == asked && age_q[i] < q_window) q_state.duplicate = 1'b1;
    end
  end

  function automatic logic [31:0] leaked(logic [31:0] level);
    return level == '0 ? '0 : level - 32'd1;
  endfunction

  always_ff @(posedge clk) begin
    if (sent) recent_q <= (RECENT * $bits(recent_t))'({recent_q, now});
    for (int unsigned i = 0; i < RECENT; i++) begin
      if (age_q[i] != '1) age_q[i] <= age_q[i] + 32'd1;
    end
    if (sent) begin
      age_q[0] <= '0;
      for (int unsigned i = 1; i < RECENT; i++) begin
        age_q[i] <= age_q[i-1] == '1 ? '1 : age_q[i-1] + 32'd1;
      end
    end
    if (rst) begin
      known_q       <= '0;
      level_q       <= '0;
      day_q         <= '0;
      repeated_q    <= '0;
      total_level_q <= '0;
      total_day_q   <= '0;
    end else begin
      if (sent) known_q <= RECENT'({known_q, 1'b1});
      for (int unsigned i = 0; i < SLOTS; i++) begin
        automatic logic mine = sent && 32'(sent_order.slot) == i;
        level_q[i]    <= leaked(level_q[i]) + (mine ? sent_slot_cycles : '0);
        day_q[i]      <= new_day ? '0 : day_q[i] + 32'(mine);
        repeated_q[i] <= repeated_q[i] + 32'(mine);
      end
      total_level_q <= leaked(total_level_q) + (sent ? sent_total_cycles : '0);
      total_day_q   <= new_day ? '0 : total_day_q + 32'(sent);
      if (taken) repeated_q[s_command.slot] <= '0;
    end
  end
endmodule

`default_nettype wire
