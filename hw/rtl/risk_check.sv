// risk_check: asks every question of an intended order at once, and says yes or no.
//
// What: The checks of docs/risk.md, a bit of `failed` each. It keeps nothing but the order on its
// way: what is known comes from others.
// Timing: An order comes in cycle n (s_valid, s_intent). In n + 1 q_intent shows it, and q_state,
// q_limits, q_written and the total ones must be of its slot: it is judged by them. In n + 2 o_slot
// shows its slot, and stops must be that slot's: sent says in that cycle that it passed, with
// sent_order, sent_money and what it adds to the buckets. In n + 3 m_valid comes with m_decision,
// and m_order_valid with m_order if it passed. Always; nothing is held up. Orders come 2 cycles
// apart or more.
// Rules: docs/risk.md, "The checks". The token is next_token of n + 2. Reset drops what is on its
// way.
`default_nettype none

module risk_check
  import tick_pkg::*;
(
    input  logic                              clk,
    input  logic                              rst,
    input  logic          [      CYCLE_W-1:0] cycle,
    input  logic                              s_valid,
    input  intent_t                           s_intent,
    output intent_t                           q_intent,
    input  risk_state_t                       q_state,
    input  logic                              q_written,
    input  slot_limits_t                      q_limits,
    input  logic                              total_written,
    input  total_limits_t                     total,
    output logic          [       SLOT_W-1:0] o_slot,
    input  risk_stops_t                       stops,
    input  logic          [      TOKEN_W-1:0] next_token,
    output logic                              sent,
    output order_t                            sent_order,
    output logic          [LIMIT_MONEY_W-1:0] sent_money,
    output logic          [             31:0] sent_slot_cycles,
    output logic          [             31:0] sent_total_cycles,
    output logic                              m_valid,
    output decision_t                         m_decision,
    output logic                              m_order_valid,
    output order_t                            m_order
);
  localparam int unsigned SHARES_SUM_W = HOLDING_W + 2;
  localparam int unsigned MONEY_SUM_W = MONEY_W + 3;
  localparam logic [PRICE_W-1:0] DOLLAR = 32'd10_000;

  // p is a multiple of 25: 1,024 is -1 modulo 25.
  function automatic logic twenty_fives(logic [PRICE_W-1:0] p);
    logic [12:0] sum;
    sum = 13'(p[9:0]) + 13'(p[29:20]) + 13'd2050 - 13'(p[19:10]) - 13'(p[31:30]);
    return sum % 13'd25 == '0;
  endfunction

  function automatic logic near(logic [PRICE_W-1:0] a, logic [PRICE_W-1:0] b,
                                logic [PRICE_W-1:0] most);
    return (a > b ? a - b : b - a) <= most;
  endfunction

  // Judged.
  logic judged_q;
  intent_t q_q;
  logic [CHECKS-1:0] judged;
  logic buys, on_tick;
  logic [PRICE_W-1:0] opposite;
  logic signed [SHARES_SUM_W-1:0] position, shares, would_buy, would_sell, held;
  logic signed [MONEY_SUM_W-1:0] net, open_money, room_gross, room_net, room_credit;

  assign q_intent = q_q;
  always_comb begin
    buys = q_q.side == SIDE_BUY;
    opposite = buys ? q_q.ask_price : q_q.bid_price;
    position = SHARES_SUM_W'($signed(q_state.position));
    shares = $signed(SHARES_SUM_W'(q_q.shares));
    would_buy = position + $signed(SHARES_SUM_W'(q_state.open_buy)) + shares;
    would_sell = $signed(SHARES_SUM_W'(q_state.open_sell)) + shares - position;
    held = position - $signed(SHARES_SUM_W'(q_state.open_sell)) - shares;

    // What may still be added: the value itself is compared with it a cycle later.
    net = MONEY_SUM_W'($signed(q_state.net));
    open_money = $signed(MONEY_SUM_W'(q_state.open_buy_money)) +
        $signed(MONEY_SUM_W'(q_state.open_sell_money));
    room_gross = $signed(MONEY_SUM_W'(total.gross)) - $signed(MONEY_SUM_W'(q_state.gross)) -
        open_money;
    room_credit = $signed(MONEY_SUM_W'(total.credit)) - $signed(MONEY_SUM_W'(q_state.traded)) -
        open_money;
    room_net = $signed(MONEY_SUM_W'(total.net)) +
        (buys ? -net - $signed(MONEY_SUM_W'(q_state.open_buy_money)) :
         net - $signed(MONEY_SUM_W'(q_state.open_sell_money)));

    unique case (q_limits.tick_class)
      TICK_CLASS_CENT: on_tick = twenty_fives(q_q.price) && q_q.price[1:0] == '0;
      TICK_CLASS_HALF_CENT: on_tick = twenty_fives(q_q.price) && !q_q.price[0];
      default: on_tick = 1'b1;
    endcase

    judged = '0;
    judged[CHECK_UNWRITTEN] = !q_written || !total_written;
    judged[CHECK_NOT_ENABLED] = !q_limits.enabled;
    judged[CHECK_RESTRICTED] = q_limits.restricted;
    judged[CHECK_CROSSED] = q_q.bid_price > q_q.ask_price && q_q.ask_price != '0;
    judged[CHECK_LOCKED] = q_q.bid_price == q_q.ask_price && q_q.ask_price != '0;
    judged[CHECK_OLD] = cycle - q_q.message_cycle > CYCLE_W'(q_limits.age);
    judged[CHECK_COLLAR_TOUCH] = opposite == '0 ||
        !near(q_q.price, opposite, q_limits.collar_touch);
    judged[CHECK_COLLAR_REFERENCE] = q_state.reference_price == '0 ||
        !near(q_q.price, q_state.reference_price, q_limits.collar_reference);
    judged[CHECK_PRICE_BAND] = q_q.price < q_state.band_low || q_q.price > q_state.band_high;
    judged[CHECK_TICK] = q_q.price == '0 || q_limits.tick_class == TICK_CLASS_UNSET ||
        (q_q.price >= DOLLAR && !on_tick);
    judged[CHECK_ORDER_SHARES] = q_q.shares == '0 || q_q.shares > q_limits.order_shares;
    judged[CHECK_POSITION_LONG] = buys &&
        would_buy > $signed(SHARES_SUM_W'(q_limits.position_long));
    judged[CHECK_POSITION_SHORT] = !buys &&
        would_sell > $signed(SHARES_SUM_W'(q_limits.position_short));
    judged[CHECK_RATE] = q_limits.rate_cycles == '0 ||
        33'(q_state.slot_level) + 33'(q_limits.rate_cycles) > 33'(q_limits.rate_depth);
    judged[CHECK_RATE_TOTAL] = total.rate_cycles == '0 ||
        33'(q_state.total_level) + 33'(total.rate_cycles) > 33'(total.rate_depth);
    judged[CHECK_DAY] = q_state.slot_day >= q_limits.day_orders;
    judged[CHECK_DAY_TOTAL] = q_state.total_day >= total.day_orders;
    judged[CHECK_DUPLICATE] = q_state.duplicate;
    judged[CHECK_REPEATED] = q_state.repeated >= q_limits.repeated;
    judged[CHECK_SELF_TRADE] = q_state.self_trade;
    judged[CHECK_LOSS] = q_limits.loss_decay == '0 ||
        $signed(q_state.slot_loss) > $signed({1'b0, q_limits.loss});
    judged[CHECK_LOSS_TOTAL] = total.loss_decay == '0 ||
        $signed(q_state.total_loss) > $signed({1'b0, total.loss});
    judged[CHECK_OPEN_ORDERS] = q_state.slot_open >= q_limits.open_orders;
    judged[CHECK_OPEN_TOTAL] = q_state.total_open >= total.open_orders || !q_state.place_free;
    judged[CHECK_SHORT_SALE] = !buys &&
        (q_q.marking == MARKING_SHORT ? !q_limits.short_permitted : held < 0);
    judged[CHECK_TOKEN] = !q_state.token_known;
    judged[CHECK_SYMBOL] = q_limits.symbol == '0 || q_q.symbol != q_limits.symbol;
  end

  // Stopped.
  logic stopped_q;
  intent_t o_q;
  logic [CHECKS-1:0] judged_bits_q, failed;
  logic [MONEY_W-1:0] money_q;
  logic [LIMIT_MONEY_W-1:0] order_money_q;
  logic signed [MONEY_SUM_W-1:0] room_gross_q, room_net_q, room_credit_q, money;
  assign o_slot = o_q.slot;
  always_comb begin
    money = $signed(MONEY_SUM_W'(money_q));
    failed = judged_bits_q;
    failed[CHECK_ORDER_MONEY] = money_q > {1'b0, order_money_q};
    failed[CHECK_GROSS] = money > room_gross_q;
    failed[CHECK_NET] = money > room_net_q;
    failed[CHECK_CREDIT] = money > room_credit_q;
    if (stops.killed) failed[CHECK_KILLED] = 1'b1;
    if (stops.slot_killed) failed[CHECK_SLOT_KILLED] = 1'b1;
    if (!stops.armed) failed[CHECK_DISARMED] = 1'b1;
    if (!stops.session_open) failed[CHECK_SESSION_CLOSED] = 1'b1;
    if (stops.halted) failed[CHECK_HALTED] = 1'b1;
    if (stops.stale) failed[CHECK_STALE] = 1'b1;
    if (stops.crossed) failed[CHECK_CROSSED] = 1'b1;
    if (stops.locked) failed[CHECK_LOCKED] = 1'b1;
  end

  function automatic reason_e reason(logic [CHECKS-1:0] bits);
    reason_e first;
    first = REASON_OK;
    for (int i = CHECKS - 1; i >= 0; i--) if (bits[i]) first = reason_of(check_e'(i));
    return first;
  endfunction

  function automatic reason_e reason_of(check_e asked);
    unique case (asked)
      CHECK_KILLED: return REASON_KILLED;
      CHECK_SLOT_KILLED: return REASON_SLOT_KILLED;
      CHECK_DISARMED: return REASON_DISARMED;
      CHECK_UNWRITTEN: return REASON_UNWRITTEN;
      CHECK_NOT_ENABLED: return REASON_NOT_ENABLED;
      CHECK_RESTRICTED: return REASON_RESTRICTED;
      CHECK_HALTED: return REASON_HALTED;
      CHECK_SESSION_CLOSED: return REASON_SESSION_CLOSED;
      CHECK_STALE: return REASON_STALE;
      CHECK_CROSSED: return REASON_CROSSED;
      CHECK_LOCKED: return REASON_LOCKED;
      CHECK_OLD: return REASON_OLD;
      CHECK_COLLAR_TOUCH: return REASON_COLLAR_TOUCH;
      CHECK_COLLAR_REFERENCE: return REASON_COLLAR_REFERENCE;
      CHECK_PRICE_BAND: return REASON_PRICE_BAND;
      CHECK_TICK: return REASON_TICK;
      CHECK_ORDER_SHARES: return REASON_ORDER_SHARES;
      CHECK_ORDER_MONEY: return REASON_ORDER_MONEY;
      CHECK_POSITION_LONG: return REASON_POSITION_LONG;
      CHECK_POSITION_SHORT: return REASON_POSITION_SHORT;
      CHECK_GROSS: return REASON_GROSS;
      CHECK_NET: return REASON_NET;
      CHECK_CREDIT: return REASON_CREDIT;
      CHECK_RATE: return REASON_RATE;
      CHECK_RATE_TOTAL: return REASON_RATE_TOTAL;
      CHECK_DAY: return REASON_DAY;
      CHECK_DAY_TOTAL: return REASON_DAY_TOTAL;
      CHECK_DUPLICATE: return REASON_DUPLICATE;
      CHECK_REPEATED: return REASON_REPEATED;
      CHECK_SELF_TRADE: return REASON_SELF_TRADE;
      CHECK_LOSS: return REASON_LOSS;
      CHECK_LOSS_TOTAL: return REASON_LOSS_TOTAL;
      CHECK_OPEN_ORDERS: return REASON_OPEN_ORDERS;
      CHECK_OPEN_TOTAL: return REASON_OPEN_TOTAL;
      CHECK_SHORT_SALE: return REASON_SHORT_SALE;
      CHECK_TOKEN: return REASON_TOKEN;
      CHECK_SYMBOL: return REASON_SYMBOL;
      default: return REASON_OK;
    endcase
  endfunction

  decision_t decision;
  assign sent = stopped_q && failed == '0;
  assign sent_money = money_q[LIMIT_MONEY_W-1:0];
  assign sent_order = '{
          slot: o_q.slot,
          side: o_q.side,
          price: o_q.price,
          shares: o_q.shares,
          token: next_token,
          time_in_force: o_q.time_in_force,
          display: o_q.display,
          capacity: o_q.capacity,
          marking: o_q.marking,
          symbol: o_q.symbol,
          sequence_number: o_q.sequence_number,
          frame_cycle: o_q.frame_cycle,
          message_cycle: o_q.message_cycle,
          model_id: o_q.model_id
      };
  assign decision = '{
          token: failed == '0 ? next_token : '0,
          slot: o_q.slot,
          verdict: failed == '0 ? VERDICT_ACCEPTED : VERDICT_REFUSED,
          reason: reason(failed),
          failed: failed,
          sequence_number: o_q.sequence_number,
          frame_cycle: o_q.frame_cycle,
          message_cycle: o_q.message_cycle
      };

  always_ff @(posedge clk) begin
    q_q               <= s_intent;
    o_q               <= q_q;
    judged_bits_q     <= judged;
    money_q           <= MONEY_W'(q_q.price) * MONEY_W'(q_q.shares);
    order_money_q     <= q_limits.order_money;
    room_gross_q      <= room_gross;
    room_net_q        <= room_net;
    room_credit_q     <= room_credit;
    sent_slot_cycles  <= q_limits.rate_cycles;
    sent_total_cycles <= total.rate_cycles;
    m_decision        <= decision;
    m_order           <= sent_order;
    judged_q          <= s_valid && !rst;
    stopped_q         <= judged_q && !rst;
    m_valid           <= stopped_q && !rst;
    m_order_valid     <= sent && !rst;
  end
endmodule

`default_nettype wire
