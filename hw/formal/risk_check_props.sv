// Properties of risk_check. All that is known (state, limits, stops) is free in every cycle, so what
// holds here holds whatever the other blocks do. What was there as an order was judged and stopped
// is kept; of an order that is presented every rule of docs/risk.md then held.
`default_nettype none

module risk_check_props
  import tick_pkg::*;
#(
    parameter bit COMPLETE = 0  // what breaks no rule leaves, else what leaves breaks none
) (
    input logic                        clk,
    input logic                        rst,
    input logic          [CYCLE_W-1:0] cycle,
    input logic                        s_valid,
    input intent_t                     s_intent,
    input risk_state_t                 q_state,
    input logic                        q_written,
    input slot_limits_t                q_limits,
    input logic                        total_written,
    input total_limits_t               total,
    input risk_stops_t                 stops,
    input logic          [TOKEN_W-1:0] next_token
);
  intent_t q_intent;
  logic [SLOT_W-1:0] o_slot;
  logic sent, m_valid, m_order_valid;
  order_t sent_order, m_order;
  logic [LIMIT_MONEY_W-1:0] sent_money;
  logic [31:0] sent_slot_cycles, sent_total_cycles;
  decision_t m_decision;

  risk_check dut (.*);

  localparam int unsigned W = 70;  // no sum here passes it
  typedef logic signed [W-1:0] wide_t;
  localparam wide_t DOLLAR = 70'd10_000;

  logic started_q = 1'b0;
  logic came1_q, came2_q, came3_q;
  intent_t i1_q, i2_q, i3_q;

  // As it was when the order was judged: the rules, in plain numbers.
  wide_t price, shares, touch, reference, low, high, bid, ask, position, value;
  logic buys, sells;
  assign buys = q_intent.side == SIDE_BUY;
  assign sells = !buys;
  assign price = wide_t'({1'b0, q_intent.price});
  assign shares = wide_t'({1'b0, q_intent.shares});
  assign bid = wide_t'({1'b0, q_intent.bid_price});
  assign ask = wide_t'({1'b0, q_intent.ask_price});
  assign touch = buys ? ask : bid;
  assign reference = wide_t'({1'b0, q_state.reference_price});
  assign low = wide_t'({1'b0, q_state.band_low});
  assign high = wide_t'({1'b0, q_state.band_high});
  assign position = wide_t'($signed(q_state.position));
  assign value = wide_t'({1'b0, MONEY_W'(q_intent.price) * MONEY_W'(q_intent.shares)});

  function automatic logic close_to(wide_t a, wide_t b, logic [31:0] most);
    return a - b <= wide_t'({1'b0, most}) && b - a <= wide_t'({1'b0, most});
  endfunction

  function automatic wide_t plain(logic [MONEY_W-1:0] number);
    return wide_t'({1'b0, number});
  endfunction

  typedef struct packed {
    logic written,
        enabled, restricted, crossed, locked, old, touch, reference, band, priced, classed
    ;
    logic shares, money, position_long, position_short, gross, net, credit, rate, rate_total, day;
    logic day_total, duplicate, repeated, self_trade, loss, loss_total, open_orders, open_total;
    logic short_sale, token, symbol;
  } rules_t;
  rules_t rules, rules_q, rules2_q;

  wide_t opens;
  assign opens = plain({1'b0, q_state.open_buy_money}) + plain({1'b0, q_state.open_sell_money});
  always_comb begin
    rules.written = q_written && total_written;
    rules.enabled = q_limits.enabled;
    rules.restricted = !q_limits.restricted;
    rules.crossed = !(bid > ask && ask > 0);
    rules.locked = !(bid == ask && ask > 0);
    rules.old = CYCLE_W'(cycle - q_intent.message_cycle) <= CYCLE_W'(q_limits.age);
    rules.touch = touch > 0 && close_to(price, touch, q_limits.collar_touch);
    rules.reference = reference > 0 && close_to(price, reference, q_limits.collar_reference);
    rules.band = high > 0 && low <= price && price <= high;
    rules.priced = price > 0;
    rules.classed = q_limits.tick_class != TICK_CLASS_UNSET;
    rules.shares = shares >= 1 && shares <= plain(MONEY_W'(q_limits.order_shares));
    rules.money = value <= plain({1'b0, q_limits.order_money});
    rules.position_long = sells || position + plain(MONEY_W'(q_state.open_buy)) + shares <=
        plain(MONEY_W'(q_limits.position_long));
    rules.position_short = buys || plain(MONEY_W'(q_state.open_sell)) + shares - position <=
        plain(MONEY_W'(q_limits.position_short));
    // Each as what is left for the order: in sums as wide as these that is the same.
    rules.gross = value <= plain({1'b0, total.gross}) - plain({1'b0, q_state.gross}) - opens;
    rules.credit = value <= plain({1'b0, total.credit}) - plain({1'b0, q_state.traded}) - opens;
    rules.net = value <= plain({1'b0, total.net}) +
        (buys ? -wide_t'($signed(q_state.net)) - plain({1'b0, q_state.open_buy_money}) :
         wide_t'($signed(q_state.net)) - plain({1'b0, q_state.open_sell_money}));
    rules.rate = q_limits.rate_cycles != 0 && plain(MONEY_W'(q_state.slot_level)) +
        plain(MONEY_W'(q_limits.rate_cycles)) <= plain(MONEY_W'(q_limits.rate_depth));
    rules.rate_total = total.rate_cycles != 0 && plain(MONEY_W'(q_state.total_level)) +
        plain(MONEY_W'(total.rate_cycles)) <= plain(MONEY_W'(total.rate_depth));
    rules.day = q_state.slot_day < q_limits.day_orders;
    rules.day_total = q_state.total_day < total.day_orders;
    rules.duplicate = !q_state.duplicate;
    rules.repeated = q_state.repeated < q_limits.repeated;
    rules.self_trade = !q_state.self_trade;
    rules.loss = q_limits.loss_decay != 0 &&
        wide_t'($signed(q_state.slot_loss)) <= plain({1'b0, q_limits.loss});
    rules.loss_total = total.loss_decay != 0 &&
        wide_t'($signed(q_state.total_loss)) <= plain({1'b0, total.loss});
    rules.open_orders = q_state.slot_open < q_limits.open_orders;
    rules.open_total = q_state.total_open < total.open_orders && q_state.place_free;
    rules.short_sale = buys || (q_intent.marking == MARKING_SHORT ? q_limits.short_permitted :
        position - plain(MONEY_W'(q_state.open_sell)) - shares >= 0);
    rules.token = q_state.token_known;
    rules.symbol = q_limits.symbol != '0 && q_intent.symbol == q_limits.symbol;
  end

  risk_stops_t stops_q;
  logic [TOKEN_W-1:0] token_q;
  tick_class_e class_q, class2_q;
  always_ff @(posedge clk) begin
    started_q <= started_q || rst;
    i1_q      <= s_intent;
    i2_q      <= i1_q;
    i3_q      <= i2_q;
    rules_q   <= rules;
    rules2_q  <= rules_q;
    class_q   <= q_limits.tick_class;
    class2_q  <= class_q;
    stops_q   <= stops;
    token_q   <= next_token;
    came1_q   <= s_valid && !rst;
    came2_q   <= came1_q && !rst;
    came3_q   <= came2_q && !rst;
  end

  // All rules held, ticks aside: then it leaves. Multiples of 25 are looked at by the bench.
  logic all_held;
  assign all_held = rules2_q == '1 && class2_q == TICK_CLASS_FINE && !stops_q.killed &&
      !stops_q.slot_killed && stops_q.armed && stops_q.session_open && !stops_q.halted &&
      !stops_q.stale && !stops_q.crossed && !stops_q.locked;

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    if (!COMPLETE && started_q && !rst) begin
      latency_is_constant : assert (m_valid == came3_q);
      an_order_is_decided : assert (!m_order_valid || m_valid);
      accepted_is_nothing_failed :
      assert (!m_valid || (m_order_valid == (m_decision.failed == '0) &&
          (m_decision.verdict == VERDICT_ACCEPTED) == m_order_valid &&
          (m_decision.reason == REASON_OK) == m_order_valid));
      what_comes_is_what_leaves :
      assert (!m_order_valid || (m_order.slot == i3_q.slot && m_order.side == i3_q.side &&
          m_order.price == i3_q.price && m_order.shares == i3_q.shares &&
          m_order.marking == i3_q.marking && m_order.time_in_force == i3_q.time_in_force &&
          m_order.display == i3_q.display && m_order.capacity == i3_q.capacity &&
          m_order.symbol == i3_q.symbol && m_order.model_id == i3_q.model_id &&
          m_order.token == token_q));
      shown_to_be_judged : assert (!came1_q || q_intent == i1_q);
      shown_to_be_stopped : assert (!came2_q || o_slot == i2_q.slot);
      if (m_order_valid) begin
        not_killed : assert (!stops_q.killed);
        slot_not_killed : assert (!stops_q.slot_killed);
        armed : assert (stops_q.armed);
        session_is_open : assert (stops_q.session_open);
        not_halted : assert (!stops_q.halted);
        not_stale : assert (!stops_q.stale);
        not_crossed : assert (!stops_q.crossed && rules2_q.crossed);
        not_locked : assert (!stops_q.locked && rules2_q.locked);
        was_written : assert (rules2_q.written);
        was_enabled : assert (rules2_q.enabled);
        was_not_restricted : assert (rules2_q.restricted);
        was_not_old : assert (rules2_q.old);
        near_the_touch : assert (rules2_q.touch);
        near_the_reference : assert (rules2_q.reference);
        within_the_band : assert (rules2_q.band);
        has_a_price_and_a_class : assert (rules2_q.priced && rules2_q.classed);
        on_the_fours :
        assert (class2_q != TICK_CLASS_CENT || i3_q.price < 32'(DOLLAR) || i3_q.price[1:0] == '0);
        on_the_twos :
        assert (class2_q != TICK_CLASS_HALF_CENT || i3_q.price < 32'(DOLLAR) || !i3_q.price[0]);
        shares_of_one : assert (rules2_q.shares);
        long_position : assert (rules2_q.position_long);
        short_position : assert (rules2_q.position_short);
        money_of_one : assert (rules2_q.money);
        gross : assert (rules2_q.gross);
        net : assert (rules2_q.net);
        credit : assert (rules2_q.credit);
        rate : assert (rules2_q.rate);
        rate_total : assert (rules2_q.rate_total);
        day : assert (rules2_q.day);
        day_total : assert (rules2_q.day_total);
        not_the_same_again : assert (rules2_q.duplicate);
        not_repeated : assert (rules2_q.repeated);
        not_with_itself : assert (rules2_q.self_trade);
        loss : assert (rules2_q.loss);
        loss_total : assert (rules2_q.loss_total);
        of_its_instrument : assert (rules2_q.symbol);
        open_orders : assert (rules2_q.open_orders);
        open_total : assert (rules2_q.open_total);
        short_sale : assert (rules2_q.short_sale);
        token : assert (rules2_q.token);
      end
      an_order : cover (m_order_valid && m_order.side == SIDE_BUY);
      a_sale :
      cover (m_order_valid && m_order.side == SIDE_SELL && m_order.marking == MARKING_SHORT);
      refused : cover (m_valid && !m_order_valid);
    end
    if (COMPLETE && started_q && !rst) begin
      none_refused_without_reason : assert (!m_valid || m_order_valid || !all_held);
    end
  end
endmodule

`default_nettype wire
