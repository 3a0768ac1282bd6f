// tcp_tx: sends packets as segments of one TCP connection, and again until they are acknowledged.
//
// What: the rules stand in docs/session.md. A packet of s_length bytes, 1 to LONGEST, becomes one
// segment; s_packet has its first byte in the highest bits, and zeros behind its last. Frames leave
// from the destination address on, without padding or check sequence. `open` begins with `session`,
// `close` ends; `live` says which it is. Of tcp_rx come what a segment says (segment_valid), that
// something wants an acknowledgement (ack_due), the byte that is expected, and the room that is
// said with it; told pulses as a frame takes these two along that the venue must read: what it may
// have already, and a probe, it needn't.
//
// Timing: while a packet may begin, s_ready is up if it fits into window and memory, s_full if it
// doesn't; neither is while a frame leaves, while the line isn't free, or 2 cycles after open. A
// packet taken at one edge has its frame's first beat presented after it, 1 cycle; then a beat
// follows each cycle that m_axis_tready is up. Next in turn are what is to be sent again, a probe,
// an acknowledgement, which goes with a packet where one leaves. Segments are heard 3 cycles apart
// or more; what one acknowledges leaves the memory 2 cycles a packet. Reset ends the connection.
//
// Rules: m_timeout pulses where the venue was asked RETRIES times and hasn't answered: the
// connection is to be closed, and nothing more is sent again until it is.
//
// Not: it doesn't judge what tcp_rx hears. Where a frame is on its way as `close` comes, all of it
// leaves: `busy`; a connection may be opened when it isn't.
`default_nettype none

module tcp_tx
  import tick_pkg::*;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    parameter int unsigned MESSAGES = 64,  // that may be unacknowledged, a power of two
    parameter int unsigned TIMEOUT = 25_000_000,  // cycles until something is sent again
    parameter int unsigned RETRIES = 5,  // times, each after twice as long
    localparam int unsigned LANES = W / 8,
    localparam int unsigned LONGEST = 58,  // bytes of a packet
    localparam int unsigned LENGTH_W = 6
) (
    input  logic                         clk,
    input  logic                         rst,
    input  logic                         open,
    input  logic                         close,
    input  tcp_session_t                 session,
    output logic                         live,
    output logic                         busy,
    input  logic                         s_valid,
    input  logic         [LONGEST*8-1:0] s_packet,
    input  logic         [ LENGTH_W-1:0] s_length,
    output logic                         s_ready,
    output logic                         s_full,
    input  logic                         segment_valid,
    input  tcp_segment_t                 segment,
    input  logic                         ack_due,
    input  logic         [         31:0] expected_byte,
    input  logic         [         15:0] room,
    input  logic                         line_free,
    output logic                         told,
    output logic         [         31:0] unacknowledged,
    output logic         [         31:0] next_byte,
    output logic                         m_timeout,
    output logic         [        W-1:0] m_axis_tdata,
    output logic         [    LANES-1:0] m_axis_tkeep,
    output logic                         m_axis_tlast,
    output logic                         m_axis_tvalid,
    input  logic                         m_axis_tready,
    output link_events_t                 m_events
);
  if (W != 8 && W != 64) $error("tcp_tx: W must be 8 or 64");
  if (MESSAGES < 2 || (MESSAGES & (MESSAGES - 1)) != 0 || MESSAGES > 512)
    $error("tcp_tx: MESSAGES must be a power of two, 512 at most");
  if (RETRIES < 1 || RETRIES > 8) $error("tcp_tx: RETRIES must be 1 to 8");
  if (TIMEOUT < 1024) $error("tcp_tx: TIMEOUT must leave room for a frame");

  localparam int unsigned HEADER = 54;  // bytes of Ethernet, IPv4 and TCP
  localparam int unsigned CHECKSUM = 50;  // the TCP checksum's first byte
  localparam int unsigned FRAME = HEADER + LONGEST;
  localparam int unsigned PLACE_W = $clog2(MESSAGES);
  localparam int unsigned AT_W = $clog2(FRAME / LANES + 1);
  localparam int unsigned FIRST = HEADER / LANES;  // the beat in which a packet begins
  localparam int unsigned ROW_W = $clog2(64 / LANES);  // rows of a packet in memory
  localparam int unsigned SUMMED = 4;  // cycles after which the checksum is there
  localparam int unsigned TIMER_W = $clog2(TIMEOUT) + RETRIES + 1;
  localparam logic [15:0] HOP_AND_PROTOCOL = 16'h4006;  // a time to live of 64, TCP

  typedef logic [LONGEST-1:0][7:0] packet_t;  // the first byte is element 0
  typedef enum logic [1:0] {
    FRESH,
    AGAIN,
    PROBE,
    BARE
  } kind_e;

  function automatic logic [15:0] fold(logic [20:0] sum);
    logic [16:0] once;
    once = 17'(sum[15:0]) + 17'(sum[20:16]);
    return once[15:0] + 16'(once[16]);
  endfunction
  function automatic logic [20:0] pair(logic [31:0] word);
    return 21'(word[31:16]) + 21'(word[15:0]);
  endfunction

  // -- The connection -----------------------------------------------------------------------------
  tcp_session_t session_q;
  logic [1:0] opened_q;  // cycles since open, until the sums of the addresses are there
  logic live_q;
  logic [15:0] addresses_q, ip_base_q, tcp_base_q;
  logic [31:0] una_q, next_q, wl1_q, wl2_q;
  logic [15:0] window_q;

  // -- What is unacknowledged ---------------------------------------------------------------------
  // The packets' bytes, as they stand in the frame's beats, and of each its length and sum.
  logic [W-1:0] mem[MESSAGES*(64/LANES)];
  logic [W-1:0] read_q;
  logic [LENGTH_W+15:0] table_mem[MESSAGES];
  logic [LENGTH_W-1:0] head_length_q;
  logic [15:0] head_sum_q;
  logic [PLACE_W:0] head_q, tail_q;  // one bit more tells full from empty
  logic [PLACE_W:0] read_head_q, read_tail_q;  // for which the head's entry was read
  logic [31:0] head_byte_q;  // the head's first
  logic settled;  // the head's entry is there
  logic pop;

  // -- The frame that leaves ----------------------------------------------------------------------
  typedef logic [FRAME-1:0][7:0] frame_t;
  frame_t frame_q, loaded;
  kind_e kind, kind_q;
  logic sending_q, may_begin, begin_fresh, begin_other, begins, ends, step;
  logic [AT_W-1:0] at_q, at_d, last_q;
  logic [LANES-1:0] last_keep_q;
  logic [LENGTH_W-1:0] length, length_q;
  logic [31:0] number;
  logic [2:0] age_q;  // cycles since it began, up to SUMMED
  logic [7:0][17:0] parts_q;
  logic [20:0] rest_q, total_q, acknowledged_q, whole_parts;
  logic [15:0] checksum_q, payload_q;
  packet_t packet;

  // -- What is due --------------------------------------------------------------------------------
  logic [31:0] flight, recover_q;
  logic full, fits, closed, waiting, expired, recovering_q, again_q, probe_q, ack_q;
  logic [TIMER_W-1:0] timer_q;
  logic [3:0] tries_q;
  logic [1:0] same_q;
  logic [31:0] recover;  // all before was sent as the first of these was sent again
  logic recovering, recovered;
  logic advance, same, newer, asks;
  logic timed_out_q;

  assign flight = next_q - una_q;
  assign full = tail_q - head_q == (PLACE_W + 1)'(MESSAGES);
  assign fits = 32'(s_length) + flight <= 32'(window_q) && !full;
  assign closed = flight == '0 && 32'(LONGEST) > 32'(window_q);
  assign waiting = live_q && (flight != '0 || closed) && !timed_out_q;
  assign expired = waiting && timer_q == '0;
  assign settled = read_head_q == head_q && read_tail_q == tail_q && head_q != tail_q;

  assign may_begin = live_q && !sending_q && !close && line_free;
  assign s_ready = may_begin && fits;
  assign s_full = may_begin && !fits;
  assign begin_fresh = s_valid && s_ready;
  always_comb begin
    kind = BARE;
    begin_other = ack_q;
    if (s_valid && s_ready) begin
      kind = FRESH;
      begin_other = 1'b0;
    end else if (again_q) begin
      kind = AGAIN;
      begin_other = settled && !pop;
    end else if (probe_q) begin
      kind = PROBE;
      begin_other = 1'b1;
    end
    if (!may_begin) begin_other = 1'b0;
  end
  assign begins = begin_fresh || begin_other;
  assign told   = begins && kind inside {FRESH, BARE};

  always_comb begin
    length = '0;
    number = next_q;
    unique case (kind)
      FRESH:   length = s_length;
      AGAIN: begin
        length = head_length_q;
        number = head_byte_q;
      end
      PROBE:   number = next_q - 32'd1;
      default: ;
    endcase
  end

  // The whole frame, its checksum apart: it is put in as it goes by.
  logic [15:0] total_length;
  logic [ 7:0] flags;
  assign total_length = 16'(HEADER - 14) + 16'(length);
  assign flags = kind inside {FRESH, AGAIN} ? 8'h18 : 8'h10;  // PSH and ACK, or ACK alone
  for (genvar i = 0; i < LONGEST; i++) begin : gen_packet
    assign packet[i] = kind == FRESH ? s_packet[(LONGEST-1-i)*8+:8] : 8'h00;
  end
  always_comb begin
    logic [HEADER*8-1:0] header;
    header = {
      session_q.peer_mac,
      session_q.our_mac,
      16'h0800,
      16'h4500,
      total_length,
      16'h0000,
      16'h4000,
      HOP_AND_PROTOCOL,
      ~fold(21'(ip_base_q) + 21'(total_length)),
      session_q.our_address,
      session_q.peer_address,
      session_q.our_port,
      session_q.peer_port,
      number,
      expected_byte,
      8'h50,
      flags,
      room,
      16'h0000,
      16'h0000
    };
    loaded = '0;
    for (int unsigned i = 0; i < HEADER; i++) loaded[i] = header[(HEADER-1-i)*8+:8];
    for (int unsigned i = 0; i < LONGEST; i++) loaded[HEADER+i] = packet[i];
  end

  // The packet's words in eight parts, those, and what else the checksum covers.
  logic [7:0][17:0] parts;
  always_comb begin
    parts = '0;
    for (int unsigned i = 0; i < LONGEST; i += 2) begin
      parts[(i/2)%8] += 18'({packet[i], packet[i+1]});
    end
  end

  assign step = sending_q && m_axis_tready;
  assign ends = step && at_q == last_q;
  assign at_d = step ? at_q + AT_W'(1) : at_q;

  always_comb begin
    for (int unsigned lane = 0; lane < LANES; lane++) begin
      automatic int unsigned byte_of_first = FIRST * LANES + lane;
      m_axis_tdata[8*lane+:8] = frame_q[lane];
      if (at_q == AT_W'(CHECKSUM / LANES) && lane == CHECKSUM % LANES) begin
        m_axis_tdata[8*lane+:8] = checksum_q[15:8];
      end
      if (at_q == AT_W'((CHECKSUM + 1) / LANES) && lane == (CHECKSUM + 1) % LANES) begin
        m_axis_tdata[8*lane+:8] = checksum_q[7:0];
      end
      if (kind_q == AGAIN && (at_q > AT_W'(FIRST) ||
                              (at_q == AT_W'(FIRST) && byte_of_first >= HEADER))) begin
        m_axis_tdata[8*lane+:8] = read_q[8*lane+:8];
      end
    end
  end
  assign m_axis_tvalid = sending_q;
  assign m_axis_tlast  = at_q == last_q;
  assign m_axis_tkeep  = at_q == last_q ? last_keep_q : '1;

  logic [PLACE_W+ROW_W-1:0] write_row, read_row;
  assign write_row = {tail_q[PLACE_W-1:0], ROW_W'(at_q - AT_W'(FIRST))};
  assign read_row  = {head_q[PLACE_W-1:0], ROW_W'(at_d - AT_W'(FIRST))};

  always_ff @(posedge clk) begin
    if (step && kind_q == FRESH && at_q >= AT_W'(FIRST)) mem[write_row] <= m_axis_tdata;
    read_q <= mem[read_row];
    {head_length_q, head_sum_q} <= table_mem[head_q[PLACE_W-1:0]];
    if (sending_q && kind_q == FRESH && age_q == 3'd3) begin
      table_mem[tail_q[PLACE_W-1:0]] <= {length_q, payload_q};
    end
    read_head_q <= head_q;
    read_tail_q <= tail_q;

    if (begins) begin
      frame_q <= loaded;
      kind_q <= kind;
      length_q <= length;
      at_q <= '0;
      last_q <= AT_W'((HEADER - 1 + 32'(length)) / LANES);
      last_keep_q <= LANES'((16'd1 << ((HEADER - 1 + 32'(length)) % LANES + 1)) - 16'd1);
      age_q <= '0;
      parts_q <= parts;
      rest_q <= 21'(tcp_base_q) + pair(
          number
      ) + 21'(flags) + 21'(room) + 21'(HEADER - 34) + 21'(length);
    end else begin
      at_q <= at_d;
      if (step) frame_q <= frame_t'(frame_q >> W);
      if (age_q != 3'(SUMMED)) age_q <= age_q + 3'd1;
      if (age_q == 3'd0) begin
        payload_q <= kind_q == AGAIN ? head_sum_q : fold(whole_parts);
        rest_q <= 21'(fold(rest_q)) + acknowledged_q;
      end
      if (age_q == 3'd1) total_q <= rest_q + 21'(payload_q);
      if (age_q == 3'd2) checksum_q <= ~fold(total_q);
    end
  end

  // Sums of what `begins` left.
  always_comb begin
    whole_parts = '0;
    for (int unsigned i = 0; i < 8; i++) whole_parts += 21'(parts_q[i]);
  end
  always_ff @(posedge clk) if (begins) acknowledged_q <= pair(expected_byte);

  // -- Acknowledgements of the venue, and time ----------------------------------------------------
  logic [31:0] heard;
  assign heard = segment.acknowledged - una_q;
  assign advance = segment_valid && live_q && heard != '0 && heard <= flight;
  assign newer = segment_valid && live_q && heard <= flight &&
                 (signed'(segment.first_byte - wl1_q) > 0 ||
                  (segment.first_byte == wl1_q && signed'(segment.acknowledged - wl2_q) >= 0));
  assign same = segment_valid && live_q && heard == '0 && flight != '0 && segment.bare &&
                segment.window == window_q;
  // The head leaves when all of it is acknowledged.
  assign pop = settled && 32'(head_length_q) <= una_q - head_byte_q &&
               !(sending_q && kind_q == AGAIN);
  assign recovering = recovering_q || (begins && kind == AGAIN);
  assign recover = recovering_q ? recover_q : next_q;
  assign recovered = signed'(segment.acknowledged - recover) >= 0;
  assign asks = ends && kind_q inside {AGAIN, PROBE};

  always_ff @(posedge clk) begin
    opened_q <= close || rst ? 2'd0 : {opened_q[0], open};
    if (opened_q[0]) begin
      addresses_q <= fold(pair(session_q.our_address) + pair(session_q.peer_address));
    end
    if (opened_q[1]) begin
      ip_base_q <= fold(21'(addresses_q) + 21'(16'h4500) + 21'(16'h4000) + 21'(HOP_AND_PROTOCOL));
      tcp_base_q <= fold(
          21'(addresses_q) + 21'd6 + 21'(session_q.our_port) + 21'(session_q.peer_port) + 21'h05000
      );
    end
    if (advance) una_q <= segment.acknowledged;
    if (newer) begin
      window_q <= segment.window;
      wl1_q <= segment.first_byte;
      wl2_q <= segment.acknowledged;
    end
    if (pop) begin
      head_q <= head_q + 1'b1;
      head_byte_q <= head_byte_q + 32'(head_length_q);
    end
    if (ends && kind_q == FRESH) begin
      tail_q <= tail_q + 1'b1;
      next_q <= next_q + 32'(length_q);
    end
    if (open) begin
      session_q <= session;
      una_q <= session.next_byte;
      next_q <= session.next_byte;
      head_byte_q <= session.next_byte;
      window_q <= session.window;
      wl1_q <= session.expected_byte;
      wl2_q <= session.next_byte;
      head_q <= '0;
      tail_q <= '0;
    end
  end

  // Sent again: with time, with the third bare acknowledgement of the same, and step by step.
  always_ff @(posedge clk) begin
    if (!waiting || advance || (ends && kind_q == FRESH && flight == '0) ||
        (segment_valid && flight == '0)) begin
      timer_q <= TIMER_W'(TIMEOUT);
    end else if (asks) timer_q <= TIMER_W'(TIMEOUT) << tries_q;
    else if (timer_q != '0 && !again_q && !probe_q) timer_q <= timer_q - TIMER_W'(1);

    if (same && same_q != 2'd3) same_q <= same_q + 2'd1;
    if (begins && kind == AGAIN) begin
      again_q <= 1'b0;
      recovering_q <= 1'b1;
      recover_q <= recover;
    end
    if (begins && kind == PROBE) probe_q <= 1'b0;
    if (told) ack_q <= 1'b0;
    if (begin_fresh) begin
      probe_q <= 1'b0;
      if (flight == '0) tries_q <= '0;
    end
    if (ack_due) ack_q <= 1'b1;
    if (same && same_q == 2'd2 && !recovering) again_q <= 1'b1;
    if (expired && !again_q && !probe_q && !sending_q) begin
      if (tries_q == 4'(RETRIES)) timed_out_q <= 1'b1;
      else begin
        tries_q <= tries_q + 4'd1;
        if (flight == '0) probe_q <= 1'b1;
        else again_q <= 1'b1;
      end
    end
    if (advance) begin
      same_q  <= '0;
      tries_q <= '0;
      again_q <= recovering && !recovered;
      if (recovered) recovering_q <= 1'b0;
    end
    if (segment_valid && flight == '0) begin
      tries_q <= '0;
      probe_q <= 1'b0;
    end
    if (rst || open || !live_q) begin
      again_q <= 1'b0;
      probe_q <= 1'b0;
      ack_q <= 1'b0;
      recovering_q <= 1'b0;
      timed_out_q <= 1'b0;
      tries_q <= '0;
      same_q <= '0;
    end
    m_timeout <= !rst && live_q && expired && tries_q == 4'(RETRIES) && !again_q && !probe_q &&
                 !sending_q && !close;

    if (rst) begin
      live_q <= 1'b0;
      sending_q <= 1'b0;
    end else begin
      if (opened_q[1]) live_q <= 1'b1;
      if (close || open) live_q <= 1'b0;
      if (begins) sending_q <= 1'b1;
      else if (ends) sending_q <= 1'b0;
    end
  end

  always_comb begin
    m_events = '0;
    m_events.packets_sent = ends && kind_q == FRESH;
    m_events.packets_resent = ends && kind_q == AGAIN;
    m_events.probes_sent = ends && kind_q == PROBE;
    m_events.acks_sent = ends && kind_q == BARE;
  end

  logic unused;
  assign unused = &{1'b0, session_q.next_byte, session_q.expected_byte, session_q.window};
  assign live = live_q;
  assign busy = sending_q || opened_q != '0;
  assign unacknowledged = una_q;
  assign next_byte = next_q;
endmodule

`default_nettype wire
