// soup_rx: SoupBinTCP's packets, of a stream of bytes.
//
// What: a packet is two bytes of length, most significant first, and as many bytes, of which the
// first is its type. Sequenced data is a message of the venue's: m_message has its first byte in
// the highest bits, m_length its bytes, without the type; of a longer message than LONGEST_OF_VENUE
// it is the first so many bytes, and what lies beyond m_length has no meaning. Server heartbeats
// and debug are passed over.
// Timing: a message, or a doubt, is presented 1 cycle after its packet's last byte, always; a byte
// may come each cycle, and nothing is held up. Reset, and `open`, begin with a length.
// Rules: m_doubt comes with a length of 0, in the cycle after its second byte; and with a packet
// whose type is none of these three, after its last byte: m_over says that it is the session's end.
// Behind a doubt nothing is read any more. `whole` is up where no packet is on its way.
// Not: it numbers no messages, and doesn't read them.
`default_nettype none

module soup_rx
  import tick_pkg::*;
#(
    parameter bit OUCH42 = 1'b0,  // OUCH 4.2, else 5.0: how long the venue's longest message is
    localparam int unsigned LONGEST =
        OUCH42 ? ouch42_pkg::LONGEST_OF_VENUE : ouch_pkg::LONGEST_OF_VENUE
) (
    input  logic                         clk,
    input  logic                         rst,
    input  logic                         open,
    input  logic                         s_valid,
    input  logic         [          7:0] s_byte,
    output logic                         m_valid,
    output logic         [LONGEST*8-1:0] m_message,
    output logic         [         15:0] m_length,
    output logic                         m_doubt,
    output logic                         m_over,
    output logic                         whole,
    output link_events_t                 m_events
);
  typedef enum logic [2:0] {
    HIGH,  // the length's first byte comes next
    LOW,
    TYPE,
    BODY,
    LOST
  } state_e;
  localparam int unsigned PLACE_W = $clog2(LONGEST + 1);

  state_e state_d, state_q;
  logic [15:0] left_d, left_q;  // bytes of the packet that come
  logic [15:0] length_q;  // of its message
  logic [PLACE_W-1:0] place_q;  // of the message's next byte, up to LONGEST
  logic [7:0] kind_q, kind;
  logic ends, empty;

  always_comb begin
    state_d = state_q;
    left_d = left_q;
    kind = kind_q;
    ends = 1'b0;
    empty = 1'b0;
    unique case (state_q)
      HIGH: begin
        left_d[15:8] = s_byte;
        state_d = LOW;
      end
      LOW: begin
        left_d[7:0] = s_byte;
        empty = left_d == '0;
        state_d = empty ? LOST : TYPE;
      end
      TYPE, BODY: begin
        if (state_q == TYPE) kind = s_byte;
        left_d  = left_q - 16'd1;
        ends    = left_q == 16'd1;
        state_d = ends ? HIGH : BODY;
        if (ends && !(kind inside {soup_pkg::SEQUENCED_DATA_TYPE, soup_pkg::SERVER_HEARTBEAT_TYPE,
                                   soup_pkg::DEBUG_TYPE})) begin
          state_d = LOST;
        end
      end
      LOST: ;
      default: state_d = HIGH;
    endcase
  end

  always_ff @(posedge clk) begin
    if (s_valid) begin
      left_q <= left_d;
      kind_q <= kind;
      if (state_q == LOW) length_q <= left_d - 16'd1;
      if (state_q == TYPE) place_q <= '0;
      if (state_q == BODY) begin
        for (int unsigned i = 0; i < LONGEST; i++) begin
          if (place_q == PLACE_W'(i)) m_message[(LONGEST-1-i)*8+:8] <= s_byte;
        end
        if (place_q != PLACE_W'(LONGEST)) place_q <= place_q + PLACE_W'(1);
      end
    end
    m_length <= length_q;
    m_valid  <= 1'b0;
    m_doubt  <= 1'b0;
    m_over   <= 1'b0;
    m_events <= '0;
    if (rst || open) state_q <= HIGH;
    else if (s_valid) begin
      state_q <= state_d;
      if (empty) m_doubt <= 1'b1;
      if (ends) begin
        unique case (kind)
          soup_pkg::SEQUENCED_DATA_TYPE: begin
            m_valid <= 1'b1;
            m_events.messages_heard <= 1'b1;
          end
          soup_pkg::SERVER_HEARTBEAT_TYPE: m_events.heartbeats_heard <= 1'b1;
          soup_pkg::DEBUG_TYPE: ;
          soup_pkg::END_OF_SESSION_TYPE: begin
            m_doubt <= 1'b1;
            m_over  <= 1'b1;
          end
          default: m_doubt <= 1'b1;
        endcase
      end
    end
  end
  assign whole = state_q == HIGH;
endmodule

`default_nettype wire
