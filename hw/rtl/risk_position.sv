// risk_position: what is open, what is held, and what it is worth.
//
// What: Each order sent stands in one of OPEN places, that of its token's low bits, until its
// shares are executed, cancelled or rejected. Of each slot: position, open shares, open orders,
// cost. Of all: gross, net, traded and open money, open orders, the next token. docs/risk.md says
// what each of them is, and what a confirmation does.
// Timing: q_state has this block's fields of risk_state_t for an intended order q_intent, in the
// same cycle; the others are 0. An order sent in cycle n (sent, sent_order, sent_money) stands in
// q_state from n + 1 on. A confirmation of cycle n does all that it does at the end of n + 2, where
// bad and saturated say what is wrong with it, and q_state shows it from n + 3 on. m_events come a
// cycle after bad. Confirmations come 3 cycles apart or more.
// Rules: Orders sent have passed the gate, which is armed then, or sums pass their width. position,
// new_day and token are taken, where writes says that they have the key, while the gate is disarmed
// and nothing is open. `number` is the next token but for the one that is sent in this very cycle;
// `takes` takes it, for what isn't an order and is numbered with them. The place and the token of
// q_state are those of the order that is judged, which is sent behind both. look_open says in its
// cycle whether an order stands in look_place, as q_state shows it; look_token and look_slot are
// that order's, and mean nothing where there is none. Reset forgets everything: nothing is open,
// all sums are 0, no token is known.
// Not: It doesn't compare with limits. It doesn't see orders that others send.
`default_nettype none

module risk_position
  import tick_pkg::*;
#(
    parameter int unsigned OPEN = 16,  // places for open orders, a power of two
    localparam int unsigned PLACE_W = $clog2(OPEN)
) (
    input  logic                              clk,
    input  logic                              rst,
    input  logic                              armed,
    input  logic                              writes,
    input  risk_command_t                     s_command,
    output logic                              taken,
    input  logic                              s_valid,
    input  confirmation_t                     s_confirmation,
    input  intent_t                           q_intent,
    output risk_state_t                       q_state,
    input  logic                              sent,
    input  order_t                            sent_order,
    input  logic          [LIMIT_MONEY_W-1:0] sent_money,
    output logic          [      TOKEN_W-1:0] next_token,
    input  logic                              takes,
    output logic                              number_known,
    output logic          [      TOKEN_W-1:0] number,
    input  logic          [      PLACE_W-1:0] look_place,
    output logic                              look_open,
    output logic          [      TOKEN_W-1:0] look_token,
    output logic          [       SLOT_W-1:0] look_slot,
    output logic                              bad,
    output logic                              saturated,
    output risk_events_t                      m_events
);
  if (OPEN < 2 || (OPEN & (OPEN - 1)) != 0) $error("risk_position: OPEN must be a power of two");
  localparam int unsigned OPEN_SHARES_W = HOLDING_W - 1;
  localparam logic signed [HOLDING_W:0] MOST_SHARES = {2'b00, {(HOLDING_W - 1) {1'b1}}};
  localparam logic signed [MONEY_W+1:0] MOST_MONEY = {3'b000, {(MONEY_W - 1) {1'b1}}};

  typedef struct packed {
    logic [TOKEN_W-1:0]  token;
    logic [SLOT_W-1:0]   slot;
    side_e               side;
    logic [PRICE_W-1:0]  price;
    logic [SHARES_W-1:0] left;
    logic                answered;
  } place_t;

  logic [OPEN-1:0] open_q;
  place_t places[OPEN];
  logic [SLOTS-1:0][HOLDING_W-1:0] position_q;
  logic [SLOTS-1:0][MONEY_W-1:0] cost_q;
  logic [SLOTS-1:0][OPEN_SHARES_W-1:0] buy_q, sell_q;
  logic [SLOTS-1:0][15:0] count_q;
  logic [15:0] total_count_q;
  logic [LIMIT_MONEY_W-1:0] gross_q, traded_q, buy_money_q, sell_money_q;
  logic [MONEY_W-1:0] net_q;
  logic [TOKEN_W:0] token_q, now, after;  // beyond the last of them: none is left
  logic token_known_q;

  // A confirmation: its order, then what it asks for, then what it does.
  logic came_q, hit_q;
  confirmation_t answer_q;
  place_t found_q;
  logic does_q, first_q, ends_q, fills_q, unknown_q, double_q, excess_q, broken_q;
  place_t order_q;
  logic [SHARES_W-1:0] off_q;
  logic [MONEY_W-1:0] worth_q;
  logic [LIMIT_MONEY_W-1:0] frees_q;
  logic [PLACE_W-1:0] place, found_place, place_now, place_next;
  logic unknown, double, excess, broken, partly, fills;
  logic [SHARES_W-1:0] off;
  assign place = s_confirmation.token[PLACE_W-1:0];
  assign found_place = order_q.token[PLACE_W-1:0];
  assign place_now = token_q[PLACE_W-1:0];
  assign place_next = after[PLACE_W-1:0];

  always_comb begin
    fills   = answer_q.outcome == OUTCOME_EXECUTED;
    partly  = fills || answer_q.outcome == OUTCOME_CANCELLED;
    broken  = !(partly || answer_q.outcome inside {OUTCOME_ACCEPTED, OUTCOME_REJECTED});
    unknown = !broken && !hit_q;
    double  = !broken && hit_q && !partly && found_q.answered;
    excess  = partly && hit_q && (answer_q.shares == '0 || answer_q.shares > found_q.left);
    off     = partly ? answer_q.shares : '0;
    if (answer_q.outcome == OUTCOME_REJECTED) off = found_q.left;
  end

  // What the sums become. A buy's signs.
  logic signed [HOLDING_W:0] position_sum;
  logic signed [MONEY_W+1:0] cost_was, cost_sum, cost, gross_sum, net_sum, traded_sum, change;
  logic signed [MONEY_W+1:0] size_was, size;
  logic buys, over_position, over_cost, over_gross, over_net, over_traded;
  always_comb begin
    buys = order_q.side == SIDE_BUY;
    position_sum = (HOLDING_W + 1)'($signed(position_q[order_q.slot])) +
        (buys ? $signed((HOLDING_W + 1)'(off_q)) : -$signed((HOLDING_W + 1)'(off_q)));
    over_position = position_sum > MOST_SHARES || position_sum < -MOST_SHARES;
    if (over_position) position_sum = buys ? MOST_SHARES : -MOST_SHARES;

    cost_was = (MONEY_W + 2)'($signed(cost_q[order_q.slot]));
    change = buys ? $signed((MONEY_W + 2)'(worth_q)) : -$signed((MONEY_W + 2)'(worth_q));
    cost_sum = cost_was + change;
    over_cost = cost_sum > MOST_MONEY || cost_sum < -MOST_MONEY;
    cost = over_cost ? (buys ? MOST_MONEY : -MOST_MONEY) : cost_sum;

    size_was = cost_was < 0 ? -cost_was : cost_was;
    size = cost < 0 ? -cost : cost;
    gross_sum = $signed((MONEY_W + 2)'(gross_q)) - size_was + size;
    over_gross = gross_sum > MOST_MONEY || gross_sum < 0;
    if (over_gross) gross_sum = gross_sum < 0 ? '0 : MOST_MONEY;

    net_sum  = (MONEY_W + 2)'($signed(net_q)) - cost_was + cost;
    over_net = net_sum > MOST_MONEY || net_sum < -MOST_MONEY;
    if (over_net) net_sum = buys ? MOST_MONEY : -MOST_MONEY;

    traded_sum  = $signed((MONEY_W + 2)'(traded_q)) + $signed((MONEY_W + 2)'(worth_q));
    over_traded = traded_sum > MOST_MONEY;
    if (over_traded) traded_sum = MOST_MONEY;
  end

  assign bad = unknown_q || double_q || excess_q || broken_q;
  assign saturated = does_q && fills_q &&
      (over_position || over_cost || over_gross || over_net || over_traded);

  // Commands.
  logic idle, days, states, tokens;
  assign idle = !armed && total_count_q == '0;
  assign days = writes && idle && s_command.act == ACT_NEW_DAY;
  assign states = writes && idle && s_command.act == ACT_POSITION;
  assign tokens = writes && idle && s_command.act == ACT_TOKEN &&
                  (!token_known_q || {1'b0, s_command.token} >= token_q);
  assign taken = days || states || tokens;
  assign next_token = token_q[TOKEN_W-1:0];
  assign now = token_q + (TOKEN_W + 1)'(sent);
  assign after = now + (TOKEN_W + 1)'(takes);
  assign number_known = token_known_q && !now[TOKEN_W];
  assign number = now[TOKEN_W-1:0];

  assign look_open = open_q[look_place];
  assign look_token = places[look_place].token;
  assign look_slot = places[look_place].slot;

  always_comb begin
    q_state = '0;
    q_state.position = position_q[q_intent.slot];
    q_state.open_buy = buy_q[q_intent.slot];
    q_state.open_sell = sell_q[q_intent.slot];
    q_state.slot_open = count_q[q_intent.slot];
    q_state.total_open = total_count_q;
    q_state.place_free = !open_q[place_next];
    q_state.token_known = token_known_q && !after[TOKEN_W];
    q_state.gross = gross_q;
    q_state.net = net_q;
    q_state.traded = traded_q;
    q_state.open_buy_money = buy_money_q;
    q_state.open_sell_money = sell_money_q;
    for (int unsigned i = 0; i < OPEN; i++) begin
      if (open_q[i] && places[i].slot == q_intent.slot && places[i].side != q_intent.side &&
          (q_intent.side == SIDE_BUY ? places[i].price <= q_intent.price :
                                       places[i].price >= q_intent.price)) begin
        q_state.self_trade = 1'b1;
      end
    end
  end

  logic sent_buys;
  assign sent_buys = sent_order.side == SIDE_BUY;

  always_ff @(posedge clk) begin
    answer_q <= s_confirmation;
    found_q  <= places[place];
    order_q  <= found_q;
    first_q  <= answer_q.outcome != OUTCOME_REJECTED;
    ends_q   <= off == found_q.left;
    fills_q <= fills;
    off_q    <= off;
    worth_q <= fills ? MONEY_W'(answer_q.shares) * MONEY_W'(answer_q.price) : '0;
    frees_q <= LIMIT_MONEY_W'(off) * LIMIT_MONEY_W'(found_q.price);
    if (does_q) begin
      places[found_place] <= '{
          token: order_q.token,
          slot: order_q.slot,
          side: order_q.side,
          price: order_q.price,
          left: order_q.left - off_q,
          answered: order_q.answered || first_q
      };
    end
    if (sent) begin
      places[place_now] <= '{
          token: sent_order.token,
          slot: sent_order.slot,
          side: sent_order.side,
          price: sent_order.price,
          left: sent_order.shares,
          answered: 1'b0
      };
    end
    token_q <= tokens ? {1'b0, s_command.token} + (TOKEN_W + 1)'(takes) : after;
    if (rst) begin
      came_q        <= 1'b0;
      does_q        <= 1'b0;
      unknown_q     <= 1'b0;
      double_q      <= 1'b0;
      excess_q      <= 1'b0;
      broken_q      <= 1'b0;
      open_q        <= '0;
      position_q    <= '0;
      cost_q        <= '0;
      buy_q         <= '0;
      sell_q        <= '0;
      count_q       <= '0;
      total_count_q <= '0;
      gross_q       <= '0;
      net_q         <= '0;
      traded_q      <= '0;
      buy_money_q   <= '0;
      sell_money_q  <= '0;
      token_known_q <= 1'b0;
    end else begin
      came_q    <= s_valid;
      hit_q     <= open_q[place] && places[place].token == s_confirmation.token;
      does_q    <= came_q && !(unknown || double || excess || broken);
      unknown_q <= came_q && unknown;
      double_q  <= came_q && double;
      excess_q  <= came_q && excess;
      broken_q  <= came_q && broken;
      if (does_q && ends_q) open_q[found_place] <= 1'b0;
      if (sent) open_q[place_now] <= 1'b1;
      for (int unsigned i = 0; i < SLOTS; i++) begin
        automatic logic its = does_q && 32'(order_q.slot) == i;
        automatic logic mine = sent && 32'(sent_order.slot) == i;
        buy_q[i] <= buy_q[i] - (its && buys ? OPEN_SHARES_W'(off_q) : '0) +
            (mine && sent_buys ? OPEN_SHARES_W'(sent_order.shares) : '0);
        sell_q[i] <= sell_q[i] - (its && !buys ? OPEN_SHARES_W'(off_q) : '0) +
            (mine && !sent_buys ? OPEN_SHARES_W'(sent_order.shares) : '0);
        count_q[i] <= count_q[i] - 16'(its && ends_q) + 16'(mine);
      end
      total_count_q <= total_count_q - 16'(does_q && ends_q) + 16'(sent);
      buy_money_q <= buy_money_q - (does_q && buys ? frees_q : '0) +
          (sent && sent_buys ? sent_money : '0);
      sell_money_q <= sell_money_q - (does_q && !buys ? frees_q : '0) +
          (sent && !sent_buys ? sent_money : '0);
      if (does_q && fills_q) begin
        position_q[order_q.slot] <= position_sum[HOLDING_W-1:0];
        cost_q[order_q.slot]     <= cost[MONEY_W-1:0];
        gross_q                  <= gross_sum[LIMIT_MONEY_W-1:0];
        net_q                    <= net_sum[MONEY_W-1:0];
        traded_q                 <= traded_sum[LIMIT_MONEY_W-1:0];
      end
      if (states) position_q[s_command.slot] <= s_command.position;
      if (days) begin
        cost_q   <= '0;
        gross_q  <= '0;
        net_q    <= '0;
        traded_q <= '0;
      end
      if (tokens) token_known_q <= 1'b1;
    end
  end

  always_ff @(posedge clk) begin
    m_events <= '0;
    if (!rst) begin
      m_events.unknown_confirmations <= unknown_q;
      m_events.double_confirmations  <= double_q;
      m_events.excess_confirmations  <= excess_q;
      m_events.broken_trades         <= broken_q;
    end
  end
endmodule

`default_nettype wire
