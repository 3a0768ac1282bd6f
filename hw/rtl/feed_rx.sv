// feed_rx: from the frames of feeds A and B (index 0 is A) to one stream of book operations.
//
// What: it joins mac_rx, udp_rx and mold_rx for each feed with mold_merge and itch_parse, or, with
// DEEP, iextp_rx and deep_parse in their places; what each does stands there, with slot_follow
// beside them, and what m_op, host_… and the events are too. any_group and any_port take what is
// for any. gap_first and gap_count are the last gap's messages from the cycle of path_events.gaps
// on. tap is what itch_parse reads, as mold_merge gives it; the bits of its fields that a width
// doesn't have are 0.
//
// Timing: a message's operation is presented LATENCY cycles after the edge that accepts the
// message's last byte, always: 3 at W = 8, 5 at W = 64; with DEEP 4 and 5. Throughput: a beat each
// cycle of both feeds; there is no backpressure. Reset forgets frames and session.
//
// Rules: `lost`, with lost_reason (messages are missing for any slot, or can't be read: as
// mold_merge and itch_parse say; of two reasons the first of the list), `session_ended` (or another
// one may follow: resynchronise), `session_begins` (with its message 1, or by any_start) and
// `bad_frame` (the operations since its first one may be wrong, and come again if the other feed
// has them) are pulses in order with m_valid: a loss or an end comes after the operations before it
// and before those behind it, each at least a cycle apart, but that a gap which is a bad frame's
// doing may come with the last before it, one that is said amid the other feed's packet and
// other_session at any time, and parse_error at W = 64 with the operation before it; a bad frame
// comes after its last operation, and before any of another frame.
//
// market says of each slot what market_state does; an operation but a stale has it, of its slot, as
// its reason: what was known before its message came.
//
// turned, with turned_reason, comes before the first operation that follows what the registers say
// since, or with it. hears are the enabled slots but for those whose locate a lower one has
// (slot_hears): for slot_follow and the parser the others aren't enabled. follows are those that
// hear an instrument.
//
// Rules, DEEP: a slot follows an instrument by `symbol` alone; locate and learn are no matter, and
// nothing is learned. A symbol that changes is a slot that follows another: relocated. An H or O
// that halts counts for slot_follow as an order does.
// last_of_packet ends an event. session is the message protocol (16 bits), channel and session (32
// each). midnight is when the day began in New York, in nanoseconds since 1970. With any_start no
// session begins for deep_parse: what was halted before isn't known.
//
// Not: it does not keep what it learned: `learned` and learned_locate are for registers.
`default_nettype none

module feed_rx
  import tick_pkg::*;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    parameter int unsigned MIN_BYTES = 64,  // of a frame, check sequence included
    parameter int unsigned MAX_BYTES = 9026,  // likewise; 9018 and two tags
    parameter int unsigned HOLD_BYTES = 8192,  // of each feed, that wait for what is missing
    parameter int unsigned HOLD_PACKETS = 64,  // likewise
    parameter bit DEEP = 1'b0,  // IEX DEEP on IEX-TP, not ITCH on MoldUDP64
    localparam int unsigned LANES = W / 8,
    localparam int unsigned LANE_W = $clog2(LANES + 1),
    localparam int unsigned SESSION_W = 80,
    localparam int unsigned HOST_W = 320
) (
    input logic clk,
    input logic rst,
    input logic [CYCLE_W-1:0] cycle,
    input logic [1:0] feed_enable,
    input logic [1:0] any_group,
    input logic [1:0] any_port,
    input logic [1:0][31:0] group,
    input logic [1:0][15:0] port,
    input logic resynchronise,
    input logic any_start,
    input logic any_hours,
    input logic open_market,
    input logic [23:0] window,
    input logic [SLOTS-1:0] enable,
    input logic [SLOTS-1:0] learn,
    input logic [SLOTS-1:0][15:0] locate,
    input logic [SLOTS-1:0][63:0] symbol,
    input logic [63:0] midnight,
    input logic [1:0][W-1:0] s_axis_tdata,
    input logic [1:0][LANES-1:0] s_axis_tkeep,
    input logic [1:0] s_axis_tvalid,
    input logic [1:0] s_axis_tlast,
    input logic [1:0] s_axis_tuser,
    output logic m_valid,
    output book_op_t m_op,
    output logic lost,
    output reason_e lost_reason,
    output logic session_ended,
    output logic session_begins,
    output logic bad_frame,
    output logic [SLOTS-1:0] turned,
    output reason_e turned_reason,
    output logic [SLOTS-1:0] hears,
    output logic [SLOTS-1:0] follows,
    output reason_e [SLOTS-1:0] market,
    output logic [15:0] doubts,
    output logic host_valid,
    output logic [HOST_W-1:0] host_message,
    output logic [SLOTS-1:0][15:0] learned_locate,
    output logic [SLOTS-1:0] learned,
    output logic followed,
    output logic in_session,
    output logic [SESSION_W-1:0] session,
    output logic [SEQUENCE_W-1:0] next,
    output logic [SEQUENCE_W-1:0] gap_first,
    output logic [SEQUENCE_W-1:0] gap_count,
    output tap_t tap,
    output feed_events_t [1:0] feed_events,
    output path_events_t path_events
);
  if (W != 8 && W != 64) $error("feed_rx: W must be 8 or 64");

  localparam int unsigned POSITION_W = 15;

  // Each mold_rx.
  logic [1:0] header, valid, last, start, ended, wrong;
  logic [1:0][ SESSION_W-1:0] its_session;
  logic [1:0][SEQUENCE_W-1:0] its_sequence_number;
  logic [1:0][SEQUENCE_W-1:0] reach;
  logic [1:0][15:0] count, length;
  logic [1:0][W-1:0] data;
  logic [1:0][CYCLE_W-1:0] stamp, frame_stamp;
  logic [1:0][LANE_W-1:0] tail, lane;
  logic [1:0][2:0] runts;

  // What line_hold asks mold_merge, and line_wait both.
  logic quiet;
  logic [1:0] acted, refused, may_gap, released, head, head_ahead, pending, coming, crowded;
  logic [1:0][SEQUENCE_W-1:0] head_number, coming_number;

  // Each block's events are 0 but for its own.
  feed_events_t [1:0] mac_events, udp_events, mold_events, hold_events, merge_feed_events;
  path_events_t merge_path_events, parse_events, follow_events;
  assign feed_events = mac_events | udp_events | mold_events | hold_events | merge_feed_events;
  assign path_events = merge_path_events | parse_events | follow_events;

  for (genvar f = 0; f < 2; f++) begin : gen_feed
    logic [W-1:0] mac_data;
    logic [LANES-1:0] mac_keep;
    logic mac_valid, mac_first, mac_end, mac_error;
    logic [CYCLE_W-1:0] mac_cycle;
    logic [POSITION_W-1:0] position;
    logic accept, accepted, udp_error;
    logic [15:0] udp_length;

    mac_rx #(
        .W(W),
        .MIN_BYTES(MIN_BYTES),
        .MAX_BYTES(MAX_BYTES)
    ) mac_rx_i (
        .clk          (clk),
        .rst          (rst),
        .cycle        (cycle),
        .s_axis_tdata (s_axis_tdata[f]),
        .s_axis_tkeep (s_axis_tkeep[f]),
        .s_axis_tvalid(s_axis_tvalid[f]),
        .s_axis_tlast (s_axis_tlast[f]),
        .s_axis_tuser (s_axis_tuser[f]),
        .m_axis_tdata (mac_data),
        .m_axis_tkeep (mac_keep),
        .m_axis_tvalid(mac_valid),
        .m_first      (mac_first),
        .m_cycle      (mac_cycle),
        .m_end        (mac_end),
        .m_error      (mac_error),
        .feed_events  (mac_events[f])
    );

    udp_rx #(
        .W(W)
    ) udp_rx_i (
        .clk          (clk),
        .rst          (rst),
        .enable       (feed_enable[f]),
        .any_group    (any_group[f]),
        .any_port     (any_port[f]),
        .group        (group[f]),
        .port         (port[f]),
        .s_axis_tdata (mac_data),
        .s_axis_tkeep (mac_keep),
        .s_axis_tvalid(mac_valid),
        .s_first      (mac_first),
        .s_end        (mac_end),
        .s_error      (mac_error),
        .position     (position),
        .accept       (accept),
        .length       (udp_length),
        .accepted     (accepted),
        .m_error      (udp_error),
        .feed_events  (udp_events[f])
    );

    // The packets of mold_rx or iextp_rx, which go through line_hold.
    logic mold_header, mold_valid, mold_last, mold_start, mold_ended, mold_wrong;
    logic [SESSION_W-1:0] mold_session;
    logic [SEQUENCE_W-1:0] mold_sequence_number, mold_reach;
    logic [15:0] mold_count, mold_length;
    logic [W-1:0] mold_data;
    logic [CYCLE_W-1:0] mold_stamp, mold_frame_stamp;
    logic [LANE_W-1:0] mold_tail, mold_lane;
    logic [2:0] mold_runts;

    if (DEEP) begin : gen_iextp
      iextp_rx #(
          .W(W)
      ) iextp_rx_i (
          .clk            (clk),
          .rst            (rst),
          .s_axis_tdata   (mac_data),
          .s_axis_tkeep   (mac_keep),
          .s_axis_tvalid  (mac_valid),
          .s_first        (mac_first),
          .s_cycle        (mac_cycle),
          .s_end          (mac_end),
          .s_error        (udp_error),
          .position       (position),
          .accept         (accept),
          .length         (udp_length),
          .accepted       (accepted),
          .header         (mold_header),
          .session        (mold_session),
          .sequence_number(mold_sequence_number),
          .count          (mold_count),
          .reach          (mold_reach),
          .m_axis_tdata   (mold_data),
          .m_axis_tvalid  (mold_valid),
          .m_cycle        (mold_stamp),
          .m_frame_cycle  (mold_frame_stamp),
          .m_tail         (mold_tail),
          .m_last         (mold_last),
          .m_runts        (mold_runts),
          .m_start        (mold_start),
          .m_lane         (mold_lane),
          .m_length       (mold_length),
          .m_end          (mold_ended),
          .m_error        (mold_wrong),
          .feed_events    (mold_events[f])
      );
    end else begin : gen_mold
      mold_rx #(
          .W(W)
      ) mold_rx_i (
          .clk            (clk),
          .rst            (rst),
          .s_axis_tdata   (mac_data),
          .s_axis_tkeep   (mac_keep),
          .s_axis_tvalid  (mac_valid),
          .s_first        (mac_first),
          .s_cycle        (mac_cycle),
          .s_end          (mac_end),
          .s_error        (udp_error),
          .position       (position),
          .accept         (accept),
          .length         (udp_length),
          .accepted       (accepted),
          .header         (mold_header),
          .session        (mold_session),
          .sequence_number(mold_sequence_number),
          .count          (mold_count),
          .reach          (mold_reach),
          .m_axis_tdata   (mold_data),
          .m_axis_tvalid  (mold_valid),
          .m_cycle        (mold_stamp),
          .m_frame_cycle  (mold_frame_stamp),
          .m_tail         (mold_tail),
          .m_last         (mold_last),
          .m_runts        (mold_runts),
          .m_start        (mold_start),
          .m_lane         (mold_lane),
          .m_length       (mold_length),
          .m_end          (mold_ended),
          .m_error        (mold_wrong),
          .feed_events    (mold_events[f])
      );
    end

    line_hold #(
        .W(W),
        .BEATS(HOLD_BYTES / LANES),
        .PACKETS(HOLD_PACKETS)
    ) line_hold_i (
        .clk              (clk),
        .rst              (rst),
        .clear            (resynchronise),
        .acted            (acted[f]),
        .refused          (refused[f]),
        .quiet            (quiet),
        .followed         (followed),
        .session          (session),
        .next             (next),
        .released         (released[f]),
        .head             (head[f]),
        .head_ahead       (head_ahead[f]),
        .head_number      (head_number[f]),
        .pending          (pending[f]),
        .coming           (coming[f]),
        .coming_number    (coming_number[f]),
        .crowded          (crowded[f]),
        .s_header         (mold_header),
        .s_session        (mold_session),
        .s_sequence_number(mold_sequence_number),
        .s_count          (mold_count),
        .s_reach          (mold_reach),
        .s_axis_tdata     (mold_data),
        .s_axis_tvalid    (mold_valid),
        .s_cycle          (mold_stamp),
        .s_frame_cycle    (mold_frame_stamp),
        .s_tail           (mold_tail),
        .s_last           (mold_last),
        .s_runts          (mold_runts),
        .s_start          (mold_start),
        .s_lane           (mold_lane),
        .s_length         (mold_length),
        .s_end            (mold_ended),
        .s_error          (mold_wrong),
        .m_header         (header[f]),
        .m_may_gap        (may_gap[f]),
        .m_session        (its_session[f]),
        .m_sequence_number(its_sequence_number[f]),
        .m_count          (count[f]),
        .m_reach          (reach[f]),
        .m_axis_tdata     (data[f]),
        .m_axis_tvalid    (valid[f]),
        .m_cycle          (stamp[f]),
        .m_frame_cycle    (frame_stamp[f]),
        .m_tail           (tail[f]),
        .m_last           (last[f]),
        .m_runts          (runts[f]),
        .m_start          (start[f]),
        .m_lane           (lane[f]),
        .m_length         (length[f]),
        .m_end            (ended[f]),
        .m_error          (wrong[f]),
        .feed_events      (hold_events[f])
    );
  end

  line_wait line_wait_i (
      .clk            (clk),
      .rst            (rst),
      .window         (window),
      .quiet          (quiet),
      .acted          (acted != '0),
      .s_head         (head),
      .s_ahead        (head_ahead),
      .s_number       (head_number),
      .s_pending      (pending),
      .s_coming       (coming),
      .s_coming_number(coming_number),
      .s_crowded      (crowded),
      .released       (released)
  );

  logic missing, over, bad, undone, unread, order, opens, begins;
  logic frame_opens, feed_undone;  // as gen_at_once or gen_later has them, as session_begins
  reason_e missing_reason;
  logic [W-1:0] merged_data;
  logic merged_valid, merged_last, merged_start, merged_last_of_packet;
  logic [CYCLE_W-1:0] merged_stamp, merged_frame_stamp;
  logic [LANE_W-1:0] merged_tail, merged_lane;
  logic [2:0] merged_runts;
  logic [15:0] merged_length;
  logic [SEQUENCE_W-1:0] merged_number;
  mold_merge #(
      .W(W)
  ) mold_merge_i (
      .clk              (clk),
      .rst              (rst),
      .resynchronise    (resynchronise),
      .any_start        (any_start),
      .hold             (window != '0),
      .s_header         (header),
      .s_may_gap        (may_gap),
      .s_session        (its_session),
      .s_sequence_number(its_sequence_number),
      .s_count          (count),
      .s_reach          (reach),
      .s_axis_tdata     (data),
      .s_axis_tvalid    (valid),
      .s_cycle          (stamp),
      .s_frame_cycle    (frame_stamp),
      .s_tail           (tail),
      .s_last           (last),
      .s_runts          (runts),
      .s_start          (start),
      .s_lane           (lane),
      .s_length         (length),
      .s_end            (ended),
      .s_error          (wrong),
      .acted            (acted),
      .refused          (refused),
      .begins           (begins),
      .opens            (opens),
      .quiet            (quiet),
      .m_axis_tdata     (merged_data),
      .m_axis_tvalid    (merged_valid),
      .m_cycle          (merged_stamp),
      .m_frame_cycle    (merged_frame_stamp),
      .m_tail           (merged_tail),
      .m_last           (merged_last),
      .m_runts          (merged_runts),
      .m_start          (merged_start),
      .m_lane           (merged_lane),
      .m_length         (merged_length),
      .sequence_number  (merged_number),
      .last_of_packet   (merged_last_of_packet),
      .followed         (followed),
      .in_session       (in_session),
      .session          (session),
      .next             (next),
      .gap_first        (gap_first),
      .gap_count        (gap_count),
      .bad_frame        (bad),
      .undone           (undone),
      .lost             (missing),
      .lost_reason      (missing_reason),
      .over             (over),
      .feed_events      (merge_feed_events),
      .path_events      (merge_path_events)
  );
  assign tap = '{
          valid: merged_valid,
          data: 64'(merged_data),
          tail: 4'(merged_tail),
          last: merged_last,
          runts: merged_runts,
          start: merged_start,
          lane: 4'(merged_lane),
          length: merged_length,
          sequence_number: merged_number,
          last_of_packet: merged_last_of_packet,
          frame_cycle: merged_frame_stamp,
          message_cycle: merged_stamp
      };

  // ITCH's instrument has a locate; DEEP's is its symbol.
  localparam int unsigned NAME_W = DEEP ? 64 : 16;
  logic [SLOTS-1:0][NAME_W-1:0] names;
  if (DEEP) assign names = symbol;
  else assign names = locate;
  slot_hears #(
      .NAME_W(NAME_W)
  ) slot_hears_i (
      .s_enable (enable),
      .s_name   (names),
      .m_hears  (hears),
      .m_follows(follows)
  );
  logic directory_valid;
  book_op_t parsed;
  if (DEEP) begin : gen_deep
    deep_parse #(
        .W(W)
    ) deep_parse_i (
        .clk            (clk),
        .rst            (rst),
        .enable         (hears),
        .symbol         (symbol),
        .midnight       (midnight),
        .over           (over),
        .begins         (begins),
        .opens          (opens),
        .bad_frame      (bad),
        .missing        (missing),
        .s_axis_tdata   (merged_data),
        .s_axis_tvalid  (merged_valid),
        .s_cycle        (merged_stamp),
        .s_frame_cycle  (merged_frame_stamp),
        .s_tail         (merged_tail),
        .s_last         (merged_last),
        .s_runts        (merged_runts),
        .s_start        (merged_start),
        .s_lane         (merged_lane),
        .s_length       (merged_length),
        .sequence_number(merged_number),
        .m_valid        (m_valid),
        .m_op           (parsed),
        .host_valid     (host_valid),
        .host_message   (host_message),
        .order          (order),
        .lost           (unread),
        .path_events    (parse_events)
    );

    assign directory_valid = 1'b0;
  end else begin : gen_itch
    itch_parse #(
        .W(W)
    ) itch_parse_i (
        .clk            (clk),
        .rst            (rst),
        .enable         (hears),
        .locate         (locate),
        .s_axis_tdata   (merged_data),
        .s_axis_tvalid  (merged_valid),
        .s_cycle        (merged_stamp),
        .s_frame_cycle  (merged_frame_stamp),
        .s_tail         (merged_tail),
        .s_last         (merged_last),
        .s_runts        (merged_runts),
        .s_start        (merged_start),
        .s_lane         (merged_lane),
        .s_length       (merged_length),
        .sequence_number(merged_number),
        .last_of_packet (merged_last_of_packet),
        .m_valid        (m_valid),
        .m_op           (parsed),
        .host_valid     (host_valid),
        .host_message   (host_message),
        .order          (order),
        .lost           (unread),
        .path_events    (parse_events)
    );
    assign directory_valid = host_valid;

    logic unused;
    assign unused = &{1'b0, midnight};
  end

  always_comb begin
    m_op = parsed;
    if (parsed.operation != OPERATION_STALE) m_op.reason = market[parsed.slot];
  end
  logic [SLOTS-1:0] unread_of;  // a message of theirs can't be read: it may have been an h
  always_comb begin
    unread_of = '0;
    if (m_valid && parsed.operation == OPERATION_STALE) unread_of[parsed.slot] = 1'b1;
  end
  logic [SLOTS-1:0] resumed;
  always_comb begin
    resumed = '0;
    if (m_valid && parsed.operation == OPERATION_RESUME) resumed[parsed.slot] = 1'b1;
  end
  market_state #(
      .DEEP(DEEP)
  ) market_state_i (
      .clk          (clk),
      .rst          (rst),
      .any_hours    (any_hours),
      .open_market  (open_market),
      .learn        (learn),
      .locate       (locate),
      .symbol       (symbol),
      .s_valid      (host_valid),
      .s_message    (host_message),
      .resumed      (resumed),
      .opens        (frame_opens),
      .bad_frame    (bad_frame),
      .lost         (lost),
      .session_ended(session_ended),
      .begins       (session_begins),
      .turned       (turned | unread_of),
      .market       (market),
      .doubts       (doubts)
  );

  slot_follow slot_follow_i (
      .clk          (clk),
      .rst          (rst),
      .enable       (hears),
      .learn        (learn),
      .locate       (DEEP ? '0 : locate),
      .symbol       (symbol),
      .order        (order),
      .lost         (lost),
      .over         (session_ended),
      .opens        (frame_opens),
      .undone       (feed_undone),
      .s_valid      (directory_valid),
      .s_message    (host_message),
      .learned      (learned),
      .m_locate     (learned_locate),
      .turned       (turned),
      .turned_reason(turned_reason),
      .path_events  (follow_events)
  );

  // mold_merge's pulses come 1 cycle after a frame's end, or 2 after a header. The last beat
  // before either is a cycle older than the end, or two older than the header; the first behind a
  // header is 2 cycles younger. An operation of ITCH comes 1 cycle after its beat at W = 8: there
  // that is in order; at W = 64, and of DEEP, it comes 2 after. What can't be read is said 2 cycles
  // after the beat: at W = 8 no operation is as near.
  logic merge_lost;
  reason_e merge_reason;
  if (W == 8 && !DEEP) begin : gen_at_once
    assign {merge_lost, session_ended, bad_frame} = {missing, over, bad};
    assign merge_reason = missing_reason;
    assign session_begins = begins;
    assign feed_undone = undone;
    assign frame_opens = opens;
  end else begin : gen_later
    always_ff @(posedge clk) begin
      {merge_lost, session_ended, bad_frame} <= {missing, over, bad};
      merge_reason <= missing_reason;
      session_begins <= begins;
      feed_undone <= undone;
      frame_opens <= opens;
      if (rst) begin
        {merge_lost, session_ended, bad_frame, session_begins} <= '0;
        {feed_undone, frame_opens} <= '0;
      end
    end
  end
  assign lost = merge_lost || unread;
  assign lost_reason = unread && !(merge_lost && merge_reason == REASON_GAP) ? REASON_PARSE_ERROR :
                                                                               merge_reason;
endmodule

`default_nettype wire
