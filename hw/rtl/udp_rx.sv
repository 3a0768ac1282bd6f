// udp_rx: reads a frame's headers as mac_rx presents it, and says whether its datagram is ours.
//
// What: it stands beside the stream and delays nothing. Ethernet II with up to two tags (802.1Q or
// 802.1ad, in any order), IPv4, of which options are skipped, or IPv6 without extension headers,
// and UDP. position, in the same cycle as a beat, is the number of the datagram's byte in lane 0:
// the UDP header has bytes 0 to 7, the payload begins at 8. It is right from the beat of byte 0 on;
// before, in two's complement, it is below 0. Lane 0 has a byte of the frame whose number is a
// multiple of W / 8, so at W = 64 position is 2 or 6 more than one of 8.
//
// Timing: accept rises 3 cycles after the beat that holds the datagram's byte 5, the UDP length's
// last, if the datagram is for us, and falls with the next frame's first beat; while it is up
// length, the payload's bytes by the UDP header, holds. The payload's first 8 bytes may therefore
// be seen before accept. accepted comes with s_end, and says whether the frame's datagram is for
// us, even where accept is a cycle later; m_error comes with it. Throughput: a beat each cycle.
// Reset forgets the frame in progress.
//
// Rules: m_error is s_error, or says that the frame is cut short: below 64 bytes, or without the
// place of a UDP header and a check sequence behind its IP header, or accepted and ending, check
// sequence apart, before its UDP length does; or that it is accepted and its UDP checksum is wrong.
// A UDP checksum of 0 stands for none in IPv4, and is wrong in IPv6. The IP header has 40 bytes in
// IPv6, as many as it says in IPv4, else 20, and never fewer. Each frame has one event, in the
// cycle after s_end, the first that applies: truncated (below 64 bytes, or without that place),
// other_protocol (neither IPv4 nor IPv6), bad_ip_header (its version isn't its type's, or its
// length is below 5 words), bad_ip_header (IPv4: checksum, or total length below its header's),
// ip_fragments (IPv6: a fragment header comes next), other_protocol (not UDP), ip_fragments (IPv4:
// any fragment but a whole), bad_udp (length below 8, or not what IP says), filtered (not enabled
// when the header was read, or for another group unless any_group, or another port unless
// any_port), truncated (cut short), bad_checksum, no_checksum (it has none, and is taken as it is),
// or else datagrams. group is an IPv4 address: IPv6 is of no group, and is taken with any_group
// only. Beside datagrams or no_checksum, ip_options says that IPv4 options were skipped.
//
// Not: it does not look at Ethernet addresses, at tags' numbers, or into options.
`default_nettype none

module udp_rx
  import tick_pkg::*;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    localparam int unsigned LANES = W / 8,
    localparam int unsigned POSITION_W = 15
) (
    input  logic                          clk,
    input  logic                          rst,
    input  logic                          enable,
    input  logic                          any_group,
    input  logic                          any_port,
    input  logic         [          31:0] group,
    input  logic         [          15:0] port,
    input  logic         [         W-1:0] s_axis_tdata,
    input  logic         [     LANES-1:0] s_axis_tkeep,
    input  logic                          s_axis_tvalid,
    input  logic                          s_first,
    input  logic                          s_end,
    input  logic                          s_error,
    output logic         [POSITION_W-1:0] position,
    output logic                          accept,
    output logic         [          15:0] length,
    output logic                          accepted,
    output logic                          m_error,
    output feed_events_t                  feed_events
);
  if (W != 8 && W != 64) $error("udp_rx: W must be 8 or 64");

  localparam int unsigned TYPE = 12;  // bytes of the untagged frame
  localparam int unsigned IP = 14;
  localparam int unsigned LAST = 33;  // of the shortest IP header
  localparam int unsigned SHORTEST = 64;
  localparam int unsigned LAST_BEAT = SHORTEST / LANES - 1;  // of the shortest frame
  localparam int unsigned BEAT_W = $clog2(LAST_BEAT + 1);
  localparam int unsigned UDP_HEADER = 8;
  localparam int unsigned CHECK = 4;  // bytes of the check sequence
  localparam int unsigned WHOLE_W = 18;  // signed: bytes of a datagram and more
  localparam logic [POSITION_W-1:0] BEFORE = POSITION_W'(1) << (POSITION_W - 1);
  localparam logic [15:0] TYPE_TAG = 16'h8100;
  localparam logic [15:0] TYPE_SERVICE_TAG = 16'h88A8;
  localparam logic [15:0] TYPE_IPV4 = 16'h0800;
  localparam logic [15:0] TYPE_IPV6 = 16'h86DD;
  localparam logic [7:0] PROTOCOL_UDP = 8'd17;
  localparam logic [7:0] PROTOCOL_FRAGMENT = 8'd44;
  localparam logic [3:0] FEWEST_WORDS = 4'd5;
  localparam logic [3:0] WORDS_IPV6 = 4'd10;

  typedef enum logic [2:0] {
    UNDECIDED,
    DATAGRAM,
    OTHER_PROTOCOL,
    BAD_IP_HEADER,
    IP_FRAGMENT,
    BAD_UDP,
    FILTERED
  } verdict_e;

  // Bytes by their number in the untagged frame: those of others are where they would be.
  typedef logic [LAST:TYPE][7:0] header_t;
  header_t header;
  logic first, take, live_q;  // take: a beat of a frame of which the first was seen
  logic begins, pending_q;  // the beat holds the IP header's first byte; so did the one before
  logic six;  // IPv6
  logic [POSITION_W-1:0] start;  // while pending_q: position of the beat behind this one
  logic [POSITION_W-1:0] next_q, reach_q;  // the next beat's position; where the last one ended
  logic [BEAT_W-1:0] beat, beat_q;  // of the frame, up to the shortest one's last
  logic enough_q;  // it isn't below 64 bytes
  logic complete_d, complete_q, ready_q;
  logic sum_right;
  verdict_e verdict, verdict_d, verdict_q;
  logic signed [WHOLE_W-1:0] whole_q;  // bytes from the datagram's first that the frame must have
  logic [15:0] port_q, udp_length_q, checksum_q;
  logic data_right;  // the UDP checksum

  function automatic logic is_tag(logic [15:0] kind);
    is_tag = kind == TYPE_TAG || kind == TYPE_SERVICE_TAG;
  endfunction
  function automatic logic [3:0] header_words(logic is_four, logic is_six, logic [3:0] stated);
    header_words = FEWEST_WORDS;
    if (is_six) header_words = WORDS_IPV6;
    else if (is_four && stated > FEWEST_WORDS) header_words = stated;
  endfunction
  function automatic logic all_ones(logic [19:0] sum);
    all_ones = 17'(sum[15:0]) + 17'(sum[19:16]) == 17'h0FFFF;
  endfunction

  // What the datagram's sum has beside the datagram and its addresses.
  logic [16:0] pseudo_q;
  always_ff @(posedge clk) pseudo_q <= 17'(udp_length_q) + 17'(PROTOCOL_UDP);

  assign first = s_axis_tvalid && s_first;
  assign take = s_axis_tvalid && (s_first || live_q);
  assign position = first ? BEFORE : next_q;
  assign beat = first ? '0 : beat_q;

  if (W == 8) begin : gen_bytes
    // The bytes are shifted through; the header's sum grows by a word every other byte.
    localparam int unsigned TO_TYPE = TYPE;  // bytes between a frame's first and its type's second
    localparam int unsigned TO_NEXT = 3;  // likewise, from one type's second to the next one's
    localparam int unsigned AT_W = 6;
    localparam logic [AT_W-1:0] BEHIND = '1;  // all that is read of the IP header
    header_t header_q;
    logic [3:0] to_type_q;
    logic [1:0] tags_q;
    logic found_q;  // the type was read
    logic four_q, six_q, internet_d, internet_q;  // bytes of the IP header; the next ones are
    logic [AT_W-1:0] at_q;  // the IP header's byte
    logic [3:0] words_q;  // of the IP header
    logic [7:0] before_q;
    logic [15:0] pair;
    logic at_type, outside, address, covered;
    logic [16:0] sum_q, total_q;  // with the carry that is still to be added

    assign pair = {before_q, s_axis_tdata};
    assign at_type = take && !first && !found_q && to_type_q == '0;
    assign begins = take && !first && internet_q && at_q == '0;
    assign outside = position[POSITION_W-1];  // before the datagram
    assign six = six_q;
    assign start = POSITION_W'(2) - POSITION_W'({words_q, 2'b00});
    assign header = header_q;
    assign complete_d = take && !first && position == POSITION_W'(5);
    always_comb begin
      internet_d = internet_q && !first;
      if (at_type && !(is_tag(pair) && tags_q != 2'd2)) internet_d = 1'b1;
      address = internet_q && at_q >= (six_q ? AT_W'(8) : AT_W'(12)) &&
                at_q < (six_q ? AT_W'(40) : AT_W'(20));
      covered = address || (!outside && (position < POSITION_W'(UDP_HEADER) ||
                                         16'(position) < udp_length_q));
    end

    always_ff @(posedge clk) begin
      if (take) begin
        before_q   <= s_axis_tdata;
        internet_q <= internet_d;
        if (first) begin
          to_type_q <= 4'(TO_TYPE);
          tags_q    <= '0;
          found_q   <= 1'b0;
        end else if (at_type) begin
          to_type_q <= 4'(TO_NEXT);
          tags_q    <= tags_q + 2'd1;
          found_q   <= internet_d;
          four_q    <= pair == TYPE_IPV4;
          six_q     <= pair == TYPE_IPV6;
        end else to_type_q <= to_type_q - 4'd1;
        if (!internet_q) at_q <= '0;
        else if (at_q != BEHIND) at_q <= at_q + AT_W'(1);
        if (begins) words_q <= header_words(four_q, six_q, s_axis_tdata[3:0]);
        if (!internet_q || at_q < AT_W'(20)) header_q <= {s_axis_tdata, header_q[LAST:TYPE+1]};
        if (position == POSITION_W'(3)) port_q <= pair;
        if (position == POSITION_W'(5)) udp_length_q <= pair;
        if (position == POSITION_W'(7)) checksum_q <= pair;
        if (first) {sum_q, total_q} <= '0;
        else begin
          if (internet_q && outside && at_q[0]) begin
            sum_q <= 17'(sum_q[15:0]) + 17'(pair) + 17'(sum_q[16]);
          end
          if (covered) begin
            total_q <= 17'(total_q[15:0]) + 17'(total_q[16]) +
                       17'(position[0] ? {8'h00, s_axis_tdata} : {s_axis_tdata, 8'h00});
          end
        end
      end
      sum_right  <= sum_q == 17'h0FFFF || sum_q == 17'h1FFFE;
      // Behind the datagram comes the check sequence: there is time.
      data_right <= all_ones(20'(total_q) + 20'(pseudo_q));
    end
  end else begin : gen_words
    // The IP header begins in lane 6, or with one tag in lane 2; so does what follows it.
    localparam int unsigned LANE = 6;
    localparam int unsigned LANE_TAGGED = 2;
    localparam int unsigned PART_W = 3;
    header_t header_d, header_q;
    logic [3:0] words;  // of the IP header
    logic begins_tagged, tagged_d, tagged_q, low_q, six_q;
    logic internet_q;  // the beat that is a cycle old, or one before, held the first byte
    logic [PART_W-1:0] part_q;  // beats of the IP header before that one
    logic [W-1:0] data_q;
    logic [POSITION_W-1:0] place_q;
    logic taken_q, taken;  // it was a frame's; and the IP header has begun
    function automatic logic [15:0] pair(logic [W-1:0] data, int unsigned lane);
      pair = {data[8*lane+:8], data[8*lane+8+:8]};
    endfunction

    always_comb begin
      tagged_d = tagged_q && !first;
      begins = 1'b0;
      begins_tagged = 1'b0;
      if (take && beat == BEAT_W'(1)) begin
        tagged_d = is_tag(pair(s_axis_tdata, 4));
        begins   = !tagged_d;
      end
      if (take && beat == BEAT_W'(2) && tagged_q) begin
        begins = 1'b1;
        begins_tagged = !is_tag(pair(s_axis_tdata, 0));
      end
    end

    // The header, of a beat when it is a cycle old.
    assign taken = taken_q && internet_q;
    always_comb begin
      header_d = header_q;
      for (int unsigned i = TYPE; i <= LAST; i++) begin
        automatic int unsigned at = i + LANE - IP;
        automatic int unsigned at_tagged = i + LANE_TAGGED - IP;
        if (taken && !low_q && part_q == PART_W'(at / LANES)) begin
          header_d[i] = data_q[8*(at%LANES)+:8];
        end
        if (taken && low_q && part_q == PART_W'(at_tagged / LANES)) begin
          header_d[i] = data_q[8*(at_tagged%LANES)+:8];
        end
      end
    end
    assign header = header_d;
    assign six = {header_d[TYPE], header_d[TYPE+1]} == TYPE_IPV6;
    assign words = header_words(
        {header_d[TYPE], header_d[TYPE+1]} == TYPE_IPV4, six, header_d[IP][3:0]
    );
    assign start = POSITION_W'(2 * LANES) - POSITION_W'({words, 2'b00}) -
                   (low_q ? POSITION_W'(LANE_TAGGED) : POSITION_W'(LANE));
    // Byte 5 is in lane 7 of the beat whose lane 0 is 2 before the datagram, or in lane 3.
    assign complete_d = take && !first &&
                        ((position == -POSITION_W'(2) && s_axis_tkeep[7]) ||
                         (position == POSITION_W'(2) && s_axis_tkeep[3]));

    // The sums, of a beat when it is a cycle old: then the UDP length is there.
    logic signed [WHOLE_W-1:0] left;  // bytes of the datagram from lane 0 on
    logic [LANES-1:0] started;
    logic [LANES-1:0][7:0] internet, covered;
    logic [16:0] sum_q, total_q;
    logic [19:0] sum, total;
    assign left = WHOLE_W'({1'b0, udp_length_q}) - WHOLE_W'(signed'(place_q));
    always_comb begin
      internet = '0;
      covered  = '0;
      for (int unsigned i = 0; i < LANES; i++) begin
        automatic logic [5:0] at = {part_q, 3'(i)};
        automatic logic [5:0] four_at = low_q ? 6'(12 + LANE_TAGGED) : 6'(12 + LANE);
        automatic logic [5:0] six_at = low_q ? 6'(8 + LANE_TAGGED) : 6'(8 + LANE);
        automatic logic counts;
        started[i] = !place_q[POSITION_W-1] || (place_q == -POSITION_W'(2) && i >= 2) ||
                     (place_q == -POSITION_W'(6) && i >= 6);
        if (!started[i] && at >= (low_q ? 6'(LANE_TAGGED) : 6'(LANE))) begin
          internet[i] = data_q[8*i+:8];
        end
        // Its first bytes, of the beat before its length, are taken as they are.
        if (started[i]) counts = place_q[POSITION_W-1] || left > signed'(WHOLE_W'(i));
        else if (six_q) counts = at >= six_at && at < six_at + 6'd32;
        else counts = at >= four_at && at < four_at + 6'd8;
        if (counts) covered[i] = data_q[8*i+:8];
      end
      sum   = part_q == '0 ? '0 : 20'(sum_q);
      total = part_q == '0 ? '0 : 20'(total_q);
      for (int unsigned i = 0; i < LANES; i += 2) begin
        sum += 20'({internet[i], internet[i+1]});
        total += 20'({covered[i], covered[i+1]});
      end
    end
    assign sum_right  = sum_q == 17'h0FFFF;  // the carries are too few for a second fold to matter
    assign data_right = all_ones((taken ? total : 20'(total_q)) + 20'(pseudo_q));

    always_ff @(posedge clk) begin
      header_q <= header_d;
      tagged_q <= tagged_d;
      six_q    <= six;
      data_q   <= s_axis_tdata;
      place_q  <= position;
      taken_q  <= take;
      if (begins) low_q <= begins_tagged;
      if (take) begin
        internet_q <= begins || (internet_q && !first);
        if (begins) part_q <= '0;
        else if (part_q != '1) part_q <= part_q + PART_W'(1);
        if (position == -POSITION_W'(2)) begin
          port_q       <= pair(s_axis_tdata, 4);
          udp_length_q <= pair(s_axis_tdata, 6);
        end
        if (position == POSITION_W'(2)) begin
          port_q       <= pair(s_axis_tdata, 0);
          udp_length_q <= pair(s_axis_tdata, 2);
          checksum_q   <= pair(s_axis_tdata, 4);
        end
        if (position == POSITION_W'(6)) checksum_q <= pair(s_axis_tdata, 0);
      end
      if (taken) begin
        sum_q   <= 17'(sum[15:0]) + 17'(sum[19:16]);
        total_q <= 17'(total[15:0]) + 17'(total[19:16]);
      end
    end
  end

  // What is read from them, a cycle before the verdict.
  typedef struct packed {
    logic ip;
    logic six;
    logic version;
    logic few_words;
    logic options;
    logic ip_short;
    logic other;
    logic fragment;
    logic bad_udp;
    logic group;
    logic port;
  } read_t;
  read_t read, read_q;
  logic [15:0] ip_length, payload_length, fragment, length_q;
  logic [5:0] header_bytes;  // as IPv4 says
  logic four;
  assign four           = {header[TYPE], header[TYPE+1]} == TYPE_IPV4;
  assign ip_length      = {header[IP+2], header[IP+3]};
  assign fragment       = {header[IP+6], header[IP+7]};
  assign payload_length = {header[IP+4], header[IP+5]};
  assign header_bytes   = {header[IP][3:0], 2'b00};
  always_comb begin
    read.ip = four || six;
    read.six = six;
    read.version = header[IP][7:4] == (six ? 4'd6 : 4'd4);
    read.few_words = four && header[IP][3:0] < FEWEST_WORDS;
    read.options = four && header[IP][3:0] > FEWEST_WORDS;
    read.ip_short = ip_length < 16'(header_bytes);
    read.other = (six ? header[IP+6] : header[IP+9]) != PROTOCOL_UDP;
    read.fragment = fragment[13:0] != '0;  // more to come, or not the first
    read.bad_udp   = udp_length_q < 16'(UDP_HEADER) ||
                     17'(udp_length_q) + (six ? 17'd0 : 17'(header_bytes)) !=
                     17'(six ? payload_length : ip_length);
    read.group = four && header[IP+16+:4] == {group[7:0], group[15:8], group[23:16], group[31:24]};
    read.port = port_q == port;
    if (six) begin
      read.fragment = header[IP+6] == PROTOCOL_FRAGMENT;
      if (read.fragment) read.other = 1'b0;
    end
  end

  always_comb begin
    verdict = verdict_q;
    if (ready_q) begin
      verdict = DATAGRAM;
      if (!read_q.ip) verdict = OTHER_PROTOCOL;
      else if (!read_q.version || read_q.few_words) verdict = BAD_IP_HEADER;
      else if (!read_q.six && (!sum_right || read_q.ip_short)) verdict = BAD_IP_HEADER;
      else if (read_q.other) verdict = OTHER_PROTOCOL;
      else if (read_q.fragment) verdict = IP_FRAGMENT;
      else if (read_q.bad_udp) verdict = BAD_UDP;
      else if (!enable || !(any_group || read_q.group) || !(any_port || read_q.port)) begin
        verdict = FILTERED;
      end
    end
    verdict_d = first ? UNDECIDED : verdict;
  end

  // Of the frame that ends. If it isn't cut short a beat came after that of byte 5, and so the
  // verdict is there; where there is none it counts as cut short.
  logic cut_headers, cut, summed, bad_sum;
  logic signed [WHOLE_W-1:0] reach;
  assign reach       = WHOLE_W'(signed'(reach_q));
  assign cut_headers = !enough_q || reach < signed'(WHOLE_W'(UDP_HEADER + CHECK));
  assign accepted    = verdict == DATAGRAM;
  assign cut         = cut_headers || verdict == UNDECIDED || (accepted && reach < whole_q);
  assign summed      = checksum_q != '0;
  assign bad_sum     = accepted && (summed ? !data_right : read_q.six);

  always_ff @(posedge clk) begin
    read_q   <= read;
    length_q <= udp_length_q - 16'(UDP_HEADER);
    whole_q  <= WHOLE_W'(udp_length_q) + WHOLE_W'(CHECK);
    if (s_axis_tvalid) begin
      next_q    <= pending_q && !first ? start : position + POSITION_W'(LANES);
      pending_q <= begins;
      reach_q   <= position + POSITION_W'($countones(s_axis_tkeep));
      beat_q    <= beat == BEAT_W'(LAST_BEAT) ? beat : beat + BEAT_W'(1);
      enough_q  <= !first && (enough_q || (beat == BEAT_W'(LAST_BEAT) && &s_axis_tkeep));
    end
    if (rst) begin
      complete_q <= 1'b0;
      ready_q    <= 1'b0;
      verdict_q  <= UNDECIDED;
      live_q     <= 1'b0;
    end else begin
      complete_q <= complete_d;
      ready_q    <= complete_q && !first;
      verdict_q  <= verdict_d;
      live_q     <= first || (live_q && !s_end);
    end
  end

  always_ff @(posedge clk) begin
    feed_events <= '0;
    if (s_end && live_q && !rst) begin
      if (cut) feed_events.truncated <= 1'b1;
      else begin
        unique case (verdict)
          DATAGRAM: begin
            if (bad_sum) feed_events.bad_checksum <= 1'b1;
            else if (!summed) feed_events.no_checksum <= 1'b1;
            else feed_events.datagrams <= 1'b1;
            feed_events.ip_options <= !bad_sum && read_q.options;
          end
          OTHER_PROTOCOL: feed_events.other_protocol <= 1'b1;
          BAD_IP_HEADER:  feed_events.bad_ip_header <= 1'b1;
          IP_FRAGMENT:    feed_events.ip_fragments <= 1'b1;
          BAD_UDP:        feed_events.bad_udp <= 1'b1;
          FILTERED:       feed_events.filtered <= 1'b1;
          default:        feed_events.truncated <= 1'b1;
        endcase
      end
    end
  end

  assign accept  = verdict_q == DATAGRAM && !first;
  assign length  = length_q;
  assign m_error = s_error || cut || bad_sum;

  logic unused;
  assign unused = &{1'b0, fragment[15:14], header[IP+1], header[IP+8], header[IP+10+:6]};
endmodule

`default_nettype wire
