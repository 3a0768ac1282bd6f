// feed_rx: from the frames of feeds A and B (index 0 is A) to one stream of book operations.
//
// It joins mac_rx, udp_rx and mold_rx for each feed with mold_merge and itch_parse; what each does
// stands there, and what `m_op`, host_… and the counters are too. A message's operation is presented
// LATENCY cycles after the edge that accepts the message's last byte, always: 3 at W = 8, 5 at
// W = 64. `gap` (messages are missing, or a bad frame's doing can't be told from another's),
// `session_ended` (or another one may follow: resynchronise) and `bad_frame` (the operations since
// its first one may be wrong, and come again if the other feed has them) are pulses in order with
// m_valid: a gap or an end comes after the operations before it and before those behind it, each at
// least a cycle apart, but that a gap which is a bad frame's doing may come with the last before it;
// a bad frame comes after its last operation, and before any of another frame.
// gap_first and gap_count tell the last gap's messages from the cycle of the counter `gaps` on. The
// counters are pulses, by feed where they are two bits wide, wrong_lengths and messages are numbers.
// tap_… is what itch_parse reads, as mold_merge says it. any_group and any_port take what is for
// any. Throughput: a beat each cycle of both feeds; there is no backpressure. Reset forgets
// frames and session. It does not keep what it learned: `learned` and host_locate are for registers.
`default_nettype none

module feed_rx
  import tick_pkg::*;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    parameter int unsigned MIN_BYTES = 64,  // of a frame, check sequence included
    parameter int unsigned MAX_BYTES = 1522,  // likewise; 1518 and a VLAN tag
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
    input logic [SLOTS-1:0] enable,
    input logic [SLOTS-1:0] learn,
    input logic [SLOTS-1:0][15:0] locate,
    input logic [SLOTS-1:0][63:0] symbol,
    input logic [1:0][W-1:0] s_axis_tdata,
    input logic [1:0][LANES-1:0] s_axis_tkeep,
    input logic [1:0] s_axis_tvalid,
    input logic [1:0] s_axis_tlast,
    input logic [1:0] s_axis_tuser,
    output logic m_valid,
    output book_op_t m_op,
    output logic gap,
    output logic session_ended,
    output logic bad_frame,
    output logic host_valid,
    output logic [HOST_W-1:0] host_message,
    output logic [15:0] host_locate,
    output logic [SLOTS-1:0] learned,
    output logic followed,
    output logic [SESSION_W-1:0] session,
    output logic [SEQUENCE_W-1:0] next,
    output logic [SEQUENCE_W-1:0] gap_first,
    output logic [SEQUENCE_W-1:0] gap_count,
    output logic [W-1:0] tap_axis_tdata,
    output logic tap_axis_tvalid,
    output logic [CYCLE_W-1:0] tap_cycle,
    output logic [CYCLE_W-1:0] tap_frame_cycle,
    output logic [LANE_W-1:0] tap_tail,
    output logic tap_last,
    output logic [2:0] tap_runts,
    output logic tap_start,
    output logic [LANE_W-1:0] tap_lane,
    output logic [15:0] tap_length,
    output logic [SEQUENCE_W-1:0] tap_sequence_number,
    output logic tap_last_of_packet,
    output logic [1:0] frames,
    output logic [1:0] bad_preamble,
    output logic [1:0] receive_errors,
    output logic [1:0] long_frames,
    output logic [1:0] short_frames,
    output logic [1:0] bad_fcs,
    output logic [1:0] datagrams,
    output logic [1:0] other_protocol,
    output logic [1:0] bad_ip_header,
    output logic [1:0] ip_options,
    output logic [1:0] ip_fragments,
    output logic [1:0] bad_udp,
    output logic [1:0] filtered,
    output logic [1:0] truncated,
    output logic [1:0] message_overruns,
    output logic [1:0] packets,
    output logic [1:0] heartbeats,
    output logic [1:0] duplicates,
    output logic [1:0] other_session,
    output logic [1:0] feed_drops,
    output logic gaps,
    output logic sessions_ended,
    output logic [2:0] messages,
    output logic unknown_types,
    output logic [2:0] wrong_lengths,
    output logic status_messages,
    output logic other_instruments,
    output logic book_messages,
    output logic trade_messages
);
  if (W != 8 && W != 64) $error("feed_rx: W must be 8 or 64");

  localparam int unsigned POSITION_W = 14;

  // What each mold_rx says.
  logic [1:0] header, valid, last, start, ended, wrong;
  logic [1:0][ SESSION_W-1:0] its_session;
  logic [1:0][SEQUENCE_W-1:0] its_sequence_number;
  logic [1:0][SEQUENCE_W-1:0] reach;
  logic [1:0][15:0] count, length;
  logic [1:0][W-1:0] data;
  logic [1:0][CYCLE_W-1:0] stamp, frame_stamp;
  logic [1:0][LANE_W-1:0] tail, lane;
  logic [1:0][2:0] runts;

  for (genvar f = 0; f < 2; f++) begin : gen_feed
    logic [W-1:0] mac_data;
    logic [LANES-1:0] mac_keep;
    logic mac_valid, mac_first, mac_end, mac_error;
    logic [CYCLE_W-1:0] mac_cycle;
    logic [POSITION_W-1:0] position;
    logic accept, vlan, udp_error;
    logic [15:0] udp_length;
    logic overrun, unused;
    assign unused = &{1'b0, overrun};

    mac_rx #(
        .W(W),
        .MIN_BYTES(MIN_BYTES),
        .MAX_BYTES(MAX_BYTES)
    ) mac_rx_i (
        .clk           (clk),
        .rst           (rst),
        .cycle         (cycle),
        .s_axis_tdata  (s_axis_tdata[f]),
        .s_axis_tkeep  (s_axis_tkeep[f]),
        .s_axis_tvalid (s_axis_tvalid[f]),
        .s_axis_tlast  (s_axis_tlast[f]),
        .s_axis_tuser  (s_axis_tuser[f]),
        .m_axis_tdata  (mac_data),
        .m_axis_tkeep  (mac_keep),
        .m_axis_tvalid (mac_valid),
        .m_first       (mac_first),
        .m_cycle       (mac_cycle),
        .m_end         (mac_end),
        .m_error       (mac_error),
        .frames        (frames[f]),
        .bad_preamble  (bad_preamble[f]),
        .receive_errors(receive_errors[f]),
        .long_frames   (long_frames[f]),
        .short_frames  (short_frames[f]),
        .bad_fcs       (bad_fcs[f])
    );

    udp_rx #(
        .W(W)
    ) udp_rx_i (
        .clk           (clk),
        .rst           (rst),
        .enable        (feed_enable[f]),
        .any_group     (any_group[f]),
        .any_port      (any_port[f]),
        .group         (group[f]),
        .port          (port[f]),
        .s_axis_tdata  (mac_data),
        .s_axis_tkeep  (mac_keep),
        .s_axis_tvalid (mac_valid),
        .s_first       (mac_first),
        .s_end         (mac_end),
        .s_error       (mac_error),
        .position      (position),
        .accept        (accept),
        .vlan          (vlan),
        .length        (udp_length),
        .m_error       (udp_error),
        .datagrams     (datagrams[f]),
        .other_protocol(other_protocol[f]),
        .bad_ip_header (bad_ip_header[f]),
        .ip_options    (ip_options[f]),
        .ip_fragments  (ip_fragments[f]),
        .bad_udp       (bad_udp[f]),
        .filtered      (filtered[f]),
        .truncated     (truncated[f])
    );

    mold_rx #(
        .W(W)
    ) mold_rx_i (
        .clk             (clk),
        .rst             (rst),
        .s_axis_tdata    (mac_data),
        .s_axis_tkeep    (mac_keep),
        .s_axis_tvalid   (mac_valid),
        .s_first         (mac_first),
        .s_cycle         (mac_cycle),
        .s_end           (mac_end),
        .s_error         (udp_error),
        .position        (position),
        .accept          (accept),
        .vlan            (vlan),
        .length          (udp_length),
        .header          (header[f]),
        .session         (its_session[f]),
        .sequence_number (its_sequence_number[f]),
        .count           (count[f]),
        .reach           (reach[f]),
        .m_axis_tdata    (data[f]),
        .m_axis_tvalid   (valid[f]),
        .m_cycle         (stamp[f]),
        .m_frame_cycle   (frame_stamp[f]),
        .m_tail          (tail[f]),
        .m_last          (last[f]),
        .m_runts         (runts[f]),
        .m_start         (start[f]),
        .m_lane          (lane[f]),
        .m_length        (length[f]),
        .m_overrun       (overrun),
        .m_end           (ended[f]),
        .m_error         (wrong[f]),
        .message_overruns(message_overruns[f])
    );
  end

  logic lost, over, bad;
  mold_merge #(
      .W(W)
  ) mold_merge_i (
      .clk              (clk),
      .rst              (rst),
      .resynchronise    (resynchronise),
      .s_header         (header),
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
      .m_axis_tdata     (tap_axis_tdata),
      .m_axis_tvalid    (tap_axis_tvalid),
      .m_cycle          (tap_cycle),
      .m_frame_cycle    (tap_frame_cycle),
      .m_tail           (tap_tail),
      .m_last           (tap_last),
      .m_runts          (tap_runts),
      .m_start          (tap_start),
      .m_lane           (tap_lane),
      .m_length         (tap_length),
      .sequence_number  (tap_sequence_number),
      .last_of_packet   (tap_last_of_packet),
      .followed         (followed),
      .session          (session),
      .next             (next),
      .gap_first        (gap_first),
      .gap_count        (gap_count),
      .bad_frame        (bad),
      .lost             (lost),
      .over             (over),
      .packets          (packets),
      .heartbeats       (heartbeats),
      .duplicates       (duplicates),
      .other_session    (other_session),
      .feed_drops       (feed_drops),
      .gaps             (gaps),
      .sessions_ended   (sessions_ended),
      .messages         (messages)
  );

  itch_parse #(
      .W(W)
  ) itch_parse_i (
      .clk              (clk),
      .rst              (rst),
      .enable           (enable),
      .learn            (learn),
      .locate           (locate),
      .symbol           (symbol),
      .s_axis_tdata     (tap_axis_tdata),
      .s_axis_tvalid    (tap_axis_tvalid),
      .s_cycle          (tap_cycle),
      .s_frame_cycle    (tap_frame_cycle),
      .s_tail           (tap_tail),
      .s_last           (tap_last),
      .s_runts          (tap_runts),
      .s_start          (tap_start),
      .s_lane           (tap_lane),
      .s_length         (tap_length),
      .sequence_number  (tap_sequence_number),
      .last_of_packet   (tap_last_of_packet),
      .m_valid          (m_valid),
      .m_op             (m_op),
      .host_valid       (host_valid),
      .host_message     (host_message),
      .host_locate      (host_locate),
      .learned          (learned),
      .unknown_types    (unknown_types),
      .wrong_lengths    (wrong_lengths),
      .status_messages  (status_messages),
      .other_instruments(other_instruments),
      .book_messages    (book_messages),
      .trade_messages   (trade_messages)
  );

  // mold_merge says what it says 1 cycle after a frame's end, or 2 after a header. The last beat
  // before either is a cycle older than the end, or two older than the header; the first behind a
  // header is 2 cycles younger. An operation comes 1 cycle after its beat at W = 8: there that is
  // in order; at W = 64 it comes 2 after.
  if (W == 8) begin : gen_at_once
    assign {gap, session_ended, bad_frame} = {lost, over, bad};
  end else begin : gen_later
    always_ff @(posedge clk) begin
      {gap, session_ended, bad_frame} <= {lost, over, bad};
      if (rst) {gap, session_ended, bad_frame} <= '0;
    end
  end
endmodule

`default_nettype wire
