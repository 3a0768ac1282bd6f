// feature_show: every slot's vector, and which of them leaves when.
//
// What: it keeps the elements, the best prices, the reason and whether the slot is warm, as they
// were after the slot's last record, and sends them in the turns of feature_turns: by default each
// slot that a packet named as the packet ends, with each_change every record with an operation.
//
// Timing: a port's last digit is its cycle. s_top is a record in cycle 0, 2 cycles or more after
// the last; valid1, acts1 and slot1 say in the next cycle that it is there, that it has an
// operation, and whose it is. alive2 and warm2 are the slot's after it; event3 says that elements3
// are new, of slot3. A record that sends its own slot's vector presents it in cycle 4: m_valid,
// m_vector. Constant latency of own vectors, no backpressure.
//
// Rules: of a slot that isn't alive the elements are 0. The reason is what the book said, where
// that is ok and the slot isn't warm, warming_up. changed says that an event came since the slot's
// last vector left. The stamps and the sequence number are those of the record that sends a vector;
// of others than own ones, those of their packet's last record. A record without a time (its
// message was no operation, or the host's) has that of the record before it. Reset forgets what
// waits, what changed and the time.
//
// Not: it holds no vector back that feature_turns sends, and makes no element.
`default_nettype none

module feature_show
  import tick_pkg::*;
  import feature_table_pkg::*;
  import feature_pkg::*;
#(
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    parameter int unsigned GAP = 2,  // cycles between vectors, but before own ones
    localparam int unsigned BOOK_W = $clog2(BOOKS)
) (
    input  logic                           clk,
    input  logic                           rst,
    input  logic                           each_change,
    input  top_of_book_t                   s_top,
    input  logic                           valid1,
    input  logic                           acts1,
    input  logic            [  BOOK_W-1:0] slot1,
    input  logic                           alive2,
    input  logic                           warm2,
    input  logic                           event3,
    input  logic            [  BOOK_W-1:0] slot3,
    input  element_t        [ELEMENTS-1:0] elements3,
    output logic                           m_valid,
    output feature_vector_t                m_vector
);
  if (BOOKS < 2 || BOOKS > SLOTS) $error("feature_show: BOOKS must be 2 to SLOTS");
  if (ELEMENTS > FEATURES) $error("feature_show: the feature table is too long for feature_vector");

  localparam int unsigned MARK_W = 4;
  typedef struct packed {
    logic [TIME_W-1:0] timestamp;
    logic [SEQUENCE_W-1:0] sequence_number;
    logic [CYCLE_W-1:0] frame_cycle;
    logic [CYCLE_W-1:0] message_cycle;
  } stamps_t;
  typedef struct packed {
    price_t  bid_price;
    shares_t bid_shares;
    price_t  ask_price;
    shares_t ask_shares;
  } best_t;
  typedef struct packed {
    logic    alive;   // an event came since the slot was as new
    logic    warm;
    reason_e reason;
  } state_t;

  logic last1_q, valid2_q, acts2_q, acts3_q;
  logic [TIME_W-1:0] time_q;  // the last that a record had
  reason_e reason1_q, reason2_q;
  stamps_t stamps0, stamps1_q, stamps2_q;
  best_t best0, best1_q, best2_q, best3_q;
  state_t state2, state3_q;
  logic [MARK_W-1:0] mark1, mark2_q;
  always_comb begin
    stamps0 = '{
        timestamp: s_top.timestamp == '0 ? time_q : s_top.timestamp,
        sequence_number: s_top.sequence_number,
        frame_cycle: s_top.frame_cycle,
        message_cycle: s_top.message_cycle
    };
    best0 = '{
        bid_price: s_top.bid_price,
        bid_shares: s_top.bid_shares,
        ask_price: s_top.ask_price,
        ask_shares: s_top.ask_shares
    };
    state2 = '{alive: alive2, warm: warm2, reason: reason2_q};
    if (reason2_q == REASON_OK && !warm2) state2.reason = REASON_WARMING_UP;
  end
  always_ff @(posedge clk) begin
    last1_q   <= s_top.last_of_packet;
    reason1_q <= s_top.reason;
    reason2_q <= reason1_q;
    stamps1_q <= stamps0;
    stamps2_q <= stamps1_q;
    best1_q   <= best0;
    best2_q   <= best1_q;
    best3_q   <= best2_q;
    mark2_q   <= mark1;
    state3_q  <= state2;
    if (rst) time_q <= '0;
    else if (valid1) time_q <= stamps1_q.timestamp;
    valid2_q <= valid1 && !rst;
    acts2_q  <= acts1 && valid1 && !rst;
    acts3_q  <= acts2_q && !rst;
  end

  // 3: whose vector leaves.
  logic own3, other3;
  logic [BOOK_W-1:0] slot_shown3;
  logic [MARK_W-1:0] mark_shown3;
  feature_turns #(
      .BOOKS(BOOKS),
      .GAP  (GAP)
  ) turns (
      .clk,
      .rst,
      .each_change,
      .s_valid(valid1),
      .s_acts (acts1),
      .s_last (last1_q),
      .s_slot (slot1),
      .s_mark (mark1),
      .m_own  (own3),
      .m_other(other3),
      .m_slot (slot_shown3),
      .m_mark (mark_shown3)
  );

  // 3: what it is, anew or as it was.
  (* ram_style = "distributed" *) element_t [ELEMENTS-1:0] vectors[BOOKS];
  (* ram_style = "distributed" *) logic [$bits(state_t)-1:0] states[BOOKS];
  (* ram_style = "distributed" *) logic [$bits(stamps_t)-1:0] marked[1<<MARK_W];
  (* ram_style = "distributed" *) logic [$bits(best_t)-1:0] bests[BOOKS];
  logic [BOOKS-1:0] changed_q;  // by an event, since the vector left
  element_t [ELEMENTS-1:0] kept3, shown3;
  state_t state_kept3, state_shown3;
  best_t   best_shown3;
  stamps_t stamps_shown3;
  always_comb begin
    kept3 = vectors[slot_shown3];
    state_kept3 = states[slot_shown3];
    state_shown3 = own3 ? state3_q : state_kept3;
    best_shown3 = own3 ? best3_q : best_t'(bests[slot_shown3]);
    stamps_shown3 = stamps_t'(marked[mark_shown3]);
    shown3 = own3 && event3 ? elements3 : kept3;
    if (!state_shown3.alive) shown3 = '0;
  end
  always_ff @(posedge clk) begin
    if (event3) vectors[slot3] <= elements3;
    if (acts3_q) begin
      states[slot3] <= state3_q;
      bests[slot3]  <= best3_q;
    end
    if (event3) changed_q[slot3] <= 1'b1;
    if (own3 || other3) changed_q[slot_shown3] <= 1'b0;
    if (rst) changed_q <= '0;
    if (valid2_q) marked[mark2_q] <= stamps2_q;  // a vector may leave in the next cycle

    m_valid <= (own3 || other3) && !rst;
    m_vector.slot <= SLOT_W'(slot_shown3);
    for (int unsigned i = 0; i < FEATURES; i++) begin
      m_vector.values[i] <= i < ELEMENTS ? FEATURE_W'(shown3[i%ELEMENTS]) : '0;
    end
    m_vector.warm <= state_shown3.warm;
    m_vector.changed <= changed_q[slot_shown3] || (own3 && event3);
    m_vector.reason <= state_shown3.reason;
    m_vector.bid_price <= best_shown3.bid_price;
    m_vector.bid_shares <= best_shown3.bid_shares;
    m_vector.ask_price <= best_shown3.ask_price;
    m_vector.ask_shares <= best_shown3.ask_shares;
    m_vector.timestamp <= stamps_shown3.timestamp;
    m_vector.sequence_number <= stamps_shown3.sequence_number;
    m_vector.frame_cycle <= stamps_shown3.frame_cycle;
    m_vector.message_cycle <= stamps_shown3.message_cycle;
  end
endmodule

`default_nettype wire
