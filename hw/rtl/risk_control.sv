// risk_control: who may command the risk gate, whether it is armed, and what kills it.
//
// What: The key, arming in two steps, the kill switches, the host's beat, the trading session.
// Timing: killed, slot_killed, armed and session_open say what is so in this very cycle, commands
// and faults of it included: a kill is seen at once, arming and reviving from the next cycle on.
// opens says that the command of this cycle has the right key, taken that this block has taken it.
// nonce, pending and the events of m_events (wrong_keys, kills, disarms) come a cycle later.
// Rules: docs/risk.md, "Who may write". Reset: killed, every slot killed, disarmed, no key, no
// hash, session closed. The nonce is the count of requests, then 16 bits of cycle.
// Not: It keeps no limits. Kinds of commands that are others' are theirs to take, when opens.
`default_nettype none

module risk_control
  import tick_pkg::*;
#(
    parameter int unsigned ARM_CYCLES = 1 << 27  // from a request to its arming, at most
) (
    input  logic                           clk,
    input  logic                           rst,
    input  logic          [          15:0] cycle,             // low bits
    input  logic          [MODEL_ID_W-1:0] model_id,
    input  logic                           kill_pin,
    input  logic                           saturated,         // a sum stays at its bound
    input  logic                           mismatch,          // a limit isn't its shadow
    input  logic                           bad_confirmation,
    input  logic                           limits_written,    // some were, in this cycle
    input  logic                           total_written,     // the total ones were, once
    input  logic          [          31:0] silence,           // allowed
    input  logic                           s_valid,
    input  risk_command_t                  s_command,
    output logic                           opens,
    output logic                           taken,
    output logic                           killed,
    output logic          [     SLOTS-1:0] slot_killed,
    output logic                           armed,
    output logic                           session_open,
    output logic          [   NONCE_W-1:0] nonce,
    output logic                           pending,
    output risk_events_t                   m_events
);
  if (ARM_CYCLES < 2) $error("risk_control: ARM_CYCLES must be 2 or more");
  localparam int unsigned WAIT_W = $clog2(ARM_CYCLES);

  logic killed_q, armed_q, open_q, key_known_q, hash_known_q, pending_q;
  logic [SLOTS-1:0] slot_killed_q;
  logic [KEY_W-1:0] key_q;
  logic [63:0] hash_q;
  logic [NONCE_W-1:0] nonce_q;
  logic [15:0] requests_q;
  logic [WAIT_W-1:0] wait_q;
  logic [31:0] silence_q;

  logic free, right, wrong_key, kills, disarms, dies, arms, requests, keys;
  logic is_kill, is_kill_slot, is_disarm, is_arm;
  assign is_kill = s_valid && s_command.act == ACT_KILL;
  assign is_kill_slot = s_valid && s_command.act == ACT_KILL_SLOT;
  assign is_disarm = s_valid && s_command.act == ACT_DISARM;
  assign is_arm = opens && s_command.act == ACT_ARM;

  // The key.
  assign free = s_command.act inside {ACT_KILL, ACT_KILL_SLOT, ACT_DISARM};
  assign keys = s_valid && s_command.act == ACT_KEY && !key_known_q && s_command.key != '0;
  assign right = key_known_q && s_command.key == key_q && s_command.act != ACT_KEY;
  assign opens = s_valid && !free && right;
  assign wrong_key = s_valid && !free && !right && !keys;

  // What stops.
  assign dies = armed_q && silence_q >= silence;
  assign kills = is_kill || kill_pin || saturated || mismatch || dies;
  assign killed = killed_q || kills;
  assign disarms = killed || is_disarm || wrong_key || bad_confirmation;
  assign armed = armed_q && !disarms;
  assign session_open = open_q && !(opens && s_command.act == ACT_SESSION && !s_command.open);
  always_comb begin
    slot_killed = slot_killed_q;
    if (is_kill_slot) slot_killed[s_command.slot] = 1'b1;
  end

  // What starts.
  assign requests = opens && s_command.act == ACT_REQUEST && !armed && !killed && hash_known_q &&
                    total_written;
  assign arms = is_arm && pending_q && !disarms && s_command.nonce == nonce_q &&
                s_command.model_id == model_id && s_command.limits_hash == hash_q;
  always_comb begin
    taken = 1'b0;
    unique case (s_command.act)
      ACT_KEY: taken = keys;
      ACT_KILL, ACT_KILL_SLOT, ACT_DISARM: taken = s_valid;
      ACT_HASH: taken = opens && !armed;
      ACT_REQUEST: taken = requests;
      ACT_ARM: taken = arms;
      ACT_REVIVE: taken = opens && !armed && !kills;
      ACT_REVIVE_SLOT: taken = opens && !armed;
      ACT_BEAT: taken = opens;
      ACT_SESSION: taken = opens && !(s_command.open && armed);
      default: taken = 1'b0;
    endcase
  end

  assign nonce   = nonce_q;
  assign pending = pending_q;

  always_ff @(posedge clk) begin
    if (keys) key_q <= s_command.key;
    if (taken && s_command.act == ACT_HASH) hash_q <= s_command.limits_hash;
    if (requests) nonce_q <= {requests_q, cycle};
    wait_q <= requests ? WAIT_W'(ARM_CYCLES - 1) : wait_q - WAIT_W'(1);
    if (rst) begin
      killed_q      <= 1'b1;
      slot_killed_q <= '1;
      armed_q       <= 1'b0;
      open_q        <= 1'b0;
      key_known_q   <= 1'b0;
      hash_known_q  <= 1'b0;
      pending_q     <= 1'b0;
      requests_q    <= '0;
      silence_q     <= '1;
    end else begin
      killed_q      <= killed && !(taken && s_command.act == ACT_REVIVE);
      slot_killed_q <= slot_killed;
      if (taken && s_command.act == ACT_REVIVE_SLOT) slot_killed_q[s_command.slot] <= 1'b0;
      armed_q <= armed || arms;
      open_q  <= session_open || (taken && s_command.act == ACT_SESSION && s_command.open);
      if (keys) key_known_q <= 1'b1;
      if (limits_written) hash_known_q <= 1'b0;
      else if (taken && s_command.act == ACT_HASH) hash_known_q <= 1'b1;
      if (requests) begin
        pending_q  <= 1'b1;
        requests_q <= requests_q + 16'd1;
      end else if (is_arm || disarms || limits_written || wait_q == '0) begin
        pending_q <= 1'b0;
      end
      if (taken && s_command.act == ACT_BEAT) silence_q <= '0;
      else if (silence_q != '1) silence_q <= silence_q + 32'd1;
    end
  end

  always_ff @(posedge clk) begin
    m_events <= '0;
    if (!rst) begin
      m_events.wrong_keys <= wrong_key;
      m_events.kills      <= killed && !killed_q;
      m_events.disarms    <= armed_q && !armed;
    end
  end
endmodule

`default_nettype wire
