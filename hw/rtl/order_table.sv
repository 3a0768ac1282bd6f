// order_table: finds the order that an operation names, and says what the operation does to levels.
//
// What: It holds the resting orders (side, price, shares) of each slot by reference, in a
// hash_table of 2 * WAYS * ROWS places. m_op is s_op's effect, one for each operation, also for
// those that have no order.
// Timing: m_op comes 4 cycles after s_op, always. n_op is s_op a cycle before it comes, but for the
// slot of a none; references are read there only. s_stale and s_stale_reasons, a mask and the
// reasons of its slots in any cycle, come out 4 cycles later. orders[slot] is how many orders rest
// there, from the cycle after m_op on. An operation may come every 2 cycles, and the next 4 cycles
// after a replace or a level, which the source keeps. There is no backpressure. A level says what
// rests at a price now: it names that level by order_reference and, once more, by
// new_order_reference. m_op's operation is what it comes to: with shares, a replace of the order
// that is there, else an add; without, a delete of it, else a none, whose price is no matter.
// Rules: add, execute, execute_price, cancel, delete and replace are judged as
// sw/tickwire/book/naive.py does, in that order. cause is the first that applies of not_enabled
// (slot is BOOKS or more), bad_price, bad_shares, unknown_reference, excess_shares,
// duplicate_reference, table_overflow (no free place). An operation with a cause does nothing, but
// that a replace which is refused for its new order has taken its old one away; whoever refuses
// makes the slot stale anyway.
// take, gone and put are 0 with a cause. take_price and side are those of the order under
// order_reference, 0 where there is none or none is looked for; an add's side is its own.
// take_shares are s_op's shares for execute, execute_price and cancel, else all of that order's.
// put_price and put_shares are s_op's, but for the price of a level without shares: 0.
// clear and load empty the slot. While it still sweeps (`sweeping`) another is an error, which
// empties the table: in the cycle in which error pulses, the next one, every slot is in s_stale,
// with reason table_overflow where s_stale has none. While ready is low, after reset and such an
// error, no order is found and none finds room. Reset forgets all orders.
// Not: It doesn't judge number_overflow and doesn't know which slots are stale: price_book does.
// Orders of stale slots are kept on.
`default_nettype none

module order_table
  import tick_pkg::*;
#(
    parameter int unsigned ROWS = 1024,  // rows of each choice, a power of two
    parameter int unsigned WAYS = 4,  // places in a row
    parameter int unsigned BOOKS = SLOTS,  // slots that have a book, from 0
    localparam int unsigned COUNT_W = $clog2(2 * WAYS * ROWS + 1)
) (
    input  logic                               clk,
    input  logic                               rst,
    output logic                               ready,
    output logic                               error,
    output logic      [BOOKS-1:0]              sweeping,
    output logic      [BOOKS-1:0][COUNT_W-1:0] orders,
    input  book_op_t                           n_op,
    input  logic                               s_valid,
    input  book_op_t                           s_op,
    input  logic      [SLOTS-1:0]              s_stale,
    input  reason_e   [SLOTS-1:0]              s_stale_reasons,
    output logic                               m_valid,
    output level_op_t                          m_op,
    output logic      [SLOTS-1:0]              m_stale,
    output reason_e   [SLOTS-1:0]              m_stale_reasons
);
  if (BOOKS == 0 || BOOKS > SLOTS) $error("order_table: BOOKS must be 1 to SLOTS");

  localparam int unsigned SOURCES = 2 * WAYS + 2;
  localparam int unsigned LATENCY = 4;

  typedef struct packed {
    side_e               side;
    logic [PRICE_W-1:0]  price;
    logic [SHARES_W-1:0] shares;
  } order_t;

  logic unused;
  assign unused = &{1'b0, n_op};

  // Before: what kind of operation comes. 0: what is wrong with it by itself.
  logic counted_q, adds_q, level_q, named_q, empties_q, booked_q;
  reason_e early;
  always_ff @(posedge clk) begin
    booked_q <= 32'(n_op.slot) < BOOKS;
    empties_q <= n_op.operation inside {OPERATION_CLEAR, OPERATION_LOAD};
    counted_q <= n_op.operation inside {OPERATION_EXECUTE, OPERATION_EXECUTE_PRICE,
                                        OPERATION_CANCEL};
    adds_q <= n_op.operation inside {OPERATION_ADD, OPERATION_REPLACE, OPERATION_LEVEL};
    level_q <= n_op.operation == OPERATION_LEVEL;
    named_q   <= n_op.operation inside {OPERATION_ADD, OPERATION_EXECUTE, OPERATION_EXECUTE_PRICE,
                                        OPERATION_CANCEL, OPERATION_DELETE, OPERATION_REPLACE,
                                        OPERATION_LEVEL};
  end
  always_comb begin
    early = REASON_OK;
    if (named_q) begin
      if ((counted_q || (adds_q && !level_q)) && s_op.shares == '0) early = REASON_BAD_SHARES;
      if (adds_q && !(level_q && s_op.shares == '0) && s_op.price == '0) early = REASON_BAD_PRICE;
      if (!booked_q) early = REASON_NOT_ENABLED;
    end
  end

  // 1 and 2: the operation but its references; 3: once more. Each stays 2 cycles.
  typedef struct packed {
    logic     counted;
    logic     adds;
    logic     takes;    // shares off an order that is there
    logic     level;    // takes what is there
    reason_e  early;
    book_op_t op;
  } stage_t;
  stage_t first_q, second_q;
  logic v1_q, v2_q, v3_q;
  always_ff @(posedge clk) begin
    if (s_valid) begin
      first_q <= '{
          counted_q,
          adds_q && !(level_q && s_op.shares == '0),
          named_q && !level_q && s_op.operation != OPERATION_ADD,
          level_q,
          early,
          s_op
      };
      first_q.op.order_reference <= '0;
      first_q.op.new_order_reference <= '0;
    end
    if (v2_q) second_q <= first_q;
    v1_q <= s_valid && !rst;
    v2_q <= v1_q && !rst;
    v3_q <= v2_q && !rst;
  end

  order_t [SOURCES-1:0] held;
  logic [SOURCES-1:0] select;
  order_t order;
  logic hit, room, hit2, room2, looked, store, erase, store2;
  order_t value, value2;

  hash_table #(
      .KEY_W  (REFERENCE_W),
      .VALUE_W($bits(order_t)),
      .ROWS   (ROWS),
      .WAYS   (WAYS),
      .BOOKS  (BOOKS)
  ) u_orders (
      .clk,
      .rst,
      .ready,
      .error,
      .clear     (s_valid && booked_q && empties_q),
      .clear_slot(s_op.slot),
      .sweeping,
      .s_valid   (s_valid && named_q),
      .n_slot    (n_op.slot),
      .n_key     (n_op.order_reference),
      .n_key2    (n_op.new_order_reference),
      .n_pair    (n_op.operation inside {OPERATION_REPLACE, OPERATION_LEVEL}),
      .p_values  (held),
      .m_valid   (looked),
      .m_hit     (hit),
      .m_room    (room),
      .m_select  (select),
      .m_value   (order),
      .m_hit2    (hit2),
      .m_room2   (room2),
      .w_store   (store),
      .w_erase   (erase),
      .w_value   (value),
      .w_store2  (store2),
      .w_value2  (value2)
  );

  // 2: what would be left of each order that it may be.
  logic [SOURCES-1:0][SHARES_W-1:0] left_q;
  logic [SOURCES-1:0] excess_q, all_q;
  always_ff @(posedge clk) begin
    for (int unsigned i = 0; i < SOURCES; i++) begin
      {excess_q[i], left_q[i]} <= {1'b0, held[i].shares} - {1'b0, first_q.op.shares};
      all_q[i]                 <= held[i].shares == first_q.op.shares;
    end
  end

  // 3: the answer.
  logic excess, all, takes, pair;
  logic [SHARES_W-1:0] left;
  reason_e cause;
  level_op_t effect;
  always_comb begin
    takes  = second_q.level ? hit : second_q.takes;
    pair   = second_q.level || (second_q.adds && second_q.takes);
    excess = |(select & excess_q) && second_q.counted;
    all    = |(select & all_q) || !second_q.counted;
    left   = '0;
    for (int unsigned i = 0; i < SOURCES; i++) left |= select[i] ? left_q[i] : '0;

    cause = REASON_OK;
    if (second_q.adds) begin
      if (!(pair ? room2 : room)) cause = REASON_TABLE_OVERFLOW;
      if (pair ? hit2 : hit) cause = REASON_DUPLICATE_REFERENCE;
    end
    if (second_q.takes && excess) cause = REASON_EXCESS_SHARES;
    if (second_q.takes && !hit) cause = REASON_UNKNOWN_REFERENCE;
    if (second_q.early != REASON_OK) cause = second_q.early;

    store  = 1'b0;
    erase  = 1'b0;
    store2 = 1'b0;
    if (looked && second_q.early == REASON_OK) begin
      store  = second_q.takes ? hit && !excess && !all : !hit && !second_q.level;
      erase  = takes && !excess && all;
      store2 = pair && second_q.adds && (hit || second_q.level) && !hit2;
    end
    value         = order;
    value.shares  = left;
    value2.side   = takes ? order.side : second_q.op.side;
    value2.price  = second_q.op.price;
    value2.shares = second_q.op.shares;
    if (!second_q.takes) value = value2;

    effect           = '0;
    effect.slot      = second_q.op.slot;
    effect.operation = second_q.op.operation;
    if (second_q.level) begin
      effect.operation = hit ? OPERATION_DELETE : OPERATION_NONE;
      if (second_q.adds) effect.operation = hit ? OPERATION_REPLACE : OPERATION_ADD;
    end
    effect.side            = second_q.adds && !takes ? second_q.op.side : order.side;
    effect.cause           = cause;
    effect.reason          = second_q.op.reason;
    effect.take            = takes && cause == REASON_OK;
    effect.gone            = takes && cause == REASON_OK && all;
    effect.take_price      = order.price;
    effect.take_shares     = second_q.counted ? second_q.op.shares : order.shares;
    effect.put             = second_q.adds && cause == REASON_OK;
    effect.put_price       = second_q.level && !second_q.adds ? '0 : second_q.op.price;
    effect.put_shares      = second_q.op.shares;
    effect.last_of_packet  = second_q.op.last_of_packet;
    effect.timestamp       = second_q.op.timestamp;
    effect.sequence_number = second_q.op.sequence_number;
    effect.frame_cycle     = second_q.op.frame_cycle;
    effect.message_cycle   = second_q.op.message_cycle;
  end

  logic [LATENCY-1:0][SLOTS-1:0] stale_q;
  reason_e [LATENCY-1:0][SLOTS-1:0] stale_reasons_q;
  logic stored_q, erased_q;
  always_ff @(posedge clk) begin
    m_op            <= effect;
    m_valid         <= v3_q && !rst;
    stored_q        <= store2 ? room2 : store && room && !hit;
    erased_q        <= erase && hit;
    stale_q         <= rst ? '0 : {stale_q[LATENCY-2:0], s_stale | {SLOTS{error}}};
    stale_reasons_q <= {stale_reasons_q[LATENCY-2:0], s_stale_reasons};
    for (int unsigned s = 0; s < SLOTS; s++) begin
      if (!s_stale[s]) stale_reasons_q[0][s] <= REASON_TABLE_OVERFLOW;
    end
    for (int unsigned i = 0; i < BOOKS; i++) begin
      if (m_valid && 32'(m_op.slot) == i) begin
        orders[i] <= orders[i] + COUNT_W'(stored_q) - COUNT_W'(erased_q);
        if (m_op.operation inside {OPERATION_CLEAR, OPERATION_LOAD}) orders[i] <= '0;
      end
    end
    if (rst || !ready) orders <= '0;
  end
  assign m_stale         = stale_q[LATENCY-1];
  assign m_stale_reasons = stale_reasons_q[LATENCY-1];
endmodule

`default_nettype wire
