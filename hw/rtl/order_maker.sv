// order_maker: makes an intended order of a decision to buy or sell.
//
// What: The slot's settings say how. Price: opposite is the opposite touch, own the own side's;
// behind is offset away from the market from the own side's, beyond is offset through the opposite
// one. A price that isn't there, or that leaves 32 bits, is 0, which the gate refuses. Shares: as
// set; where capped, at most what is shown at the opposite touch. All else is the setting's or the
// signal's.
// Timing: m_intent is presented 1 cycle after s_signal, always; one may come each cycle. Settings
// may change at any time.
// Rules: A decision of none makes no order, nor does a setting of 0 shares. Reset makes none.
// Not: It knows no position, and judges nothing: that is the gate's.
`default_nettype none

module order_maker
  import tick_pkg::*;
(
    input  logic                        clk,
    input  logic                        rst,
    input  order_settings_t [SLOTS-1:0] settings,
    input  logic                        s_valid,
    input  signal_t                     s_signal,
    output logic                        m_valid,
    output intent_t                     m_intent
);
  order_settings_t setting;
  intent_t intent;
  logic buys;
  logic [PRICE_W-1:0] own, opposite;
  logic [SHARES_W-1:0] shown;
  logic [PRICE_W:0] up, down;  // with a carry, and a borrow

  always_comb begin
    setting = settings[s_signal.slot];
    buys = s_signal.decision == ACTION_BUY;
    own = buys ? s_signal.bid_price : s_signal.ask_price;
    opposite = buys ? s_signal.ask_price : s_signal.bid_price;
    shown = buys ? s_signal.ask_shares : s_signal.bid_shares;
    up = {1'b0, setting.pricing == PRICING_BEHIND ? own : opposite} + setting.offset;
    down = {1'b0, setting.pricing == PRICING_BEHIND ? own : opposite} - setting.offset;

    intent.slot = s_signal.slot;
    intent.side = buys ? SIDE_BUY : SIDE_SELL;
    intent.shares = setting.capped && shown < setting.shares ? shown : setting.shares;
    intent.time_in_force = setting.time_in_force;
    intent.display = setting.display;
    intent.capacity = setting.capacity;
    intent.marking = setting.marking;
    intent.symbol = setting.symbol;
    intent.bid_price = s_signal.bid_price;
    intent.ask_price = s_signal.ask_price;
    intent.sequence_number = s_signal.sequence_number;
    intent.frame_cycle = s_signal.frame_cycle;
    intent.message_cycle = s_signal.message_cycle;
    intent.model_id = s_signal.model_id;
    unique case (setting.pricing)
      PRICING_OPPOSITE: intent.price = opposite;
      PRICING_OWN: intent.price = own;
      PRICING_BEHIND: begin
        intent.price = buys ? down[PRICE_W-1:0] : up[PRICE_W-1:0];
        if (own == '0 || (buys ? down[PRICE_W] : up[PRICE_W])) intent.price = '0;
      end
      PRICING_BEYOND: begin
        intent.price = buys ? up[PRICE_W-1:0] : down[PRICE_W-1:0];
        if (opposite == '0 || (buys ? up[PRICE_W] : down[PRICE_W])) intent.price = '0;
      end
      default: intent.price = '0;
    endcase
  end

  always_ff @(posedge clk) begin
    m_intent <= intent;
    m_valid  <= !rst && s_valid && s_signal.decision inside {ACTION_BUY, ACTION_SELL} &&
        setting.shares != '0;
  end
endmodule

`default_nettype wire
