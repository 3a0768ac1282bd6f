// slot_follow: which instrument each slot follows, and when that changes under its book.
//
// What: a directory message (s_valid, s_message being its bytes, the first in the highest) that
// names the symbol of slots with `learn` tells them their locate: learned, with m_locate (0 of the
// others). One that gives the locate of a slot with `learn` to another symbol, unless the slot's is
// blank, takes it from the slot: learned, with 0, which is nobody's; a slot that has yesterday's
// locate hides no other. turned, with turned_reason, says of which slots the book can't be trusted
// from here on, and late_slots how many. That is so once an order of any instrument (`order`) came
// in the session, if it came before a change of the slot, with it, or up to 2 cycles after it:
// not_enabled, if it was enabled and isn't; no_start, if it wasn't and is; relocated, if it is and
// was, and its locate is another, or its symbol. `lost` counts as an order: it may have been one.
// So does a W: an H that then lifts a breach from the slot mustn't be another instrument's. And so
// do a directory message, an H other than T and an h, but for a locate that a directory message
// changes: such a slot wasn't told of it. An H and an h do up to 3 cycles after the change, where
// the parser may have read them by what was before. And relocated, if a directory message
// contradicts an enabled slot: by giving its symbol another locate, unless it learns; or its locate
// to another symbol, unless its own is blank (spaces, or 0). Such a slot is turned at once; one
// that learns, as soon as an order came in the session, if no directory message has named its
// symbol until then. An H or an h that gives an enabled slot's symbol another locate than what the
// slot has, or has just learned, or that locate to another symbol, turns it at once, also if it
// learns: the slot follows that instrument, or will, and wasn't told; or it would be told
// another's.
//
// Rules, wrong frames: what happens from `opens` on may be undone. `undone` teaches the slots that
// learned since then, or lost their locate, what they had before, and their doubts are as before,
// too.
//
// Timing: learned comes the cycle after s_valid; turned the cycle after the last thing that it
// takes. Of several reasons in a cycle the first of the list is given. A message a cycle. Reset and
// `over` forget all of the session, also what comes with them, but not learned.
//
// Not: it does not keep locates: those are registers, which have what is learned in the next cycle.
// One that has something else then was written by the host in that very cycle: it has moved.
`default_nettype none

module slot_follow
  import tick_pkg::*;
  import itch_pkg::*;
#(
    localparam int unsigned KEPT = 40  // bytes of a message
) (
    input  logic                            clk,
    input  logic                            rst,
    input  logic         [ SLOTS-1:0]       enable,
    input  logic         [ SLOTS-1:0]       learn,
    input  logic         [ SLOTS-1:0][15:0] locate,
    input  logic         [ SLOTS-1:0][63:0] symbol,
    input  logic                            order,
    input  logic                            lost,
    input  logic                            over,
    input  logic                            opens,
    input  logic                            undone,
    input  logic                            s_valid,
    input  logic         [KEPT*8-1:0]       s_message,
    output logic         [ SLOTS-1:0]       learned,
    output logic         [ SLOTS-1:0][15:0] m_locate,
    output logic         [ SLOTS-1:0]       turned,
    output reason_e                         turned_reason,
    output path_events_t                    path_events
);
  localparam int unsigned TOP = KEPT - 1;
  localparam logic [63:0] BLANK = "        ";

  // What a directory message says of each slot.
  logic directory, acts, halts, breach;
  logic [KEPT-1:0][7:0] bytes;
  logic [15:0] its_locate;
  logic [63:0] its_symbol;
  logic [SLOTS-1:0] named, taken, untold;  // the slot's symbol; its locate, for another symbol
  logic [SLOTS-1:0] blank;
  logic [SLOTS-1:0] teaches;
  assign bytes = s_message;
  assign directory = s_valid && bytes[TOP-MESSAGE_MESSAGE_TYPE_AT] == STOCK_DIRECTORY_TYPE;
  assign acts = s_valid && bytes[TOP] inside {STOCK_TRADING_ACTION_TYPE, OPERATIONAL_HALT_TYPE};
  assign halts = acts && !(bytes[TOP] == STOCK_TRADING_ACTION_TYPE &&
                           bytes[TOP-STOCK_TRADING_ACTION_TRADING_STATE_AT] == "T");
  assign breach = s_valid && bytes[TOP] == MWCB_STATUS_TYPE;
  assign its_locate = bytes[TOP-MESSAGE_STOCK_LOCATE_AT-:2];
  assign its_symbol = bytes[TOP-STOCK_DIRECTORY_STOCK_AT-:8];
  always_comb begin
    for (int unsigned i = 0; i < SLOTS; i++) begin
      named[i] = directory && symbol[i] == its_symbol;
      blank[i] = symbol[i] == BLANK || symbol[i] == '0;
      taken[i] = directory && locate[i] == its_locate && symbol[i] != its_symbol && !blank[i];
    end
    teaches = (named | taken) & learn;
  end

  // What changed, now and in the two cycles before.
  typedef struct packed {
    logic [SLOTS-1:0] disabled;
    logic [SLOTS-1:0] enabled;
    logic [SLOTS-1:0] moved;
    logic [SLOTS-1:0] taught;    // moved by a directory message
  } change_t;
  change_t change, change1_q, change2_q, recent, counts, turns;
  logic flows, flowing_q, told, told_q;
  logic [SLOTS-1:0] enable_q, doubt, doubt_q, doubt_before_q, contradicted;
  logic [SLOTS-1:0] robbed, robbed_q, learned_q, taught, taught_q, back, turning;
  logic [SLOTS-1:0][15:0] known, known_before, known_before_q;
  logic [SLOTS-1:0][15:0] locate_q, taught_locate_q;
  logic [SLOTS-1:0][63:0] symbol_q;
  logic [SLOTS-1:0] stays, moves, renamed, other, enabled3_q, moved3_q;
  always_comb begin
    flows  = flowing_q || order || lost || breach;
    told   = told_q || directory || halts;
    change = '0;
    for (int unsigned i = 0; i < SLOTS; i++) begin
      change.disabled[i] = enable_q[i] && !enable[i];
      change.enabled[i] = !enable_q[i] && enable[i];
      stays[i] = enable_q[i] && enable[i];
      renamed[i] = stays[i] && symbol_q[i] != symbol[i];
      moves[i] = stays[i] && locate_q[i] != locate[i];
      // The host may write a locate in the cycle in which the slot is told its own, and wins.
      other[i] = learned_q[i] && locate[i] != taught_locate_q[i];
      change.moved[i] = renamed[i] || (moves[i] && !learned_q[i]) || (stays[i] && other[i]);
      change.taught[i] = !renamed[i] && moves[i] && learned_q[i] && !robbed_q[i] && !other[i];
      contradicted[i]    = !learn[i] && enable[i] && (taken[i] ||
                                                     (named[i] && locate[i] != its_locate));
      known[i] = learned[i] ? m_locate[i] : locate[i];
      untold[i] = acts && enable[i] && !(blank[i] && symbol[i] != its_symbol) &&
                  (symbol[i] == its_symbol) != (known[i] == its_locate);
    end
    doubt = (doubt_q | (taken & learn & enable)) & ~named;
    if (undone) doubt = (opens ? doubt_q : doubt_before_q) | (taken & learn & enable);
    known_before = opens ? known : known_before_q;
    taught = (opens ? '0 : taught_q) | teaches;
    back = undone ? taught : '0;
    recent = change | change1_q | change2_q;
    counts = '{disabled: {SLOTS{flows}}, taught: {SLOTS{flows}}, default: {SLOTS{flows || told}}};
    turns = recent & counts;
    if (halts) begin
      turns.enabled = turns.enabled | enabled3_q;
      turns.moved   = turns.moved | moved3_q;
    end
    turning = turns.disabled | turns.enabled | turns.moved | turns.taught | contradicted | untold |
              (flows ? doubt : '0);
  end

  always_ff @(posedge clk) begin
    enable_q  <= enable;
    locate_q  <= locate;
    symbol_q  <= symbol;
    flowing_q <= flows;
    told_q    <= told;
    change1_q <= change & ~counts;
    change2_q <= change1_q & ~counts;
    enabled3_q <= change2_q.enabled & ~counts.enabled;
    moved3_q <= change2_q.moved & ~counts.moved;
    doubt_q   <= flows ? '0 : doubt;
    if (opens) doubt_before_q <= doubt_q;
    known_before_q  <= known_before;
    taught_q        <= undone ? '0 : taught;
    learned         <= teaches | back;
    learned_q       <= learned;
    taught_locate_q <= m_locate;
    robbed          <= taken & learn & ~back;  // in doubt already
    robbed_q        <= robbed;
    for (int unsigned i = 0; i < SLOTS; i++) begin
      m_locate[i] <= '0;
      if (named[i] && learn[i]) m_locate[i] <= its_locate;
      if (back[i]) m_locate[i] <= known_before[i];
    end
    turned                 <= turning;
    path_events            <= '0;
    path_events.late_slots <= 4'($countones(turning));
    turned_reason          <= REASON_RELOCATED;
    if (turns.enabled != '0) turned_reason <= REASON_NO_START;
    if (turns.disabled != '0) turned_reason <= REASON_NOT_ENABLED;
    if (over || rst) begin
      flowing_q   <= 1'b0;
      told_q      <= 1'b0;
      change1_q   <= '0;
      change2_q   <= '0;
      enabled3_q  <= '0;
      moved3_q    <= '0;
      doubt_q     <= '0;
      turned      <= '0;
      path_events <= '0;
    end
    if (rst) begin
      learned        <= '0;
      learned_q      <= '0;
      robbed         <= '0;
      robbed_q       <= '0;
      taught_q       <= '0;
      doubt_before_q <= '0;
    end
  end

  logic unused;
  assign unused = &{1'b0, bytes};
endmodule

`default_nettype wire
