// tcp_rx: hears one TCP connection in the frames of a line, and gives its bytes in their order.
//
// What: the rules stand in docs/session.md. It stands behind mac_rx. A frame is judged when it has
// ended; until then its bytes wait in memory, and go again if they aren't to be taken.
// expected_byte and room are what an acknowledgement says.
//
// Timing: what a frame says (segment_valid, ack_due, m_reset, m_finished, expected_byte with them)
// is presented 2 cycles after s_end. Its first byte is presented (m_valid, m_byte) 2 cycles later
// where none waits, then one each cycle, but for a cycle from segment to segment, and at W = 64 one
// for each lane of a segment's first and last beats that isn't its; there is no backpressure.
// ack_due also pulses, once, where ROWS / 2 more room is free than was told, `told` being the cycle
// in which it was. Throughput: a beat each cycle. Reset ends the connection; `open` begins with
// `session`, and forgets all bytes, and the frame that comes; `empty` says that none waits.
//
// Rules: `ours` says with s_end that the frame is the session's, by its header alone; while live is
// down no frame is. While it is up each frame has one event, with segment_valid's cycle, the first
// that applies: other_frames, bad_segments, unfit_segments (answered, or of a stray reset or
// nothing), segments, dropped_segments, early_segments, repeated_segments (all of its bytes are
// known, or it has none).
//
// Not: it looks at no options, and not at what is urgent. At W = 64 a row of memory holds a beat,
// full or not, so that as many bytes as rows are free always have room.
`default_nettype none

module tcp_rx
  import tick_pkg::*;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    parameter int unsigned ROWS = 2048,  // beats that may wait, a power of two
    parameter int unsigned SEGMENTS = 32,  // likewise segments
    localparam int unsigned LANES = W / 8
) (
    input  logic                     clk,
    input  logic                     rst,
    input  logic                     open,
    input  logic                     live,
    input  tcp_session_t             session,
    input  logic         [    W-1:0] s_axis_tdata,
    input  logic         [LANES-1:0] s_axis_tkeep,
    input  logic                     s_axis_tvalid,
    input  logic                     s_first,
    input  logic                     s_end,
    input  logic                     s_error,
    input  logic         [     31:0] unacknowledged,
    input  logic         [     31:0] next_byte,
    input  logic                     told,
    output logic                     ours,
    output logic         [     31:0] expected_byte,
    output logic         [     15:0] room,
    output logic                     segment_valid,
    output tcp_segment_t             segment,
    output logic                     ack_due,
    output logic                     m_reset,
    output logic                     m_finished,
    output logic                     empty,
    output logic                     m_valid,
    output logic         [      7:0] m_byte,
    output link_events_t             m_events
);
  if (W != 8 && W != 64) $error("tcp_rx: W must be 8 or 64");
  if (ROWS < 256 || (ROWS & (ROWS - 1)) != 0 || ROWS > 32768)
    $error("tcp_rx: ROWS must be a power of two, 256 to 32,768");
  if (SEGMENTS < 2 || (SEGMENTS & (SEGMENTS - 1)) != 0)
    $error("tcp_rx: SEGMENTS must be a power of two");

  localparam int unsigned HEADER = 54;  // bytes of Ethernet, IPv4 and TCP without options
  localparam int unsigned TCP = 34;  // TCP's first
  localparam logic [15:0] TYPE_IPV4 = 16'h0800;
  localparam logic [7:0] PLAIN = 8'h45;  // version 4, 20 bytes of header
  localparam logic [7:0] PROTOCOL_TCP = 8'd6;
  localparam int unsigned CHECK = 4;  // bytes of the check sequence
  localparam int unsigned AT_W = 17;  // of a frame's byte, and of a sum of two lengths
  localparam int unsigned ROW_W = $clog2(ROWS);
  localparam int unsigned NEXT_W = $clog2(SEGMENTS);

  function automatic logic [16:0] add(logic [16:0] sum, logic [18:0] words);
    logic [19:0] whole;
    whole = 20'(sum[15:0]) + 20'(sum[16]) + 20'(words);
    return 17'(whole[15:0]) + 17'(whole[19:16]);
  endfunction
  function automatic logic all_ones(logic [17:0] sum);
    return 17'(sum[15:0]) + 17'(sum[17:16]) == 17'h0FFFF;
  endfunction

  // -- The header, and where the payload is -------------------------------------------------------
  logic [HEADER-1:0][7:0] header_q;
  logic [AT_W-1:0] at, at_q;  // the byte in lane 0
  logic [AT_W-1:0] start, stop;  // the payload's first byte, and the one behind its last
  logic [15:0] total;  // IPv4's
  logic [ 5:0] offset;  // TCP's, in bytes
  logic take, first, live_q;

  function automatic logic [15:0] half(logic [HEADER-1:0][7:0] header, int unsigned byte_);
    return {header[byte_], header[byte_+1]};
  endfunction
  function automatic logic [31:0] word(logic [HEADER-1:0][7:0] header, int unsigned byte_);
    return {half(header, byte_), half(header, byte_ + 2)};
  endfunction

  assign first  = s_axis_tvalid && s_first;
  assign take   = s_axis_tvalid && (s_first || live_q);
  assign at     = first ? '0 : at_q;
  assign total  = half(header_q, 16);
  assign offset = {header_q[46][7:4], 2'b00};
  assign start  = AT_W'(TCP) + AT_W'(offset);
  assign stop   = AT_W'(14) + AT_W'(total);

  logic [LANES-1:0] payload;  // lanes that the segment's bytes are in
  logic [18:0] words, internet_words;
  logic [16:0] sum_q, internet_q;
  always_comb begin
    payload = '0;
    words = '0;
    internet_words = '0;
    for (int unsigned lane = 0; lane < LANES; lane++) begin
      automatic logic [AT_W-1:0] place = at + AT_W'(lane);
      automatic logic [15:0] value = {s_axis_tdata[8*lane+:8], 8'h00};
      if (place[0]) value = {8'h00, s_axis_tdata[8*lane+:8]};
      payload[lane] = place >= AT_W'(HEADER) && place >= start && place < stop;
      // from the addresses on, which the checksum covers, too
      if (place >= AT_W'(26) && place < stop) words += 19'(value);
      if (place >= AT_W'(14) && place < AT_W'(TCP)) internet_words += 19'(value);
    end
  end

  always_ff @(posedge clk) begin
    if (take) begin
      for (int unsigned i = 0; i < HEADER; i++) begin
        if (at == AT_W'(i - i % LANES)) header_q[i] <= s_axis_tdata[8*(i%LANES)+:8];
      end
      if (at < AT_W'(1 << (AT_W - 2))) at_q <= at + AT_W'($countones(s_axis_tkeep));
      sum_q <= add(first ? '0 : sum_q, words);
      internet_q <= add(first ? '0 : internet_q, internet_words);
    end
    if (rst || open) live_q <= 1'b0;
    else live_q <= first || (live_q && !s_end);
  end

  // -- Rows: [read, kept) are to be given, [kept, write) are the frame's that still comes ---------
  typedef struct packed {
    logic [LANES-1:0] keep;
    logic [W-1:0] data;
  } row_t;
  row_t mem[ROWS];
  row_t row_q;
  logic [ROW_W:0] write_q, kept_q, read_q, write_next;
  logic full, over_q, store, keeps, drops;

  assign full = write_next - read_q == (ROW_W + 1)'(ROWS);
  assign store = take && payload != '0 && !full && !(over_q && !first);
  // Where a frame has ended without being taken its rows go, before one of the next comes.
  assign write_next = drops ? kept_q : write_q;
  logic [ROW_W:0] free;
  assign room = 16'(free);
  assign free = (ROW_W + 1)'(ROWS) - (kept_q - read_q);

  always_ff @(posedge clk) begin
    if (store) mem[write_next[ROW_W-1:0]] <= '{keep: payload, data: s_axis_tdata};
    if (take) over_q <= (over_q && !first) || (payload != '0 && full);
    if (rst || open) write_q <= '0;
    else write_q <= write_next + (ROW_W + 1)'(store);
    if (rst || open) kept_q <= '0;
    else if (keeps) kept_q <= write_q;
  end

  // -- The frame as it ended ----------------------------------------------------------------------
  typedef struct packed {
    logic ours;
    logic good;
    logic room;
    logic syn;
    logic fin;
    logic rst;
    logic ack;
    logic [31:0] number;
    logic [31:0] acknowledged;
    logic [15:0] window;
    logic [15:0] length;
  } heard_t;
  heard_t heard, heard_q;
  logic judge_q;
  logic [16:0] all;  // bytes of the headers

  always_comb begin
    ours = live && at_q >= AT_W'(38);
    if ({word(header_q, 0), half(header_q, 4)} != session.our_mac) ours = 1'b0;
    if (half(header_q, 12) != TYPE_IPV4 || header_q[14] != PLAIN) ours = 1'b0;
    if (header_q[23] != PROTOCOL_TCP) ours = 1'b0;
    if (word(header_q, 26) != session.peer_address) ours = 1'b0;
    if (word(header_q, 30) != session.our_address) ours = 1'b0;
    if (half(header_q, 34) != session.peer_port) ours = 1'b0;
    if (half(header_q, 36) != session.our_port) ours = 1'b0;
  end
  assign all = 17'(20) + 17'(offset);
  always_comb begin
    heard.ours = ours;
    heard.good = !s_error && at_q >= stop + AT_W'(CHECK) && 17'(total) >= all &&
        offset >= 6'd20 && {header_q[20][5:0], header_q[21]} == '0 &&
        all_ones(18'(internet_q)) && all_ones(18'(sum_q) + 18'(total) - 18'd14);
    heard.room = !over_q;
    heard.syn = header_q[47][1];
    heard.fin = header_q[47][0];
    heard.rst = header_q[47][2];
    heard.ack = header_q[47][4];
    heard.number = word(header_q, 38);
    heard.acknowledged = word(header_q, 42);
    heard.window = half(header_q, 48);
    heard.length = total - 16'(all);
  end

  always_ff @(posedge clk) begin
    heard_q <= heard;
    judge_q <= s_end && live_q && !rst && !open;
  end

  // -- What it means ------------------------------------------------------------------------------
  logic [31:0] ahead, behind;  // of the expected byte
  logic [31:0] acked, flight, late;
  logic [17:0] length;  // SYN and FIN counted
  logic inside_, touches, known_ack, wants, whole_known, goes_on, ends, resets;
  link_events_t events;
  logic [NEXT_W:0] put_q, get_q;
  logic crowded;

  assign ahead   = heard_q.number - expected_byte;
  assign behind  = expected_byte - heard_q.number;
  assign length  = 18'(heard_q.length) + 18'(heard_q.syn) + 18'(heard_q.fin);
  assign inside_ = ahead < 32'(room);
  always_comb begin
    if (length == '0) touches = inside_ || ahead == '0;
    else touches = (inside_ || (behind[31] == 1'b0 && behind < 32'(length))) && room != '0;
  end
  assign acked = heard_q.acknowledged - unacknowledged;
  assign flight = next_byte - unacknowledged;
  assign late = unacknowledged - heard_q.acknowledged;
  assign known_ack = acked <= flight || late <= 32'd65535;
  assign goes_on = behind < 32'(heard_q.length);  // the expected byte is among its bytes
  assign whole_known = behind[31] == 1'b0 && behind >= 32'(heard_q.length);
  assign crowded = put_q - get_q == (NEXT_W + 1)'(SEGMENTS);

  logic says;
  always_comb begin
    events = '0;
    wants  = 1'b0;
    keeps  = 1'b0;
    says   = 1'b0;
    ends   = 1'b0;
    resets = 1'b0;
    drops  = judge_q;
    if (judge_q && live) begin
      if (!heard_q.ours) events.other_frames = 1'b1;
      else if (!heard_q.good) events.bad_segments = 1'b1;
      else if (heard_q.rst) begin
        resets = ahead == '0;
        wants = inside_ && !resets;
        events.unfit_segments = 1'b1;
      end else if (!touches || heard_q.syn || !heard_q.ack || !known_ack) begin
        wants = !touches || heard_q.syn || heard_q.ack;
        events.unfit_segments = 1'b1;
      end else begin
        says  = acked <= flight;
        wants = length != '0;
        if (heard_q.length != '0 && goes_on) begin
          keeps = heard_q.room && !crowded;
          drops = !keeps;
          if (keeps) events.segments = 1'b1;
          else events.dropped_segments = 1'b1;
        end else if (length != '0 && !whole_known) events.early_segments = 1'b1;
        else events.repeated_segments = 1'b1;
        ends = heard_q.fin && (keeps || behind == 32'(heard_q.length));
      end
    end
  end

  // -- Segments that were taken: bytes to pass over, and to give ----------------------------------
  typedef struct packed {
    logic [15:0] skip;
    logic [15:0] give;
  } taken_t;
  taken_t taken_mem[SEGMENTS];
  taken_t part_q;  // of the segment that is given
  logic row_valid_q, load, next_lane, lane_last, gives, part_over;
  logic [$clog2(LANES+1)-1:0] lanes_q;  // that are left of the row
  logic kept;

  always_ff @(posedge clk) begin
    if (keeps)
      taken_mem[put_q[NEXT_W-1:0]] <= '{skip: behind[15:0], give: heard_q.length - behind[15:0]};
    if (rst || open) begin
      put_q <= '0;
      expected_byte <= session.expected_byte;
    end else if (keeps) begin
      put_q <= put_q + 1'b1;
      expected_byte <= heard_q.number + 32'(heard_q.length);
    end
  end

  assign kept = row_q.keep[0];
  assign part_over = part_q.give == '0;
  assign next_lane = row_valid_q && (!kept || !part_over);
  assign lane_last = lanes_q == ($clog2(LANES + 1))'(1);
  assign gives = row_valid_q && kept && !part_over && part_q.skip == '0;
  assign empty = read_q == kept_q && !row_valid_q && !m_valid && !(judge_q && live);
  assign load = read_q != kept_q && (!row_valid_q || (next_lane && lane_last));

  always_ff @(posedge clk) begin
    if (load) begin
      row_q   <= mem[read_q[ROW_W-1:0]];
      lanes_q <= ($clog2(LANES + 1))'(LANES);
    end else if (next_lane) begin
      row_q   <= '{keep: row_q.keep >> 1, data: row_q.data >> 8};
      lanes_q <= lanes_q - 1'b1;
    end
    if (part_over) part_q <= taken_mem[get_q[NEXT_W-1:0]];
    else if (row_valid_q && kept) begin
      if (part_q.skip != '0) part_q.skip <= part_q.skip - 16'd1;
      else part_q.give <= part_q.give - 16'd1;
    end
    m_byte <= row_q.data[7:0];
    if (rst || open) begin
      read_q <= '0;
      get_q <= '0;
      row_valid_q <= 1'b0;
      part_q.give <= '0;
      m_valid <= 1'b0;
    end else begin
      if (load) read_q <= read_q + 1'b1;
      row_valid_q <= load || (row_valid_q && !(next_lane && lane_last));
      if (part_over && get_q != put_q) get_q <= get_q + 1'b1;
      if (part_over && get_q == put_q) part_q.give <= '0;
      m_valid <= gives;
    end
  end

  logic unused;
  assign unused = &{1'b0, session.peer_mac, session.next_byte, session.window};

  // -- What is said -------------------------------------------------------------------------------
  logic [31:0] edge_q, edge_now;  // behind the last byte for which room was said, or would be
  assign edge_now = expected_byte + 32'(room);
  logic updates, updated_q;  // ROWS / 2 more room than was said; that is asked for already
  assign updates = live && !updated_q && signed'(edge_now - edge_q) >= signed'(32'(ROWS / 2));
  always_ff @(posedge clk) begin
    updated_q <= live && !told && (updated_q || updates);
    segment <= '{
        first_byte: heard_q.number,
        acknowledged: heard_q.acknowledged,
        window: heard_q.window,
        bare: length == '0
    };
    if (!live || told) edge_q <= edge_now;
    segment_valid <= says && !rst && !open;
    m_reset <= resets && !rst && !open;
    m_finished <= ends && !rst && !open;
    m_events <= rst || open ? '0 : events;
    ack_due <= !rst && !open && (wants || (updates && !told));
  end
endmodule

`default_nettype wire
