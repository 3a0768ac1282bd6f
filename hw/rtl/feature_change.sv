// feature_change: what a record of the book changed.
//
// What: a record is compared with what its slot showed before. It is an event where its best DEPTH
// levels changed and the book is fine: rules 1 to 5 of docs/reference/features.md. Of an event it
// tells the middle, the spread, and what happened in shares: flow, trade and pressure.
//
// Timing: a port's last digit is its cycle. s_valid brings s_top and s_depth in cycle 0, 2 cycles
// or more after the last; events0 is there in that cycle, of any s_top: the events of its slot so
// far, up to WARM_EVENTS. Cycles 1 to 3 follow it. slotN is the record's slot in cycle N, eventN
// says that it is an event; valid1, that there is a record, acts1, that it has an operation,
// keeps1, that its levels are remembered, side1, the side of its levels; first1, that its slot had
// no event since it was as new. Constant latency, no backpressure.
//
// Rules: of events only, middle1 and spread1, before1, the middle of the slot's event before, if
// it isn't the first; flow2, trade2, pressure2, and travel2, how far the middle went, 0 at the
// first; flow3 and trade3, the features of those. alive2: an event came since the slot was as new;
// seasoned2: WARM_EVENTS of them came, this one too. Both are of records with an operation. It
// depends on the contract of price_book: s_depth's side is the only one that the record changed; a
// side of which no record came since its slot was cleared is empty. Reset makes every slot as new,
// and what is on its way isn't an event.
//
// Not: it holds no features and no history but the event before.
`default_nettype none

module feature_change
  import tick_pkg::*;
  import feature_table_pkg::*;
  import feature_pkg::*;
#(
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    localparam int unsigned BOOK_W = $clog2(BOOKS)
) (
    input  logic                        clk,
    input  logic                        rst,
    input  logic                        s_valid,
    input  top_of_book_t                s_top,
    input  depth_t                      s_depth,
    output logic         [EVENTS_W-1:0] events0,
    output logic                        valid1,
    output logic                        acts1,
    output logic                        keeps1,
    output logic                        event1,
    output logic                        first1,
    output logic         [  BOOK_W-1:0] slot1,
    output logic                        side1,
    output middle_t                     middle1,
    output middle_t                     before1,
    output price_t                      spread1,
    output logic                        event2,
    output logic         [  BOOK_W-1:0] slot2,
    output logic                        alive2,
    output logic                        seasoned2,
    output change_t                     flow2,
    output change_t                     trade2,
    output change_t                     pressure2,
    output middle_t                     travel2,
    output logic                        event3,
    output logic         [  BOOK_W-1:0] slot3,
    output element_t                    flow3,
    output element_t                    trade3
);
  if (BOOKS < 2 || BOOKS > SLOTS) $error("feature_change: BOOKS must be 2 to SLOTS");
  if (DEPTH > LEVELS) $error("feature_change: depth shows too few levels");
  if (CLIP_W > SHARES_W) $error("feature_change: no number of shares is above CLIP");
  if (!squashable(KNEE_FLOW_1) || !squashable(KNEE_TRADE)) begin : g_knee
    $error("feature_change: a knee must be 4 to 15");
  end

  typedef struct packed {
    price_t [DEPTH-1:0]  prices;
    shares_t [DEPTH-1:0] shares;
  } levels_t;

  function automatic logic [CLIP_W-1:0] clip(input shares_t shares);
    return shares > CLIP ? CLIP_W'(CLIP) : CLIP_W'(shares);
  endfunction

  // 0: the record is compared with what its slot showed before.
  logic [BOOK_W-1:0] slot0;
  logic [  BOOK_W:0] row0;
  logic acts0, resets0, keeps0, first0, resets1_q;
  logic [BOOKS-1:0] fine_q, started_q;
  logic [BOOKS-1:0][1:0] known_q, lacking_q;
  logic [1:0] lacking0;
  levels_t now0, before0;
  (* ram_style = "distributed" *) levels_t levels[2*BOOKS];
  logic known1_q, fine1_q, was_fine1_q, above1_q, same1_q, below1;
  logic [DEPTH-1:0] differs1_q;
  logic [SHARES_W:0] more1_q;  // shares at the best price: now, less before
  shares_t less1_q;  // the other way round
  shares_t now1_q, before1_q;
  change_t trade0, pressure0, trade1_q, pressure1_q;
  (* ram_style = "distributed" *) logic [EVENTS_W-1:0] events[BOOKS];
  (* ram_style = "distributed" *) middle_t middles[BOOKS];
  logic [EVENTS_W-1:0] events1_q, events1, events2_q;
  always_comb begin
    slot0 = s_top.slot[BOOK_W-1:0];
    row0 = {slot0, s_depth.side};
    acts0 = s_top.operation != OPERATION_NONE;
    resets0 = s_top.stale || s_top.operation inside {OPERATION_CLEAR, OPERATION_LOAD,
                                                     OPERATION_TRUST};
    keeps0 = s_valid && acts0 && !resets0;
    lacking0 = lacking_q[slot0];
    lacking0[s_depth.side] = 1'b0;
    now0.prices = s_depth.prices[DEPTH-1:0];
    now0.shares = s_depth.shares[DEPTH-1:0];
    before0 = levels[row0];
    first0 = !started_q[slot0];
    events0 = first0 ? '0 : events[slot0];

    trade0 = '0;
    pressure0 = '0;
    if (s_top.operation inside {OPERATION_EXECUTE, OPERATION_EXECUTE_PRICE}) begin
      trade0 = '{s_top.operation_side == SIDE_BUY, clip(s_top.operation_shares)};
    end
    if (s_top.operation == OPERATION_ADD) begin
      pressure0 = '{s_top.operation_side == SIDE_SELL, clip(s_top.operation_shares)};
    end else if (s_top.operation inside {OPERATION_EXECUTE, OPERATION_EXECUTE_PRICE,
                                         OPERATION_CANCEL, OPERATION_DELETE}) begin
      pressure0 = '{s_top.operation_side == SIDE_BUY, clip(s_top.operation_shares)};
    end
  end
  always_ff @(posedge clk) begin
    valid1      <= s_valid && !rst;
    acts1       <= acts0;
    keeps1      <= keeps0 && !rst;
    resets1_q   <= resets0 && acts0;
    slot1       <= slot0;
    side1       <= s_depth.side;
    first1      <= first0;
    events1_q   <= events0;
    middle1     <= MIDDLE_W'(s_top.bid_price) + MIDDLE_W'(s_top.ask_price);
    before1     <= middles[slot0];
    spread1     <= s_top.ask_price - s_top.bid_price;
    known1_q    <= known_q[slot0][s_depth.side];
    was_fine1_q <= fine_q[slot0];
    fine1_q     <= s_top.reason == REASON_OK && lacking0 == '0;
    above1_q    <= now0.prices[0] > before0.prices[0];
    same1_q     <= now0.prices[0] == before0.prices[0];
    more1_q     <= (SHARES_W + 1)'(now0.shares[0]) - (SHARES_W + 1)'(before0.shares[0]);
    less1_q     <= before0.shares[0] - now0.shares[0];
    now1_q      <= now0.shares[0];
    before1_q   <= before0.shares[0];
    trade1_q    <= trade0;
    pressure1_q <= pressure0;
    for (int unsigned k = 0; k < DEPTH; k++) begin
      differs1_q[k] <= now0.prices[k] != before0.prices[k] || now0.shares[k] != before0.shares[k];
    end

    if (keeps0) levels[row0] <= now0;
    if (s_valid && acts0) begin
      fine_q[slot0]    <= keeps0 && s_top.reason == REASON_OK && lacking0 == '0;
      lacking_q[slot0] <= resets0 ? {2{s_top.operation == OPERATION_TRUST}} : lacking0;
      if (resets0) known_q[slot0] <= '0;
      else known_q[slot0][s_depth.side] <= 1'b1;
    end
    if (rst) begin
      fine_q    <= '0;
      known_q   <= '0;
      lacking_q <= '0;
    end
  end

  // 1: whether it is an event, and what it did.
  move_t move1, back1;
  change_t flow1;
  always_comb begin
    event1  = keeps1 && fine1_q && (!known1_q || differs1_q != '0);
    events1 = events1_q;
    if (event1 && events1 != EVENTS_W'(WARM_EVENTS)) events1 = events1 + 1'b1;

    move1  = $signed((MIDDLE_W + 1)'(middle1)) - $signed((MIDDLE_W + 1)'(before1));
    back1  = $signed((MIDDLE_W + 1)'(before1)) - $signed((MIDDLE_W + 1)'(middle1));

    below1 = !above1_q && !same1_q;
    if ((side1 == SIDE_BUY) ? above1_q : below1) flow1 = '{side1, clip(now1_q)};
    else if (above1_q || below1) flow1 = '{!side1, clip(before1_q)};
    else begin
      flow1.negative = more1_q[SHARES_W] ^ side1;
      flow1.size     = clip(more1_q[SHARES_W] ? less1_q : more1_q[SHARES_W-1:0]);
    end
    if (!was_fine1_q) flow1.size = '0;
  end
  always_ff @(posedge clk) begin
    event2    <= event1 && !rst;
    slot2     <= slot1;
    alive2    <= event1 || (!first1 && !resets1_q);
    events2_q <= events1;
    flow2     <= flow1;
    trade2    <= trade1_q;
    pressure2 <= pressure1_q;
    travel2   <= first1 ? '0 : MIDDLE_W'(move1[MIDDLE_W] ? back1 : move1);
    if (event1) begin
      events[slot1]  <= events1;
      middles[slot1] <= middle1;
    end
    if (valid1 && acts1 && (resets1_q || event1)) started_q[slot1] <= event1;
    if (rst) started_q <= '0;
  end
  assign seasoned2 = events2_q == EVENTS_W'(WARM_EVENTS);

  // 2: the features of what happened in this event.
  window_t flow3_q, trade3_q;
  always_ff @(posedge clk) begin
    event3            <= event2 && !rst;
    slot3             <= slot2;
    flow3_q           <= window(44'(flow2.size), KNEE_FLOW_1);
    trade3_q          <= window(44'(trade2.size), KNEE_TRADE);
    flow3_q.negative  <= flow2.negative;
    trade3_q.negative <= trade2.negative;
  end
  assign flow3  = signed_squash(flow3_q);
  assign trade3 = signed_squash(trade3_q);
endmodule

`default_nettype wire
