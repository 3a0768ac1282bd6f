// feature_sampler: how far the middle went since some buckets of the exchange's time ago.
//
// What: a momentum of docs/reference/features.md, and whether its sampler is full. Of the buckets
// that it looks back on it keeps those in which an event came; the middle of one that was skipped
// is that of the next.
//
// Timing: a port's last digit is its cycle. slot0 and bucket0 bring a record's slot and the number
// of the bucket that its exchange time is in, 2 cycles or more after the last; event1 says in the
// next cycle that it is an event, with slot1, middle1, before1, the middle of the event before,
// and first1, the slot's first: then before1 has no meaning. In cycle 2, full2 says of an event,
// and of a record of a slot that had one, that BUCKETS buckets began since the slot's first event.
// In cycle 3 momentum3 is the feature of an event. Constant latency, no backpressure. No reset: a
// slot begins with its first event.
//
// Not: without an event nothing is remembered, and momentum3 has no meaning.
`default_nettype none

module feature_sampler
  import tick_pkg::*;
  import feature_pkg::*;
#(
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    parameter int unsigned NUMBER_W = 20,  // bits of a bucket's number
    parameter int unsigned BUCKETS = 4,  // looked back on
    parameter int unsigned KNEE = 7,  // of the squash
    localparam int unsigned BOOK_W = $clog2(BOOKS)
) (
    input  logic                    clk,
    input  logic     [  BOOK_W-1:0] slot0,
    input  logic     [NUMBER_W-1:0] bucket0,
    input  logic                    event1,
    input  logic                    first1,
    input  logic     [  BOOK_W-1:0] slot1,
    input  middle_t                 middle1,
    input  middle_t                 before1,
    output logic                    full2,
    output element_t                momentum3
);
  if (BOOKS < 2 || BOOKS > SLOTS) $error("feature_sampler: BOOKS must be 2 to SLOTS");
  if (BUCKETS < 2 || BUCKETS > 16) $error("feature_sampler: BUCKETS must be 2 to 16");
  if (NUMBER_W < 6) $error("feature_sampler: a bucket's number has too few bits");
  if (!squashable(KNEE)) $error("feature_sampler: a knee must be 4 to 15");

  localparam int unsigned MOST_AGE = BUCKETS - 1;
  localparam int unsigned PLACE_W = $clog2(BUCKETS);
  typedef logic [PLACE_W-1:0] place_t;
  typedef logic [PLACE_W:0] count_t;

  (* ram_style = "distributed" *) logic [NUMBER_W-1:0] numbers[BOOKS];
  (* ram_style = "distributed" *) logic [MOST_AGE:0] met[BOOKS];  // by age: an event came
  (* ram_style = "distributed" *) logic [PLACE_W:0] counts[BOOKS];  // begun since the first
  (* ram_style = "distributed" *) middle_t samples[BOOKS<<PLACE_W];
  logic [NUMBER_W-1:0] bucket1_q;
  logic [NUMBER_W:0] begun0;
  count_t begun1_q, count1;  // at most the places
  logic [MOST_AGE:0] met1;
  place_t age1, place1, place1_q, place2_q;
  logic [BOOK_W-1:0] slot2_q;
  middle_t middle2_q;
  move_t away2;
  window_t away3_q;
  always_comb begin
    begun0  = {1'b0, bucket0} - {1'b0, numbers[slot0]};
    met1    = first1 ? '0 : (met[slot1] << begun1_q);
    met1[0] = 1'b1;
    age1    = '0;
    for (int unsigned age = 0; age <= MOST_AGE; age++) if (met1[age]) age1 = PLACE_W'(age);
    place1 = begun1_q == '0 && !first1 ? place1_q : place_t'(bucket1_q);
    count1 = first1 ? '0 : counts[slot1];
    if (!first1) begin
      if (begun1_q >= count_t'(BUCKETS) - count1) count1 = count_t'(BUCKETS);
      else count1 = count1 + begun1_q;
    end
    away2 = $signed((MIDDLE_W + 1)'(middle2_q)) -
        $signed((MIDDLE_W + 1)'(samples[{slot2_q, place2_q}]));
  end
  always_ff @(posedge clk) begin
    bucket1_q <= bucket0;
    place1_q  <= place_t'(numbers[slot0]);
    if (begun0[NUMBER_W]) begun1_q <= '0;
    else if (begun0[NUMBER_W-1:PLACE_W] != '0) begun1_q <= {1'b1, PLACE_W'(0)};
    else begun1_q <= count_t'(begun0);
    place2_q  <= place1 - age1;
    slot2_q   <= slot1;
    middle2_q <= middle1;
    full2     <= (event1 ? count1 : counts[slot1]) == count_t'(BUCKETS);
    away3_q   <= window(44'(away2), KNEE);
    if (event1) begin
      met[slot1]    <= met1;
      counts[slot1] <= count1;
      if (first1 || begun1_q != '0) begin
        numbers[slot1]           <= bucket1_q;
        samples[{slot1, place1}] <= first1 ? middle1 : before1;
      end
    end
  end
  assign momentum3 = signed_squash(away3_q);
endmodule

`default_nettype wire
