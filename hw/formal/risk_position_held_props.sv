// Properties of risk_position: of what one slot holds and has in flight. Confirmations are any, 3
// cycles apart, and commands are any; orders are any that the gate lets pass. The slot is chosen,
// whichever, and so are the highest limits by which its orders are judged.
//
// No solver finds that in one step, so it is shown in six PARTs, each of which asserts what the later
// ones assume, and assumes nothing that isn't asserted in an earlier one:
// 0, 1. what one cycle changes (steps): of the places, by induction; of the sums, one by one.
// 2. what follows of that for any numbers (lemmas), one by one; registers are any there.
// 3. that those make a chain: were both right in the cycle before, they are now.
// 4. that they were, by induction from reset.
// 5. so what the block shows is within the limits, for ever.
// 6. asserts the same and assumes nothing: it looks for counterexamples of few shares, from reset.
`default_nettype none

module risk_position_held_props
  import tick_pkg::*;
#(
    parameter int unsigned OPEN = 2,
    parameter int unsigned PART = 0,
    parameter int unsigned ONE  = 0   // step or lemma, of parts 1 and 2
) (
    input logic                              clk,
    input logic                              rst,
    input logic                              armed,
    input logic                              writes,
    input risk_command_t                     s_command,
    input logic                              s_valid,
    input confirmation_t                     s_confirmation,
    input intent_t                           q_intent,
    input logic                              sent,
    input order_t                            sent_any,
    input logic          [LIMIT_MONEY_W-1:0] sent_money,
    input logic                              takes_any,
    input logic          [       SLOT_W-1:0] any_slot,
    input logic          [     SHARES_W-1:0] any_long,
    input logic          [     SHARES_W-1:0] any_short
);
  localparam int unsigned PLACE_W = $clog2(OPEN);
  localparam int unsigned SUM_W = HOLDING_W + 2;
  typedef logic signed [SUM_W-1:0] sum_t;
  typedef logic [HOLDING_W-2:0] flow_t;  // as wide as what is in flight
  localparam sum_t LEAST = -(SUM_W'(1) <<< (SHARES_W + 4));
  logic taken, bad, saturated, takes, number_known;
  logic [TOKEN_W-1:0] number, look_token;
  logic look_open;
  logic [SLOT_W-1:0] look_slot;
  logic [PLACE_W-1:0] look_place;
  assign look_place = '0;  // nothing here looks
  risk_state_t q_state;
  order_t sent_order;
  logic [TOKEN_W-1:0] next_token;
  risk_events_t m_events;

  always_comb begin
    sent_order = sent_any;
    sent_order.token = next_token;  // as risk_check gives it
    takes = takes_any && number_known;
  end

  risk_position #(.OPEN(OPEN)) dut (.*);

  // A flow as a number with a sign.
  function automatic sum_t wide(flow_t of);
    return $signed(SUM_W'(of));
  endfunction

  function automatic logic is_short(sum_t of);
    return of == SUM_W'($signed(of[SHARES_W+1:0]));
  endfunction

  // What is chosen holds.
  logic started_q = 1'b0;
  logic [SLOT_W-1:0] slot_q;
  logic [SHARES_W-1:0] long_q, short_q;
  sum_t longest, shortest;
  assign longest  = $signed(SUM_W'(long_q));
  assign shortest = $signed(SUM_W'(short_q));

  // What the block shows of the slot, and what is asked and judged.
  logic asks, fits;
  sum_t position, open_buy, open_sell, shares;
  assign asks = q_intent.slot == slot_q;
  assign position = SUM_W'($signed(q_state.position));
  assign open_buy = wide(q_state.open_buy);
  assign open_sell = wide(q_state.open_sell);
  assign shares = $signed(SUM_W'(q_intent.shares));
  assign fits = q_state.place_free && q_state.token_known &&
      (!asks || (q_intent.side == SIDE_BUY ? position + open_buy + shares <= longest
                                           : open_sell + shares - position <= shortest));

  // What the slot holds and has in flight; what a confirmation takes off that in this cycle (off),
  // what it moves of the position, and what an order adds (on).
  logic [PLACE_W-1:0] answered, acting;
  logic its, mine, sets;
  logic [15:0] stand;
  flow_t buys, sells, off, buys_off, sells_off, on, buys_on, sells_on;
  logic signed [HOLDING_W-1:0] held, set;
  sum_t moves;
  assign answered  = dut.answer_q.token[PLACE_W-1:0];
  assign acting    = dut.order_q.token[PLACE_W-1:0];
  assign its       = dut.does_q && dut.order_q.slot == slot_q;
  assign mine      = sent && sent_any.slot == slot_q;
  assign sets      = taken && s_command.act == ACT_POSITION && s_command.slot == slot_q;
  assign buys      = dut.buy_q[slot_q];
  assign sells     = dut.sell_q[slot_q];
  assign held      = dut.position_q[slot_q];
  assign set       = s_command.position;
  assign off       = its ? flow_t'(dut.off_q) : '0;
  assign buys_off  = dut.buys ? off : '0;
  assign sells_off = dut.buys ? '0 : off;
  assign on        = mine ? flow_t'(sent_any.shares) : '0;
  assign buys_on   = sent_any.side == SIDE_BUY ? on : '0;
  assign sells_on  = sent_any.side == SIDE_BUY ? '0 : on;
  assign moves     = dut.fills_q ? wide(buys_off) - wide(sells_off) : '0;
  always_comb begin
    stand = '0;
    for (int unsigned i = 0; i < OPEN; i++) stand = stand + 16'(dut.open_q[i]);
  end

  // The same of the cycle before, in which an order may have been judged; of one of reset, nothing.
  logic ready_q, sets_q, filled_q;
  logic [1:0] said_q;  // confirmations of the last two cycles
  intent_t asked_q;
  flow_t buys_q, sells_q, buys_off_q, sells_off_q, buys_on_q, sells_on_q;
  logic signed [HOLDING_W-1:0] held_q, set_q;
  sum_t moves_q;

  always_ff @(posedge clk) begin
    started_q <= started_q || rst;
    if (!started_q) begin
      slot_q  <= any_slot;
      long_q  <= any_long;
      short_q <= any_short;
    end
    said_q      <= {said_q[0], s_valid};
    asked_q     <= q_intent;
    set_q       <= set;
    ready_q     <= fits && !sent && !taken && !rst;
    sets_q      <= sets && !rst;
    buys_q      <= rst ? '0 : buys;
    sells_q     <= rst ? '0 : sells;
    buys_off_q  <= rst ? '0 : buys_off;
    sells_off_q <= rst ? '0 : sells_off;
    buys_on_q   <= rst ? '0 : buys_on;
    sells_on_q  <= rst ? '0 : sells_on;
    held_q      <= rst ? '0 : held;
    moves_q     <= rst ? '0 : moves;
    filled_q    <= !rst && (filled_q || moves != '0);
  end

  // What the gate sees to. An order is judged in the cycle before it is sent; none is sent in that
  // cycle, and no command is taken: the gate isn't armed then, and arming is a command itself.
  always_comb begin
    reset_first : assume (rst || started_q);
    the_gate_lets_pass :
    assume (!sent || (armed && ready_q && sent_any.slot == asked_q.slot &&
                      sent_any.side == asked_q.side && sent_any.shares == asked_q.shares));
    set_within_the_limits : assume (!sets || (SUM_W'(set) <= longest && -SUM_W'(set) <= shortest));
    answers_come_apart : assume (!(s_valid && said_q != '0));
  end

  // Place by place, and the sums of the first of them.
  flow_t [OPEN:0] sum_buy, sum_sell, sum_buy_was, sum_sell_was;
  flow_t [OPEN:0] sum_buy_off, sum_sell_off, sum_buy_on, sum_sell_on;
  logic [OPEN-1:0] changes, is_part, empty;
  assign {sum_buy[0], sum_sell[0], sum_buy_was[0], sum_sell_was[0]} = '0;
  assign {sum_buy_off[0], sum_sell_off[0], sum_buy_on[0], sum_sell_on[0]} = '0;
  for (genvar i = 0; i < int'(OPEN); i++) begin : gen_place
    logic here, acts, goes;
    flow_t buy, sell, buy_was, sell_was, buy_off_q, sell_off_q, buy_on_q, sell_on_q;
    logic [SHARES_W-1:0] buy_q, sell_q;
    assign here     = dut.open_q[i] && dut.places[i].slot == slot_q;
    assign acts     = acting == PLACE_W'(i);
    assign goes     = dut.place_now == PLACE_W'(i);
    assign buy      = here && dut.places[i].side == SIDE_BUY ? flow_t'(dut.places[i].left) : '0;
    assign sell     = here && dut.places[i].side != SIDE_BUY ? flow_t'(dut.places[i].left) : '0;
    assign buy_was  = flow_t'(buy_q);
    assign sell_was = flow_t'(sell_q);
    always_ff @(posedge clk) begin
      buy_q      <= rst ? '0 : buy[SHARES_W-1:0];
      sell_q     <= rst ? '0 : sell[SHARES_W-1:0];
      buy_off_q  <= !rst && acts ? buys_off : '0;
      sell_off_q <= !rst && acts ? sells_off : '0;
      buy_on_q   <= !rst && goes ? buys_on : '0;
      sell_on_q  <= !rst && goes ? sells_on : '0;
    end
    assign changes[i] = buy == buy_was - buy_off_q + buy_on_q &&
        sell == sell_was - sell_off_q + sell_on_q;
    assign is_part[i] = buy_off_q <= buy_was && sell_off_q <= sell_was;
    assign empty[i] = {buy_was, sell_was} == '0;
    assign sum_buy[i+1] = sum_buy[i] + buy;
    assign sum_sell[i+1] = sum_sell[i] + sell;
    assign sum_buy_was[i+1] = sum_buy_was[i] + buy_was;
    assign sum_sell_was[i+1] = sum_sell_was[i] + sell_was;
    assign sum_buy_off[i+1] = sum_buy_off[i] + buy_off_q;
    assign sum_sell_off[i+1] = sum_sell_off[i] + sell_off_q;
    assign sum_buy_on[i+1] = sum_buy_on[i] + buy_on_q;
    assign sum_sell_on[i+1] = sum_sell_on[i] + sell_on_q;
  end

  // As numbers, wide enough for every sum of them. What may be sent in this cycle was asked before.
  sum_t w_buys, w_sells, w_buys_was, w_sells_was, w_buys_off, w_sells_off, w_buys_on, w_sells_on;
  sum_t w_held, w_held_was, w_set, w_asked_buy, w_asked_sell, next_buys, next_sells;
  logic may_send;
  assign may_send     = ready_q && asked_q.slot == slot_q;
  assign w_buys       = wide(buys);
  assign w_sells      = wide(sells);
  assign w_buys_was   = wide(buys_q);
  assign w_sells_was  = wide(sells_q);
  assign w_buys_off   = wide(buys_off_q);
  assign w_sells_off  = wide(sells_off_q);
  assign w_buys_on    = wide(buys_on_q);
  assign w_sells_on   = wide(sells_on_q);
  assign w_held       = SUM_W'(held);
  assign w_held_was   = SUM_W'(held_q);
  assign w_set        = SUM_W'(set_q);
  assign w_asked_buy  = may_send && asked_q.side == SIDE_BUY ? wide(flow_t'(asked_q.shares)) : '0;
  assign w_asked_sell = may_send && asked_q.side != SIDE_BUY ? wide(flow_t'(asked_q.shares)) : '0;
  assign next_buys    = w_buys_was - w_buys_off + w_buys_on;
  assign next_sells   = w_sells_was - w_sells_off + w_sells_on;

  // What one cycle changes. 3, 4, 5, 6, 8, 9 and 11 to 14 are of the places.
  logic [14:0] steps;
  always_comb begin
    steps[0] = buys == next_buys[HOLDING_W-2:0];
    steps[1] = sells == next_sells[HOLDING_W-2:0];
    steps[2] = !is_short(w_held_was) || w_held == (sets_q ? w_set : w_held_was + moves_q);
    steps[3] = moves_q == '0 || moves_q == w_buys_off - w_sells_off;
    steps[4] = buys_off_q == sum_buy_off[OPEN] && sells_off_q == sum_sell_off[OPEN] &&
        buys_on_q == sum_buy_on[OPEN] && sells_on_q == sum_sell_on[OPEN];
    steps[5] = &changes;
    steps[6] = &is_part;
    steps[7] = (w_asked_buy == '0 || w_held_was + w_buys_was + w_asked_buy <= longest) &&
        (w_asked_sell == '0 || w_sells_was + w_asked_sell - w_held_was <= shortest);
    steps[8] = ready_q ? {w_buys_on, w_sells_on, sets_q} == '0 : {w_asked_buy, w_asked_sell} == '0;
    steps[9] = !sets_q || (&empty && {w_buys_on, w_sells_on} == '0 && w_set <= longest &&
                           -w_set <= shortest);
    steps[10] = !ready_q || !dut.open_q[dut.place_now];
    steps[11] = dut.total_count_q == stand;
    // An answer's place is what it was when it was looked up.
    steps[12] = said_q != 2'b11 && (!dut.came_q || said_q[0]) && (!dut.does_q || said_q[1]);
    steps[13] = !(dut.came_q && dut.hit_q) ||
        (dut.open_q[answered] && dut.places[answered] == dut.found_q &&
         dut.found_q.token == dut.answer_q.token);
    steps[14] = !dut.does_q ||
        (dut.open_q[acting] && dut.places[acting] == dut.order_q &&
         dut.off_q <= dut.order_q.left && dut.ends_q == (dut.off_q == dut.order_q.left));
  end

  // What follows: what was in flight is so now, and what fitted. What a confirmation takes off is part
  // of what was in flight; a fill moves it into the position or out of the other side's.
  sum_t was_long, was_short, now_long, now_short;
  logic was_in_flight, in_flight, was_fit, still_fits;
  logic was_part, bounded, room, plain, stays, moved, is_set;
  assign was_long  = w_held_was + w_buys_was + w_buys_on + w_asked_buy;
  assign was_short = w_sells_was + w_sells_on + w_asked_sell - w_held_was;
  assign now_long  = w_held + w_buys + w_asked_buy;
  assign now_short = w_sells + w_asked_sell - w_held;
  always_comb begin
    was_in_flight = buys_q == sum_buy_was[OPEN] && sells_q == sum_sell_was[OPEN];
    in_flight = buys == sum_buy[OPEN] && sells == sum_sell[OPEN];
    was_fit = was_long <= longest && was_short <= shortest;
    still_fits = now_long <= longest && now_short <= shortest;

    was_part = w_buys_off <= w_buys_was && w_sells_off <= w_sells_was &&
        (!sets_q || (w_buys_was == '0 && w_sells_was == '0));
    bounded = is_short(w_held_was) && was_long >= LEAST && was_short >= LEAST && w_buys_off >= 0 &&
        w_sells_off >= 0 && w_buys_was >= 0 && is_short(w_buys_was) && w_sells_was >= 0 &&
        is_short(w_sells_was) && w_buys_on >= 0 && is_short(w_buys_on) && w_sells_on >= 0 &&
        is_short(w_sells_on) && w_asked_buy >= 0 && is_short(w_asked_buy) && w_asked_sell >= 0 &&
        is_short(w_asked_sell);
    room = next_buys == wide(next_buys[HOLDING_W-2:0]) &&
        next_sells == wide(next_sells[HOLDING_W-2:0]);
    plain = w_buys == next_buys && w_sells == next_sells;
    stays = now_long == was_long - w_buys_off && now_short == was_short - w_sells_off;
    moved = now_long == was_long - w_sells_off && now_short == was_short - w_buys_off;
    is_set = now_long == w_set && now_short == -w_set && w_set <= longest && -w_set <= shortest;
  end

  logic [8:0] lemmas;
  logic chain;
  assign lemmas[0] = !was_in_flight || in_flight;
  assign lemmas[1] = !was_in_flight || was_part;
  assign lemmas[2] = !was_fit || bounded;
  assign lemmas[3] = !(bounded && was_part) || room;
  assign lemmas[4] = !room || plain;
  assign lemmas[5] = !(bounded && plain && !sets_q && moves_q == '0) || stays;
  assign lemmas[6] = !(bounded && plain && !sets_q && moves_q != '0) || moved;
  assign lemmas[7] = !(bounded && plain && was_part && sets_q) || is_set;
  assign lemmas[8] = !(was_fit && bounded && was_part && (stays || moved || is_set)) || still_fits;
  assign chain = !(was_in_flight && was_fit) || (in_flight && still_fits);

  if (PART == 0) begin : gen_places
    always_comb begin
      if (started_q) begin
        by_what_is_filled : assert (steps[3]);
        by_what_the_places_do : assert (steps[4]);
        each_place_changes : assert (steps[5]);
        by_no_more_than_it_has : assert (steps[6]);
        one_at_a_time : assert (steps[8]);
        set_with_none_open : assert (steps[9]);
        a_place_stays_free : assert (steps[10]);
        all_are_counted : assert (steps[11]);
        answers_are_apart : assert (steps[12]);
        an_answer_is_of_what_is_open : assert (steps[13]);
        it_takes_no_more_than_there_is : assert (steps[14]);
      end
    end
  end else if (PART == 1) begin : gen_sums
    logic of_places;
    assign of_places = &steps[6:3] && &steps[14:8];
    always_comb begin
      places_change : assume (!started_q || of_places);
      if (started_q) a_sum_changes : assert (steps[ONE]);
    end
  end else if (PART == 2) begin : gen_lemmas
    always_comb begin
      all_changes : assume (!started_q || &steps);
      if (started_q) it_follows : assert (lemmas[ONE]);
    end
  end else if (PART == 3) begin : gen_chain
    always_comb begin
      all_follow : assume (!started_q || &lemmas);
      if (started_q) still_right : assert (chain);
    end
  end else if (PART == 4) begin : gen_induction
    always_comb begin
      it_stays_right : assume (!started_q || (chain && steps[7] && steps[8]));
      if (started_q) begin
        was_what_is_open : assert (was_in_flight);
        was_within_limits : assert (was_fit);
      end
    end
  end else if (PART == 5) begin : gen_for_ever
    always_comb it_was_right : assume (!started_q || (chain && was_in_flight && was_fit));
  end else begin : gen_few
    always_comb begin
      one_slot : assume (slot_q == '0 && long_q < 16 && short_q < 16);
      few_shares : assume (sent_any.shares < 8 && s_confirmation.shares < 8);
      few_set : assume (!sets || set == HOLDING_W'($signed(set[4:0])));
    end
  end

  // What all that is for.
  if (PART >= 5) begin : gen_held
    always_comb begin
      if (started_q && asks) begin
        in_flight_is_what_is_open :
        assert (open_buy == wide(sum_buy[OPEN]) && open_sell == wide(sum_sell[OPEN]));
        long_within : assert (position + open_buy <= longest && position <= longest);
        short_within : assert (open_sell - position <= shortest && -position <= shortest);
        both_ways : cover (position > 3 && open_buy > 3 && open_sell > 3);
        partly : cover (filled_q && open_buy == 5 && position == 2);
        bought_to_the_limit :
        cover (filled_q && position == longest && position > 8 && open_buy == 0);
        sold_to_the_limit :
        cover (filled_q && position == -shortest && position < -8 && open_sell == 0);
      end
    end
  end
endmodule

`default_nettype wire
