// udp_rx: reads a frame's headers as mac_rx presents it, and says whether its datagram is ours.
//
// What: it stands beside the stream and delays nothing. Ethernet II with at most one 802.1Q tag,
// IPv4 without options, UDP; the payload begins at byte 42 of the frame, or 46 when it is tagged.
// position, in the same cycle as a beat, is the number of the frame's byte in lane 0.
//
// Timing: accept rises 3 cycles after the beat that holds byte 39 (tagged: 43), the UDP length's
// last, if the datagram is for us, and falls with the next frame's first beat; while it is up vlan
// (tagged), and length, the payload's bytes by the UDP header, hold. The payload's first 8 bytes
// may therefore be seen before accept. m_error comes with s_end. Throughput: a beat each cycle.
// Reset forgets the frame in progress.
//
// Rules: m_error is s_error, or says that the frame is cut short: below 64 bytes, or accepted and
// ending, check sequence apart, before its UDP length does; or that it is accepted and its UDP
// checksum, unless that is 0, which stands for none, is wrong. Each frame has one event, in the cycle
// after s_end, the first that applies: truncated (below 64 bytes), other_protocol (not IPv4),
// bad_ip_header (not version 4, or its length below 5 words), ip_options (its length above 5
// words), bad_ip_header (checksum, or total length below 20), other_protocol (not UDP),
// ip_fragments (any fragment but a whole), bad_udp (length below 8, or not the IP length's),
// filtered (not enabled when the header was read, or for another group unless any_group, or another
// port unless any_port), truncated (cut short), bad_checksum, no_checksum (it has none, and is taken
// as it is), or else datagrams.
//
// Not: it does not look at Ethernet addresses.
`default_nettype none

module udp_rx
  import tick_pkg::*;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    localparam int unsigned LANES = W / 8,
    localparam int unsigned POSITION_W = 14
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
    output logic                          vlan,
    output logic         [          15:0] length,
    output logic                          m_error,
    output feed_events_t                  feed_events
);
  if (W != 8 && W != 64) $error("udp_rx: W must be 8 or 64");

  localparam int unsigned TYPE = 12;  // bytes of the untagged frame
  localparam int unsigned IP = 14;
  localparam int unsigned SUMMED = 26;  // from the IP addresses on the UDP checksum covers all
  localparam int unsigned UDP = 34;
  localparam int unsigned LAST = 39;  // the last one read
  localparam int unsigned SHORTEST = 64;
  localparam int unsigned WHOLE_W = 17;
  localparam logic [15:0] TYPE_TAG = 16'h8100;
  localparam logic [15:0] TYPE_IPV4 = 16'h0800;
  localparam logic [7:0] PROTOCOL_UDP = 8'd17;

  typedef enum logic [3:0] {
    UNDECIDED,
    DATAGRAM,
    OTHER_PROTOCOL,
    BAD_IP_HEADER,
    IP_OPTIONS,
    IP_FRAGMENT,
    BAD_UDP,
    FILTERED
  } verdict_e;

  // Bytes by their number in the untagged frame: a vlan one's are where they would be.
  typedef logic [LAST:TYPE][7:0] header_t;
  header_t header_q;
  logic [POSITION_W-1:0] next_q, count_q;
  logic vlan_d, vlan_q, first, complete_d, complete_q, ready_q;
  logic take, live_q;  // a beat of a frame of which the first was seen
  logic sum_right;
  verdict_e verdict_d, verdict_q;
  logic [WHOLE_W-1:0] whole_q;  // bytes that an accepted frame must have
  logic [WHOLE_W-1:0] stop;  // where its datagram ends
  logic [15:0] checksum_q;
  logic data_right;  // it is

  // What the datagram's sum has beside the datagram and its addresses.
  logic [15:0] udp_length;
  logic [16:0] pseudo_q;
  assign udp_length = {header_q[UDP+4], header_q[UDP+5]};
  always_ff @(posedge clk) pseudo_q <= 17'(udp_length) + 17'(PROTOCOL_UDP);
  function automatic logic all_ones(logic [19:0] sum);
    all_ones = 17'(sum[15:0]) + 17'(sum[19:16]) == 17'h0FFFF;
  endfunction

  assign first = s_axis_tvalid && s_first;
  assign take = s_axis_tvalid && (s_first || live_q);
  assign position = first ? '0 : next_q;
  assign vlan = vlan_q && !first;

  if (W == 8) begin : gen_bytes
    // The bytes are shifted through; the header's sum grows by a word every other byte.
    localparam int unsigned IP_WORDS_AT = IP - 1;  // the byte before the header
    logic held_q;  // the headers are there
    logic at_type_q, at_last_q;  // the next byte is the type's second; the last one read
    logic summing_d, summing_q;  // the next byte is of the IP header
    logic [16:0] sum_q;  // with the carry that is still to be added

    always_comb begin
      vlan_d = vlan;
      if (take && at_type_q) vlan_d = {header_q[LAST], s_axis_tdata} == TYPE_TAG;
      complete_d = take && !first && at_last_q;
      summing_d  = summing_q && !first;
      if (position == POSITION_W'(IP_WORDS_AT)) summing_d = !vlan_d;
      if (vlan && position == POSITION_W'(IP_WORDS_AT + 4)) summing_d = 1'b1;
      if (position == (vlan ? POSITION_W'(UDP + 3) : POSITION_W'(UDP - 1))) summing_d = 1'b0;
    end

    always_ff @(posedge clk) begin
      if (take) begin
        if (!held_q) header_q <= {s_axis_tdata, header_q[LAST:TYPE+1]};
        held_q    <= !first && (held_q || complete_d);
        at_type_q <= position == POSITION_W'(TYPE);
        at_last_q <= position == (vlan ? POSITION_W'(LAST + 3) : POSITION_W'(LAST - 1));
        summing_q <= summing_d;
        if (first) sum_q <= '0;
        else if (summing_q && position[0]) begin
          sum_q <= 17'(sum_q[15:0]) + 17'({header_q[LAST], s_axis_tdata}) + 17'(sum_q[16]);
        end
      end
      sum_right <= sum_q == 17'h0FFFF || sum_q == 17'h1FFFE;
    end

    // The datagram's sum grows by each byte. Behind it comes the check sequence: there is time.
    logic covered;
    logic [WHOLE_W-1:0] stop_q;
    logic [16:0] total_q;
    logic [15:0] word;
    assign covered = next_q >= (vlan_q ? POSITION_W'(SUMMED + 4) : POSITION_W'(SUMMED)) &&
                     (next_q < (vlan_q ? POSITION_W'(UDP + 12) : POSITION_W'(UDP + 8)) ||
                      WHOLE_W'(next_q) < stop_q);
    assign word = next_q[0] ? {8'h00, s_axis_tdata} : {s_axis_tdata, 8'h00};
    always_ff @(posedge clk) begin
      stop_q <= stop;
      if (take && next_q == (vlan_q ? POSITION_W'(UDP + 10) : POSITION_W'(UDP + 6))) begin
        checksum_q[15:8] <= s_axis_tdata;
      end
      if (take && next_q == (vlan_q ? POSITION_W'(UDP + 11) : POSITION_W'(UDP + 7))) begin
        checksum_q[7:0] <= s_axis_tdata;
      end
      if (first) total_q <= '0;
      else if (take && covered) total_q <= 17'(total_q[15:0]) + 17'(word) + 17'(total_q[16]);
      data_right <= all_ones(20'(total_q) + 20'(pseudo_q));
    end
  end else begin : gen_words
    header_t header_d;
    logic [7:0] type_high;
    assign type_high = s_axis_tdata[8*(TYPE%LANES)+:8];
    always_comb begin
      header_d = header_q;
      vlan_d = vlan;
      complete_d = 1'b0;
      if (take) begin
        for (int unsigned i = TYPE; i <= LAST; i++) begin
          if (!vlan && position == POSITION_W'(i - i % LANES)) begin
            header_d[i] = s_axis_tdata[8*(i%LANES)+:8];
            if (i == LAST) complete_d = 1'b1;
          end
          if (vlan && position == POSITION_W'(i + 4 - (i + 4) % LANES)) begin
            header_d[i] = s_axis_tdata[8*((i+4)%LANES)+:8];
            if (i == LAST) complete_d = 1'b1;
          end
        end
        if (position == POSITION_W'(TYPE + 1 - (TYPE + 1) % LANES)) begin
          vlan_d = {type_high, s_axis_tdata[8*((TYPE+1)%LANES)+:8]} == TYPE_TAG;
        end
      end
    end

    // The header's sum, in two halves a cycle before it is needed.
    logic [18:0] half_d[2], half_q[2];
    logic [19:0] sum;
    logic [16:0] folded;
    always_comb begin
      for (int unsigned half = 0; half < 2; half++) begin
        half_d[half] = '0;
        for (int unsigned word = 0; word < 5; word++) begin
          half_d[half] += 19'({header_q[IP+10*half+2*word], header_q[IP+10*half+2*word+1]});
        end
      end
      sum       = 20'(half_q[0]) + 20'(half_q[1]);
      folded    = 17'(sum[15:0]) + 17'(sum[19:16]);
      sum_right = folded == 17'h0FFFF;  // the carries are too few for a second fold to matter
    end
    always_ff @(posedge clk) begin
      header_q <= header_d;
      half_q   <= half_d;
    end

    // The datagram's sum, of a beat when it is a cycle old: then its length is there.
    logic [W-1:0] data_q;
    logic [POSITION_W-1:0] place_q;
    logic taken_q;
    logic [LANES-1:0][7:0] covered;
    logic [16:0] total_q;
    logic [19:0] total;
    always_comb begin
      covered = '0;
      for (int unsigned i = 0; i < LANES; i++) begin
        automatic logic [WHOLE_W-1:0] at = WHOLE_W'(place_q) + WHOLE_W'(i);
        if (taken_q && at >= (vlan_q ? WHOLE_W'(SUMMED + 4) : WHOLE_W'(SUMMED)) &&
            (at < (vlan_q ? WHOLE_W'(UDP + 12) : WHOLE_W'(UDP + 8)) || at < stop)) begin
          covered[i] = data_q[8*i+:8];
        end
      end
      total = 20'(total_q);
      for (int unsigned i = 0; i < LANES; i += 2) total += 20'({covered[i], covered[i+1]});
    end
    assign data_right = all_ones(total + 20'(pseudo_q));
    always_ff @(posedge clk) begin
      data_q  <= s_axis_tdata;
      place_q <= position;
      taken_q <= take;
      if (taken_q && place_q == POSITION_W'(UDP + 6)) begin
        checksum_q <= vlan_q ? {data_q[39:32], data_q[47:40]} : {data_q[7:0], data_q[15:8]};
      end
      if (taken_q) total_q <= place_q == '0 ? '0 : 17'(total[15:0]) + 17'(total[19:16]);
    end
  end

  // What is read from them, a cycle before the verdict.
  typedef struct packed {
    logic ipv4;
    logic version;
    logic few_words;
    logic options;
    logic ip_short;
    logic udp;
    logic fragment;
    logic bad_udp;
    logic group;
    logic port;
  } read_t;
  read_t read, read_q;
  logic [15:0] ip_length, fragment, length_q;
  assign ip_length = {header_q[IP+2], header_q[IP+3]};
  assign fragment  = {header_q[IP+6], header_q[IP+7]};
  always_comb begin
    read.ipv4      = {header_q[TYPE], header_q[TYPE+1]} == TYPE_IPV4;
    read.version   = header_q[IP][7:4] == 4'd4;
    read.few_words = header_q[IP][3:0] < 4'd5;
    read.options   = header_q[IP][3:0] > 4'd5;
    read.ip_short  = ip_length < 16'd20;
    read.udp       = header_q[IP+9] == PROTOCOL_UDP;
    read.fragment  = fragment[13:0] != '0;  // more to come, or not the first
    read.bad_udp   = udp_length < 16'd8 || 17'(udp_length) + 17'd20 != 17'(ip_length);
    read.group     = header_q[IP+16+:4] == {group[7:0], group[15:8], group[23:16], group[31:24]};
    read.port      = {header_q[UDP+2], header_q[UDP+3]} == port;
  end

  always_comb begin
    verdict_d = verdict_q;
    if (first) verdict_d = UNDECIDED;
    else if (ready_q) begin
      verdict_d = DATAGRAM;
      if (!read_q.ipv4) verdict_d = OTHER_PROTOCOL;
      else if (!read_q.version || read_q.few_words) verdict_d = BAD_IP_HEADER;
      else if (read_q.options) verdict_d = IP_OPTIONS;
      else if (!sum_right || read_q.ip_short) verdict_d = BAD_IP_HEADER;
      else if (!read_q.udp) verdict_d = OTHER_PROTOCOL;
      else if (read_q.fragment) verdict_d = IP_FRAGMENT;
      else if (read_q.bad_udp) verdict_d = BAD_UDP;
      else if (!enable || !(any_group || read_q.group) || !(any_port || read_q.port)) begin
        verdict_d = FILTERED;
      end
    end
  end

  logic short_frame, cut, summed, bad_sum;
  assign short_frame = count_q < POSITION_W'(SHORTEST);
  assign cut         = short_frame || (verdict_q == DATAGRAM && WHOLE_W'(count_q) < whole_q);
  assign stop        = WHOLE_W'(udp_length) + (vlan_q ? WHOLE_W'(UDP + 4) : WHOLE_W'(UDP));
  assign summed      = checksum_q != '0;
  assign bad_sum     = verdict_q == DATAGRAM && summed && !data_right;

  always_ff @(posedge clk) begin
    read_q   <= read;
    length_q <= udp_length - 16'd8;
    if (s_axis_tvalid) begin
      next_q  <= position + POSITION_W'(LANES);
      count_q <= position + POSITION_W'($countones(s_axis_tkeep));
    end
    whole_q <= stop + WHOLE_W'(4);
    if (rst) begin
      complete_q <= 1'b0;
      ready_q    <= 1'b0;
      vlan_q     <= 1'b0;
      verdict_q  <= UNDECIDED;
      live_q     <= 1'b0;
    end else begin
      complete_q <= complete_d;
      ready_q    <= complete_q && !first;
      vlan_q     <= vlan_d;
      verdict_q  <= verdict_d;
      live_q     <= first || (live_q && !s_end);
    end
  end

  always_ff @(posedge clk) begin
    feed_events <= '0;
    if (s_end && live_q && !rst) begin
      if (cut) feed_events.truncated <= 1'b1;
      else begin
        unique case (verdict_q)
          DATAGRAM: begin
            if (!summed) feed_events.no_checksum <= 1'b1;
            else if (bad_sum) feed_events.bad_checksum <= 1'b1;
            else feed_events.datagrams <= 1'b1;
          end
          OTHER_PROTOCOL: feed_events.other_protocol <= 1'b1;
          BAD_IP_HEADER:  feed_events.bad_ip_header <= 1'b1;
          IP_OPTIONS:     feed_events.ip_options <= 1'b1;
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
  assign unused = &{1'b0, header_q[UDP+:2], fragment[15:14]};
endmodule

`default_nettype wire
