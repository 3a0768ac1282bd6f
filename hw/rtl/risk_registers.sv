// risk_registers: the risk window, by which the host commands the gate, tells it of its orders, and
// has and gives the order's session.
//
// What: the registers of hw/regs/risk.rdl (docs/reference/risk_registers.md), on an AXI4-Lite of
// their own. The host writes records word by word; a 1 written to `issue` is command_valid with
// command and both kinds of limits, a 1 to `confirm` is confirmation_valid with confirmation. What
// the gate is comes in: killed, armed, pending, nonce, and of each command's echo its act and
// whether it was taken. A 1 to `hand_over` is session_open with session, to `take_back`
// session_close, to `send` a packet, first byte highest, that packet_valid offers until
// packet_ready; what became of them is read.
//
// Timing: command_valid, confirmation_valid, session_open and session_close are 1 for one cycle,
// and what they took is 0 from the next one on. session_taken is looked at in the cycle of
// session_open, packet_refused in that of packet_ready. packet_valid is up from the cycle after the
// 1 on. `last` shows an echo from the cycle after it. An access ends within 20 cycles. Reset sets
// every word to 0 and forgets the last command.
//
// Rules: nothing that was written can be read. slot_limits and total_limits are the same words, of
// which the command's act says what they are. Bits beyond a record's are no matter. While a packet
// waits, `packet` and `send` can't be written: such a write changes nothing; nor is a session
// handed over then, since the packet is of the one before. What was sent or refused is 0.
//
// Not: it judges no command and knows no key; a command that isn't taken is echoed as that.
`default_nettype none

module risk_registers
  import tick_pkg::*;
#(
    localparam int unsigned ADDRESS_W = risk_regs_pkg::RISK_REGS_MIN_ADDR_WIDTH,
    localparam int unsigned PACKET = 56,  // bytes
    localparam int unsigned LENGTH_W = 6
) (
    input  logic                          clk,
    input  logic                          rst,
    output logic                          s_axil_awready,
    input  logic                          s_axil_awvalid,
    input  logic          [ADDRESS_W-1:0] s_axil_awaddr,
    input  logic          [          2:0] s_axil_awprot,
    output logic                          s_axil_wready,
    input  logic                          s_axil_wvalid,
    input  logic          [         31:0] s_axil_wdata,
    input  logic          [          3:0] s_axil_wstrb,
    input  logic                          s_axil_bready,
    output logic                          s_axil_bvalid,
    output logic          [          1:0] s_axil_bresp,
    output logic                          s_axil_arready,
    input  logic                          s_axil_arvalid,
    input  logic          [ADDRESS_W-1:0] s_axil_araddr,
    input  logic          [          2:0] s_axil_arprot,
    input  logic                          s_axil_rready,
    output logic                          s_axil_rvalid,
    output logic          [         31:0] s_axil_rdata,
    output logic          [          1:0] s_axil_rresp,
    output logic                          command_valid,
    output risk_command_t                 command,
    output slot_limits_t                  slot_limits,
    output total_limits_t                 total_limits,
    output logic                          confirmation_valid,
    output confirmation_t                 confirmation,
    input  logic                          killed,
    input  logic                          armed,
    input  logic                          pending,
    input  logic          [  NONCE_W-1:0] nonce,
    input  logic                          echo_valid,
    input  logic                          echo_taken,
    input  act_e                          echo_act,
    output logic                          session_open,
    output logic                          session_close,
    output tcp_session_t                  session,
    input  logic                          session_taken,
    input  logic                          session_live,
    input  logic                          session_settled,
    input  session_end_e                  session_end,
    input  logic          [         31:0] unacknowledged,
    input  logic          [         31:0] next_byte,
    input  logic          [         31:0] expected_byte,
    output logic                          packet_valid,
    output logic          [ PACKET*8-1:0] packet,
    output logic          [ LENGTH_W-1:0] packet_length,
    input  logic                          packet_ready,
    input  logic                          packet_refused
);
  localparam int unsigned COMMAND_WORDS = ($bits(risk_command_t) + 31) / 32;
  localparam int unsigned CONFIRMATION_WORDS = ($bits(confirmation_t) + 31) / 32;
  localparam int unsigned LIMITS_WORDS = ($bits(slot_limits_t) + 31) / 32;
  if ($bits(total_limits_t) > $bits(slot_limits_t))
    $error("risk_registers: total_limits_t must fit into slot_limits_t's words");

  risk_regs_pkg::risk_regs__in_t regs_in;
  risk_regs_pkg::risk_regs__out_t regs_out;

  // The records, and what takes them.
  logic [COMMAND_WORDS-1:0][31:0] command_words;
  logic [CONFIRMATION_WORDS-1:0][31:0] confirmation_words;
  logic [LIMITS_WORDS-1:0][31:0] limits_words;
  for (genvar n = 0; n < COMMAND_WORDS; n++) begin : gen_command
    assign command_words[n] = regs_out.command[n].word.value;
    assign regs_in.command[n].word.hwclr = command_valid;
  end
  for (genvar n = 0; n < LIMITS_WORDS; n++) begin : gen_limits
    assign limits_words[n] = regs_out.limits[n].word.value;
    assign regs_in.limits[n].word.hwclr = command_valid;
  end
  for (genvar n = 0; n < CONFIRMATION_WORDS; n++) begin : gen_confirmation
    assign confirmation_words[n] = regs_out.confirmation[n].word.value;
    assign regs_in.confirmation[n].word.hwclr = confirmation_valid;
  end
  assign command_valid = regs_out.issue.go.value;
  assign command = risk_command_t'(command_words);
  assign slot_limits = slot_limits_t'(limits_words);
  assign total_limits = total_limits_t'(limits_words);
  assign confirmation_valid = regs_out.confirm.go.value;
  assign confirmation = confirmation_t'(confirmation_words);


  // The session, and the packet that waits.
  localparam int unsigned SESSION_WORDS = ($bits(tcp_session_t) + 31) / 32;
  localparam int unsigned PACKET_WORDS = PACKET / 4;
  logic [SESSION_WORDS-1:0][31:0] session_words;
  logic opened_q, waits_q, dropped_q, open_packet;
  logic [15:0] packets_q;
  for (genvar n = 0; n < SESSION_WORDS; n++) begin : gen_session
    assign session_words[n] = regs_out.session[n].word.value;
    assign regs_in.session[n].word.hwclr = regs_out.hand_over.go.value;
  end
  for (genvar n = 0; n < PACKET_WORDS; n++) begin : gen_packet
    assign packet[(PACKET_WORDS-1-n)*32+:32] = regs_out.packet[n].word.value;
    assign regs_in.packet[n].word.swwe = open_packet;
    assign regs_in.packet[n].word.hwclr = packet_valid && packet_ready;
  end
  assign open_packet = !waits_q && !regs_out.send.go.value;
  assign regs_in.send.length.swwe = open_packet;
  assign regs_in.send.go.swwe = open_packet;
  assign session_open = regs_out.hand_over.go.value && open_packet;
  assign session_close = regs_out.take_back.go.value;
  assign session = tcp_session_t'(session_words);
  assign packet_valid = waits_q;
  assign packet_length = regs_out.send.length.value;
  always_ff @(posedge clk) begin
    if (regs_out.hand_over.go.value) opened_q <= session_open && session_taken;
    if (regs_out.send.go.value) waits_q <= 1'b1;
    if (packet_valid && packet_ready) begin
      waits_q   <= 1'b0;
      dropped_q <= packet_refused;
      packets_q <= packets_q + 16'd1;
    end
    if (rst) begin
      opened_q  <= 1'b0;
      waits_q   <= 1'b0;
      dropped_q <= 1'b0;
      packets_q <= '0;
    end
  end
  assign regs_in.session_status.live.next = session_live;
  assign regs_in.session_status.settled.next = session_settled && open_packet;
  assign regs_in.session_status.taken.next = opened_q;
  assign regs_in.session_status.waits.next = !open_packet;
  assign regs_in.session_status.refused.next = dropped_q;
  assign regs_in.session_status.ended.next = session_end;
  assign regs_in.session_status.packets.next = packets_q;
  assign regs_in.unacknowledged.position.next = unacknowledged;
  assign regs_in.next_byte.position.next = next_byte;
  assign regs_in.expected_byte.position.next = expected_byte;

  logic unused;
  assign unused = &{1'b0, command_words, confirmation_words, limits_words, session_words};

  // What became of the last command.
  act_e act_q;
  logic taken_q;
  logic [15:0] count_q;
  always_ff @(posedge clk) begin
    if (echo_valid) begin
      act_q   <= echo_act;
      taken_q <= echo_taken;
      count_q <= count_q + 16'd1;
    end
    if (rst) begin
      act_q   <= act_e'(0);
      taken_q <= 1'b0;
      count_q <= '0;
    end
  end
  assign regs_in.status.killed.next = killed;
  assign regs_in.status.armed.next = armed;
  assign regs_in.status.pending.next = pending;
  assign regs_in.nonce.nonce.next = nonce;
  assign regs_in.last.act.next = 8'(act_q);
  assign regs_in.last.taken.next = taken_q;
  assign regs_in.last.count.next = count_q;

  risk_regs risk_regs_i (
      .clk,
      .rst,
      .s_axil_awready,
      .s_axil_awvalid,
      .s_axil_awaddr,
      .s_axil_awprot,
      .s_axil_wready,
      .s_axil_wvalid,
      .s_axil_wdata,
      .s_axil_wstrb,
      .s_axil_bready,
      .s_axil_bvalid,
      .s_axil_bresp,
      .s_axil_arready,
      .s_axil_arvalid,
      .s_axil_araddr,
      .s_axil_arprot,
      .s_axil_rready,
      .s_axil_rvalid,
      .s_axil_rdata,
      .s_axil_rresp,
      .hwif_in (regs_in),
      .hwif_out(regs_out)
  );
endmodule

`default_nettype wire
