// Properties of slot_follow: settings, orders, ends of sessions and directory messages are anything.
// A property looks back from the cycle after what turns a slot: _q is that cycle, _2q the one before
// it, _3q two before.
`default_nettype none

module slot_follow_props
  import tick_pkg::*;
  import itch_pkg::*;
#(
    localparam int unsigned KEPT = 40
) (
    input logic                    clk,
    input logic                    rst,
    input logic [ SLOTS-1:0]       enable,
    input logic [ SLOTS-1:0]       learn,
    input logic [ SLOTS-1:0][15:0] locate,
    input logic [ SLOTS-1:0][63:0] symbol,
    input logic                    order,
    input logic                    lost,
    input logic                    over,
    input logic                    opens,
    input logic                    undone,
    input logic                    s_valid,
    input logic [KEPT*8-1:0]       s_message
);
  logic [SLOTS-1:0] learned, turned;
  logic [SLOTS-1:0][15:0] m_locate;
  reason_e turned_reason;
  path_events_t path_events;
  slot_follow dut (.*);

  // The directory message of this cycle: whether it names a slot's symbol, and its locate.
  logic directory, acts, halts, breach;
  logic [15:0] its_locate;
  logic [63:0] its_symbol;
  logic [SLOTS-1:0] named, located, moved, renamed, switched;
  assign directory = s_valid && s_message[KEPT*8-1-:8] == "R";
  assign breach = s_valid && s_message[KEPT*8-1-:8] == "W";
  assign acts = s_valid && (s_message[KEPT*8-1-:8] == "h" || s_message[KEPT*8-1-:8] == "H");
  assign halts = acts && (s_message[KEPT*8-1-:8] == "h" || s_message[(KEPT-19)*8-1-:8] != "T");
  assign its_locate = s_message[KEPT*8-9-:16];
  assign its_symbol = s_message[(KEPT-11)*8-1-:64];
  logic [SLOTS-1:0] teaches, teaches_q;  // named, or its locate another's, which takes it
  logic [SLOTS-1:0] takes, takes_q, takes_2q;
  logic started_q = 1'b0;
  logic [SLOTS-1:0] enable_q, learn_q, named_q, located_q, named_enabled_q;
  // By the host: enabled, or moved without what was learned.
  logic [SLOTS-1:0]
      changed, changed_q, changed_2q, changed_3q, hosts, hosts_q, hosts_2q, hosts_3q, hosts_4q;
  logic [SLOTS-1:0] learned_q, taught, taught_q, back_q;
  logic [SLOTS-1:0] other;  // the host wrote another locate than what the slot was told
  logic [SLOTS-1:0][15:0] learned_locate_q;
  logic [SLOTS-1:0][63:0] symbol_q;
  logic [SLOTS-1:0][15:0] locate_q, had, had_q, back_locate_q;
  logic halts_q, tells_q, told_q, told_2q, told_3q;  // a halt; or a directory message
  // An H or h named its symbol by another locate than it has or learned, or this by another symbol.
  logic [SLOTS-1:0] untold_q;
  logic opened_q = 1'b0;  // nothing is undone before a frame has opened
  logic directory_q, order_q, ends, ends_q, ends_2q, ends_3q, ends_4q;
  logic
      rst_q,
      flowed_q,
      flowed_2q,
      flowed_3q,
      said_q,
      said_2q;  // an order had come, or a directory message, in the session
  logic [15:0] its_locate_q;
  always_comb begin
    for (int unsigned i = 0; i < SLOTS; i++) begin
      named[i] = directory && symbol[i] == its_symbol;
      located[i] = enable[i] && locate[i] == its_locate;
      takes[i]   = learn[i] && directory && locate[i] == its_locate && !named[i] &&
                   symbol[i] != '0 && symbol[i] != "        ";
      teaches[i] = (learn[i] && named[i]) || takes[i];
      switched[i] = enable[i] != enable_q[i];
      renamed[i] = enable[i] && enable_q[i] && symbol[i] != symbol_q[i];
      other[i] = learned_q[i] && locate[i] != learned_locate_q[i];
      moved[i] = enable[i] && enable_q[i] &&
                 ((locate[i] != locate_q[i] && !takes_2q[i]) || other[i]);
    end
  end
  assign changed = switched | moved | renamed;
  assign hosts   = (switched & enable) | (moved & (~learned_q | other)) | renamed;
  assign taught  = (opens ? '0 : taught_q) | teaches;
  always_comb begin
    had = had_q;
    for (int unsigned i = 0; i < SLOTS; i++) begin
      if (opens) had[i] = learned[i] ? m_locate[i] : locate[i];
    end
  end
  assign ends = rst || over;
  always_ff @(posedge clk) begin
    started_q        <= started_q || rst;
    enable_q         <= enable;
    locate_q         <= locate;
    symbol_q         <= symbol;
    learn_q          <= learn;
    named_q          <= named;
    teaches_q        <= teaches;
    takes_q          <= undone || rst ? takes & ~taught & {SLOTS{!rst}} : takes;
    takes_2q         <= rst ? '0 : takes_q;
    located_q        <= located;
    named_enabled_q  <= named & enable;
    changed_q        <= changed;
    changed_2q       <= changed_q;
    changed_3q       <= changed_2q;
    directory_q      <= directory;
    its_locate_q     <= its_locate;
    order_q          <= order || lost || breach;
    hosts_q          <= hosts;
    hosts_2q         <= hosts_q;
    hosts_3q         <= hosts_2q;
    hosts_4q         <= hosts_3q;
    learned_q        <= rst ? '0 : learned;
    learned_locate_q <= m_locate;
    taught_q         <= rst || undone ? '0 : taught;
    back_q           <= undone && !rst ? taught : '0;
    had_q            <= had;
    back_locate_q    <= had;
    halts_q          <= halts;
    tells_q          <= halts || directory;
    for (int unsigned i = 0; i < SLOTS; i++) begin
      untold_q[i] <= acts && enable[i] &&
                     (symbol[i] == its_symbol ?
                      its_locate != (learned[i] ? m_locate[i] : locate[i]) :
                      symbol[i] != "        " && symbol[i] != '0 &&
                      its_locate == (learned[i] ? m_locate[i] : locate[i]));
    end
    opened_q  <= opened_q || opens;
    told_q    <= !ends && (told_q || halts || directory);
    told_2q   <= told_q;
    told_3q   <= told_2q;
    ends_q    <= ends;
    ends_2q   <= ends_q;
    ends_3q   <= ends_2q;
    ends_4q   <= ends_3q;
    flowed_q  <= !ends && (flowed_q || order || lost || breach);
    flowed_2q <= flowed_q;
    flowed_3q <= flowed_2q;
    rst_q     <= rst;
    said_2q   <= said_q || directory || undone;
    said_q    <= !ends && (said_q || directory || undone);
  end

  // Said by the cycle that _q is; by then the orders of that cycle count, too.
  logic [SLOTS-1:0] lately, hosts_lately, halts_lately;
  always_comb begin
    lately = changed_q;
    hosts_lately = hosts_q;
    if (!ends_2q) begin
      lately = lately | changed_2q;
      hosts_lately = hosts_lately | hosts_2q;
    end
    if (!ends_2q && !ends_3q) begin
      lately = lately | changed_3q;
      hosts_lately = hosts_lately | hosts_3q;
    end
    halts_lately = hosts_lately;
    if (!ends_2q && !ends_3q && !ends_4q) halts_lately = halts_lately | hosts_4q;
  end

  for (genvar i = 0; i < SLOTS; i++) begin : gen_slot
    always_ff @(posedge clk) begin
      if (started_q) begin
        before_is_known : assert (!opened_q || dut.known_before_q[i] == had_q[i]);
        learned_its_locate :
        assert (!learned[i] || (back_q[i] && !opened_q) ||
                m_locate[i] == (back_q[i] ? back_locate_q[i] : named_q[i] ? its_locate_q : '0));
      end
    end
  end
  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    if (started_q) begin
      nothing_after_an_end : assert (!ends_q || turned == '0);
      learned_is_named : assert (learned == (rst_q ? '0 : teaches_q | back_q));
      if (!ends_q) begin
        // An order came before, or with it.
        a_change_turns : assert (!(flowed_2q || order_q) || (changed_q & ~turned) == '0);
        // It comes after: then nothing had been turned for that.
        an_order_just_after_turns :
        assert (!order_q || flowed_2q || told_2q || (lately & ~turned) == '0);
        a_change_by_the_host_turns : assert (!(told_2q || tells_q) || (hosts_q & ~turned) == '0);
        what_it_missed_just_after_turns :
        assert (!tells_q || told_2q || flowed_2q || (hosts_lately & ~turned) == '0);
        a_halt_just_after_turns :
        assert (!halts_q || told_2q || flowed_2q || (halts_lately & ~turned) == '0);
        only_for_a_reason :
        assert (turned == '0 || flowed_2q || order_q || told_2q || tells_q || untold_q != '0);
        only_what_changed_or_was_named :
        assert ((turned & ~lately & ~halts_lately & ~untold_q) == '0 || directory_q || said_2q);
        untold_turns : assert ((untold_q & ~turned) == '0);
        elsewhere_turns : assert ((named_enabled_q & ~located_q & ~learn_q & ~turned) == '0);
        reasons :
        assert (turned == '0 ||
                turned_reason inside {REASON_NOT_ENABLED, REASON_NO_START, REASON_RELOCATED});
        counted : assert (path_events.late_slots == 4'($countones(turned)));
      end
      // What makes it inductive.
      flow_known : assert (dut.flowing_q == flowed_q);
      before_known :
      assert (dut.enable_q == enable_q && dut.locate_q == locate_q && dut.symbol_q == symbol_q);
      change_known :
      assert ((dut.change1_q.disabled | dut.change1_q.taught) ==
              (ends_q || flowed_q ? '0 : changed_q & ~hosts_q));
      hosts_change_known :
      assert ((dut.change1_q.enabled | dut.change1_q.moved) ==
              (ends_q || flowed_q || told_q ? '0 : hosts_q));
      change_before_known :
      assert ((dut.change2_q.disabled | dut.change2_q.taught) ==
              (ends_q || ends_2q || flowed_q || flowed_2q ? '0 : changed_2q & ~hosts_2q));
      hosts_change_before_known :
      assert ((dut.change2_q.enabled | dut.change2_q.moved) == (ends_q || ends_2q || flowed_q ||
              flowed_2q || told_q || told_2q ? '0 : hosts_2q));
      hosts_change_long_before_known :
      assert ((dut.enabled3_q | dut.moved3_q) == (ends_q || ends_2q || ends_3q ||
              flowed_q || flowed_2q || flowed_3q || told_q || told_2q || told_3q ? '0 : hosts_3q));
      told_known : assert (dut.told_q == told_q);
      learned_known : assert (dut.learned_q == learned_q);
      taught_known : assert (dut.taught_q == taught_q);
      taught_locate_known : assert (dut.taught_locate_q == learned_locate_q);
      taken_known : assert (dut.robbed == takes_q && dut.robbed_q == takes_2q);
      doubt_known : assert (said_q || dut.doubt_q == '0);
      forgets : cover (back_q != '0 && learned != '0);
      halted :
      cover ((turned & ~untold_q) != '0 && told_2q && !flowed_2q && !order_q && !directory_q);
      written_as_it_is_told : cover (started_q && other == 8'h04 && (hosts & ~switched) == 8'h04);
      untold : cover (untold_q == 8'h02 && turned == 8'h02);
      a_session : cover (turned == 8'h81 && turned_reason == REASON_NO_START);
      moves : cover (turned == 8'h10 && turned_reason == REASON_RELOCATED && !directory_q);
      doubts :
      cover (turned == 8'h20 && order_q && turned_reason == REASON_RELOCATED &&
                      changed_q == '0 && !directory_q);
    end
  end
endmodule

`default_nettype wire
