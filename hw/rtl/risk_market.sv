// risk_market: what the host says of the market and of the losses, and how that wears out.
//
// What: Reference price and band of each slot; the loss of each slot and of all, which grows by
// itself until the host says it again.
// Timing: q_state has this block's fields of risk_state_t for the slot q_slot, in the same cycle;
// the others are 0. A command of cycle n stands there from n + 1 on.
// Rules: reference, loss and loss_total are taken where writes says that they have the key. In a
// cycle with cycle mod 1,024 = 1,016 + i the loss of slot i grows by g_decay, which is that of
// the slot cycle mod 8; with 1,015 that of all, by total_decay. A command of that cycle comes after
// it. A loss stays at its maximum. Reset: no reference, no band, every loss at its maximum.
// Not: It doesn't compare with limits.
`default_nettype none

module risk_market
  import tick_pkg::*;
(
    input  logic                       clk,
    input  logic                       rst,
    input  logic          [       9:0] cycle,        // low bits
    input  logic                       writes,
    input  risk_command_t              s_command,
    output logic                       taken,
    input  logic          [      31:0] g_decay,
    input  logic          [      31:0] total_decay,
    input  logic          [SLOT_W-1:0] q_slot,
    output risk_state_t                q_state
);
  localparam logic [MONEY_W-1:0] MOST = {1'b0, {(MONEY_W - 1) {1'b1}}};
  localparam int unsigned UNIT_BITS = 10;  // a loss grows each 1,024 cycles

  logic [SLOTS-1:0][PRICE_W-1:0] reference_q, low_q, high_q;
  logic [SLOTS-1:0][MONEY_W-1:0] loss_q;
  logic [MONEY_W-1:0] total_loss_q;

  logic [UNIT_BITS-1:0] place;
  logic [SLOT_W-1:0] slot;
  logic decays, total_decays;
  assign place = cycle;
  assign slot = place[SLOT_W-1:0];
  assign decays = place[UNIT_BITS-1:SLOT_W] == '1;
  assign total_decays = place == UNIT_BITS'((1 << UNIT_BITS) - SLOTS - 1);

  assign taken = writes && s_command.act inside {ACT_REFERENCE, ACT_LOSS, ACT_LOSS_TOTAL};

  function automatic logic [MONEY_W-1:0] grown(logic [MONEY_W-1:0] loss, logic [31:0] decay);
    logic signed [MONEY_W:0] sum;
    sum = (MONEY_W + 1)'($signed(loss)) + $signed((MONEY_W + 1)'(decay));
    return sum > $signed((MONEY_W + 1)'(MOST)) ? MOST : sum[MONEY_W-1:0];
  endfunction

  always_comb begin
    q_state = '0;
    q_state.reference_price = reference_q[q_slot];
    q_state.band_low = low_q[q_slot];
    q_state.band_high = high_q[q_slot];
    q_state.slot_loss = loss_q[q_slot];
    q_state.total_loss = total_loss_q;
  end

  always_ff @(posedge clk) begin
    if (rst) begin
      reference_q  <= '0;
      low_q        <= '0;
      high_q       <= '0;
      loss_q       <= {SLOTS{MOST}};
      total_loss_q <= MOST;
    end else begin
      if (decays) loss_q[slot] <= grown(loss_q[slot], g_decay);
      if (total_decays) total_loss_q <= grown(total_loss_q, total_decay);
      if (taken && s_command.act == ACT_LOSS) loss_q[s_command.slot] <= s_command.loss;
      if (taken && s_command.act == ACT_LOSS_TOTAL) total_loss_q <= s_command.loss;
      if (taken && s_command.act == ACT_REFERENCE) begin
        reference_q[s_command.slot] <= s_command.reference_price;
        low_q[s_command.slot]       <= s_command.band_low;
        high_q[s_command.slot]      <= s_command.band_high;
      end
    end
  end
endmodule

`default_nettype wire
