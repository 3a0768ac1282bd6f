// order_cancel: what a kill sends to the venue, so that nothing of it stays open there.
//
// What: where the gate is killed, disable_order_entry and then mass_cancel of everything; where one
// slot is, mass_cancel of the symbol of that slot's last order. docs/session.md has the rule. Each
// is a packet of SoupBinTCP, offered to order_queue, and numbered by the gate as it leaves:
// `number` is the next token, which m_taken takes from the gate.
//
// Timing: a kill of cycle n offers its first packet from n + 2 on, one a time (m_valid, until
// m_ready). m_events come a cycle later. blocks is up as long, and 2 cycles more: an order whose
// token is below that of a packet has reached order_queue by then, and mustn't be sent behind it.
//
// Rules: s_echo is the gate's, a cycle after its command; s_slot that of the order that it lets
// pass, which is s_message in the next cycle, if OUCH can carry it. `kill` sends both anew, whether
// or not the gate was killed already. Nothing is sent that was asked for while the session wasn't
// live, nor where it ends first: it is the host's again, which knows. Nor is anything where the
// gate has no token left, or never had one. Reset forgets all.
//
// Not: it doesn't ask whether anything is open, and doesn't look at what the venue answers.
`default_nettype none

module order_cancel
  import tick_pkg::*;
#(
    localparam int unsigned ORDER = ouch_pkg::ENTER_ORDER_LENGTH,
    localparam int unsigned LONGEST = ouch_pkg::MASS_CANCEL_LENGTH + 3,
    localparam int unsigned LENGTH_W = 6
) (
    input  logic                          clk,
    input  logic                          rst,
    input  logic                          live,
    input  logic                          killed,
    input  logic                          s_echo_valid,
    input  risk_command_t                 s_echo,
    input  logic          [   SLOT_W-1:0] s_slot,
    input  logic                          s_valid,
    input  logic          [  ORDER*8-1:0] s_message,
    input  logic                          number_known,
    input  logic          [  TOKEN_W-1:0] number,
    output logic                          m_valid,
    output logic          [LONGEST*8-1:0] m_packet,
    output logic          [ LENGTH_W-1:0] m_length,
    input  logic                          m_ready,
    output logic                          m_taken,
    output logic                          blocks,
    output link_events_t                  m_events
);
  localparam int unsigned DISABLE = ouch_pkg::DISABLE_ORDER_ENTRY_LENGTH;
  localparam int unsigned CANCEL = ouch_pkg::MASS_CANCEL_LENGTH;
  localparam logic [31:0] OWN_FIRM = "    ";  // the port's
  localparam logic [63:0] ALL = "        ";

  // What is to be sent: first that no more is taken, then what takes back.
  logic killed_q, rises_q, disables_d, disables_q, all_d, all_q, everything, something;
  logic [SLOTS-1:0] slots_d, slots_q, known_q;
  logic [SLOTS-1:0][63:0] symbol_q;
  logic [SLOT_W-1:0] slot, slot_q;
  logic [1:0] behind_q;
  logic here;  // where it can't be sent it is the host's

  assign here = live && number_known;
  assign everything = rises_q || (s_echo_valid && s_echo.act == ACT_KILL);
  assign something = disables_q || all_q || slots_q != '0;
  assign m_valid = something && here;
  assign m_taken = m_valid && m_ready;
  assign blocks = something || behind_q != '0;

  always_comb begin
    slot = '0;
    for (int i = SLOTS - 1; i >= 0; i--) if (slots_q[i]) slot = SLOT_W'(i);
    disables_d = disables_q && !m_taken;
    all_d = all_q && !(m_taken && !disables_q);
    slots_d = slots_q;
    if (m_taken && !disables_q && !all_q) slots_d[slot] = 1'b0;
    if (s_echo_valid && s_echo.act == ACT_KILL_SLOT && known_q[s_echo.slot]) begin
      slots_d[s_echo.slot] = 1'b1;
    end
    if (everything) begin
      disables_d = 1'b1;
      all_d = 1'b1;
      slots_d = '0;
    end
  end

  logic [DISABLE*8-1:0] disable_message;
  logic [ CANCEL*8-1:0] cancel_message;
  always_comb begin
    disable_message = {
      ouch_pkg::DISABLE_ORDER_ENTRY_TYPE, number, OWN_FIRM, 16'd0  // no appendage
    };
    cancel_message = {
      ouch_pkg::MASS_CANCEL_TYPE, number, OWN_FIRM, all_q ? ALL : symbol_q[slot], 16'd0
    };
    m_length = LENGTH_W'(3 + CANCEL);
    m_packet = {16'(1 + CANCEL), soup_pkg::UNSEQUENCED_DATA_TYPE, cancel_message};
    if (disables_q) begin
      m_length = LENGTH_W'(3 + DISABLE);
      m_packet = {
        16'(1 + DISABLE),
        soup_pkg::UNSEQUENCED_DATA_TYPE,
        disable_message,
        {((CANCEL - DISABLE) * 8) {1'b0}}
      };
    end
  end

  always_ff @(posedge clk) begin
    slot_q <= s_slot;
    if (s_valid) symbol_q[slot_q] <= s_message[(ORDER-ouch_pkg::ENTER_ORDER_SYMBOL_AT)*8-1-:64];
    m_events <= '0;
    if (rst) begin
      killed_q   <= 1'b1;
      rises_q    <= 1'b0;
      disables_q <= 1'b0;
      all_q      <= 1'b0;
      slots_q    <= '0;
      known_q    <= '0;
      behind_q   <= '0;
    end else begin
      killed_q <= killed;
      rises_q <= killed && !killed_q;
      disables_q <= here && disables_d;
      all_q <= here && all_d;
      slots_q <= here ? slots_d : '0;
      behind_q <= {behind_q[0], m_taken};
      if (s_valid) known_q[slot_q] <= 1'b1;
      m_events.cancels <= m_taken;
      m_events.cancels_unsent <= !here && (disables_d || all_d || slots_d != '0);
    end
  end

  logic unused;
  assign unused = &{1'b0, s_echo, s_message};
endmodule

`default_nettype wire
