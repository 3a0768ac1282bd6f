// Properties of hash_table at few keys and places. One slot and key, free and fixed, are followed:
// what a lookup of them finds is what the answers before it left there. The user keeps the
// distances and the rules for a pair that the module's header asks for, and else does anything,
// clears of sweeping slots too.
`default_nettype none

module hash_table_props #(
    localparam int unsigned KEY_W   = 3,
    localparam int unsigned VALUE_W = 2,
    localparam int unsigned SLOT_W  = tick_pkg::SLOT_W
) (
    input logic               clk,
    input logic               rst,
    input logic               clear,
    input logic [        0:0] n_slot,
    input logic [  KEY_W-1:0] n_key,
    input logic [  KEY_W-1:0] n_key2,
    input logic               n_pair,
    input logic               s_valid,
    input logic               w_store,
    input logic               w_erase,
    input logic [VALUE_W-1:0] w_value,
    input logic               w_store2,
    input logic [VALUE_W-1:0] w_value2
);
  logic ready, error, m_valid, m_hit, m_room, m_hit2, m_room2;
  logic [1:0] sweeping;
  logic [VALUE_W-1:0] m_value;

  // What comes was named a cycle before; a clear is of the same slot.
  logic [0:0] slot;
  logic [KEY_W-1:0] s_key, s_key2;
  logic s_pair;
  always_ff @(posedge clk) {slot, s_key, s_key2, s_pair} <= {n_slot, n_key, n_key2, n_pair};

  hash_table #(
      .KEY_W  (KEY_W),
      .VALUE_W(VALUE_W),
      .ROWS   (2),
      .WAYS   (1),
      .BOOKS  (2),
      .SPOILS (1)
  ) dut (
      .clk,
      .rst,
      .ready,
      .error,
      .clear,
      .clear_slot(SLOT_W'(slot)),
      .sweeping,
      .n_slot    (SLOT_W'(n_slot)),
      .n_key,
      .n_key2,
      .n_pair,
      .s_valid,
      .p_values  (),
      .m_valid,
      .m_hit,
      .m_room,
      .m_select  (),
      .m_value,
      .m_hit2,
      .m_room2,
      .w_store,
      .w_erase,
      .w_value,
      .w_store2,
      .w_value2
  );

  // What came, by how many cycles ago.
  typedef struct packed {
    logic looked;
    logic pair;
    logic first;    // it was the followed one
    logic second;
    logic cleared;  // the followed slot was
    logic blind;
  } event_t;

  logic started_q = 1'b0;
  logic slot_followed_q;  // any, fixed: no reset, and they keep their values
  logic [KEY_W-1:0] key_followed_q;
  event_t now;
  event_t [2:0] past_q;
  logic [1:0] wait_q;  // cycles until something may come
  logic there_q;
  logic [VALUE_W-1:0] value_q;
  logic [1:0] clears_q;


  event_t due;
  assign due = past_q[2];
  always_comb begin
    now.looked  = s_valid;
    now.pair    = s_valid && s_pair;
    now.first   = s_valid && {slot, s_key} == {slot_followed_q, key_followed_q};
    now.second  = now.pair && {slot, s_key2} == {slot_followed_q, key_followed_q};
    now.cleared = clear && slot == slot_followed_q;
    now.blind   = !ready;
  end

  always_ff @(posedge clk) begin
    started_q       <= started_q || rst;
    slot_followed_q <= slot_followed_q;
    key_followed_q  <= key_followed_q;
    past_q          <= {past_q[1:0], now};
    wait_q          <= wait_q - 2'(wait_q != '0);
    if (s_valid || clear) wait_q <= now.pair ? 2'd3 : 2'd1;
    if (due.looked && ready) begin
      if (w_store && due.first && m_room) begin
        there_q <= 1'b1;
        value_q <= w_value;
      end else if (w_erase && due.first) there_q <= 1'b0;
      if (due.pair && w_store2 && due.second && m_room2) begin
        there_q <= 1'b1;
        value_q <= w_value2;
      end
    end
    if (due.cleared) there_q <= 1'b0;
    if (now.cleared) clears_q <= clears_q + 2'(clears_q != '1);
    if (error) there_q <= 1'b0;
    if (rst) begin
      past_q   <= '0;
      wait_q   <= '0;
      there_q  <= 1'b0;
      clears_q <= '0;
    end
  end

  logic stored;
  assign stored = there_q && !due.blind;
  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    reset_once : assume (!(rst && started_q));
    apart : assume (!(s_valid || clear) || wait_q == '0);
    one_thing : assume (!(s_valid && clear));
    pairs_store_the_second :
    assume (!(due.pair && w_store2) || (!m_hit2 && !w_store && (w_erase || !m_hit)));
    if (started_q && !rst) begin
      answered : assert (m_valid == due.looked);
      finds_the_last_write : assert (!due.first || m_hit == stored);
      with_its_value : assert (!(due.first && m_hit) || m_value == value_q);
      second_without_first : assert (!due.second || m_hit2 == (stored && !due.first));
      a_hit_has_room : assert ((!m_hit || m_room) && (!(due.pair && m_hit2) || m_room2));
      a_cleared_slot_sweeps : assert (!past_q[0].cleared || sweeping[slot_followed_q]);
      error_empties : assert (!error || (!ready && sweeping == '1));
      hit_after_a_clear : cover (clears_q == 2'd1 && due.first && m_hit);
      no_room : cover (due.looked && !due.blind && !m_room);
      swept : cover (clears_q == 2'd1 && sweeping == '0);
      hit_after_two_clears : cover (clears_q == 2'd2 && ready && due.first && m_hit && !error);
      after_an_error : cover (clears_q >= 2'd2 && ready && due.first && !due.blind && !m_hit);
      second_hit : cover (due.second && m_hit2);
    end
  end
endmodule

`default_nettype wire
