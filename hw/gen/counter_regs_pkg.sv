// Generated from hw/regs/tickwire.rdl by `python -m hwtools.generate`. Don't edit.

package counter_regs_pkg;
  localparam int unsigned COUNTERS = 101;
  localparam int unsigned FEEDS_0_FRAMES = 0;
  localparam int unsigned FEEDS_0_BAD_PREAMBLE = 1;
  localparam int unsigned FEEDS_0_SHORT_FRAMES = 2;
  localparam int unsigned FEEDS_0_LONG_FRAMES = 3;
  localparam int unsigned FEEDS_0_RECEIVE_ERRORS = 4;
  localparam int unsigned FEEDS_0_BAD_FCS = 5;
  localparam int unsigned FEEDS_0_OTHER_PROTOCOL = 6;
  localparam int unsigned FEEDS_0_BAD_IP_HEADER = 7;
  localparam int unsigned FEEDS_0_IP_OPTIONS = 8;
  localparam int unsigned FEEDS_0_IP_FRAGMENTS = 9;
  localparam int unsigned FEEDS_0_BAD_UDP = 10;
  localparam int unsigned FEEDS_0_FILTERED = 11;
  localparam int unsigned FEEDS_0_TRUNCATED = 12;
  localparam int unsigned FEEDS_0_DATAGRAMS = 13;
  localparam int unsigned FEEDS_0_PACKETS = 14;
  localparam int unsigned FEEDS_0_HEARTBEATS = 15;
  localparam int unsigned FEEDS_0_DUPLICATES = 16;
  localparam int unsigned FEEDS_0_OTHER_SESSION = 17;
  localparam int unsigned FEEDS_0_BAD_CHECKSUM = 18;
  localparam int unsigned FEEDS_0_NO_CHECKSUM = 19;
  localparam int unsigned FEEDS_0_REORDERED = 20;
  localparam int unsigned FEEDS_0_HOLD_DROPS = 21;
  localparam int unsigned FEEDS_1_FRAMES = 32;
  localparam int unsigned FEEDS_1_BAD_PREAMBLE = 33;
  localparam int unsigned FEEDS_1_SHORT_FRAMES = 34;
  localparam int unsigned FEEDS_1_LONG_FRAMES = 35;
  localparam int unsigned FEEDS_1_RECEIVE_ERRORS = 36;
  localparam int unsigned FEEDS_1_BAD_FCS = 37;
  localparam int unsigned FEEDS_1_OTHER_PROTOCOL = 38;
  localparam int unsigned FEEDS_1_BAD_IP_HEADER = 39;
  localparam int unsigned FEEDS_1_IP_OPTIONS = 40;
  localparam int unsigned FEEDS_1_IP_FRAGMENTS = 41;
  localparam int unsigned FEEDS_1_BAD_UDP = 42;
  localparam int unsigned FEEDS_1_FILTERED = 43;
  localparam int unsigned FEEDS_1_TRUNCATED = 44;
  localparam int unsigned FEEDS_1_DATAGRAMS = 45;
  localparam int unsigned FEEDS_1_PACKETS = 46;
  localparam int unsigned FEEDS_1_HEARTBEATS = 47;
  localparam int unsigned FEEDS_1_DUPLICATES = 48;
  localparam int unsigned FEEDS_1_OTHER_SESSION = 49;
  localparam int unsigned FEEDS_1_BAD_CHECKSUM = 50;
  localparam int unsigned FEEDS_1_NO_CHECKSUM = 51;
  localparam int unsigned FEEDS_1_REORDERED = 52;
  localparam int unsigned FEEDS_1_HOLD_DROPS = 53;
  localparam int unsigned PATH_GAPS = 64;
  localparam int unsigned PATH_SESSIONS_ENDED = 65;
  localparam int unsigned PATH_MESSAGE_OVERRUNS = 66;
  localparam int unsigned PATH_BAD_FRAMES = 67;
  localparam int unsigned PATH_MESSAGES = 68;
  localparam int unsigned PATH_UNKNOWN_TYPES = 69;
  localparam int unsigned PATH_WRONG_LENGTHS = 70;
  localparam int unsigned PATH_BOOK_MESSAGES = 71;
  localparam int unsigned PATH_TRADE_MESSAGES = 72;
  localparam int unsigned PATH_STATUS_MESSAGES = 73;
  localparam int unsigned PATH_OTHER_INSTRUMENTS = 74;
  localparam int unsigned PATH_UNKNOWN_REFERENCES = 75;
  localparam int unsigned PATH_DUPLICATE_REFERENCES = 76;
  localparam int unsigned PATH_EXCESS_SHARES = 77;
  localparam int unsigned PATH_ZERO_PRICES = 78;
  localparam int unsigned PATH_ZERO_SHARES = 79;
  localparam int unsigned PATH_TABLE_OVERFLOWS = 80;
  localparam int unsigned PATH_LEVEL_OVERFLOWS = 81;
  localparam int unsigned PATH_NUMBER_OVERFLOWS = 82;
  localparam int unsigned PATH_DEPTH_LOSSES = 83;
  localparam int unsigned PATH_IGNORED_OPERATIONS = 84;
  localparam int unsigned PATH_KEPT_OUT = 85;
  localparam int unsigned PATH_REFUSED_TRUSTS = 86;
  localparam int unsigned PATH_CROSSED_BOOKS = 87;
  localparam int unsigned PATH_LOCKED_BOOKS = 88;
  localparam int unsigned PATH_STALE_BOOKS = 89;
  localparam int unsigned PATH_PARITY_ERRORS = 90;
  localparam int unsigned PATH_FEED_DROPS = 91;
  localparam int unsigned PATH_BOOK_DROPS = 92;
  localparam int unsigned PATH_NETWORK_DROPS = 93;
  localparam int unsigned PATH_RECORD_DROPS = 94;
  localparam int unsigned PATH_INFERENCES = 95;
  localparam int unsigned PATH_SIGNALS_NONE = 96;
  localparam int unsigned PATH_SIGNALS_BUY = 97;
  localparam int unsigned PATH_SIGNALS_SELL = 98;
  localparam int unsigned PATH_LATE_JOINS = 99;
  localparam int unsigned PATH_LATE_SLOTS = 100;

  // Those that may add more than 1 in a cycle, and the bits of what the widest may add.
  localparam logic [COUNTERS-1:0] WIDE =
      (COUNTERS'(1) << PATH_MESSAGE_OVERRUNS) |
      (COUNTERS'(1) << PATH_MESSAGES) |
      (COUNTERS'(1) << PATH_WRONG_LENGTHS) |
      (COUNTERS'(1) << PATH_STALE_BOOKS) |
      (COUNTERS'(1) << PATH_FEED_DROPS) |
      (COUNTERS'(1) << PATH_LATE_SLOTS);
  localparam int unsigned STEP_W = 4;
  typedef logic [COUNTERS-1:0][STEP_W-1:0] increments_t;

  // What each counter adds in this cycle.
  function automatic increments_t increments_of(
      input tick_pkg::feed_events_t [1:0] feeds, input tick_pkg::path_events_t path);
    increments_of = '0;
    increments_of[FEEDS_0_FRAMES] = STEP_W'(feeds[0].frames);
    increments_of[FEEDS_0_BAD_PREAMBLE] = STEP_W'(feeds[0].bad_preamble);
    increments_of[FEEDS_0_SHORT_FRAMES] = STEP_W'(feeds[0].short_frames);
    increments_of[FEEDS_0_LONG_FRAMES] = STEP_W'(feeds[0].long_frames);
    increments_of[FEEDS_0_RECEIVE_ERRORS] = STEP_W'(feeds[0].receive_errors);
    increments_of[FEEDS_0_BAD_FCS] = STEP_W'(feeds[0].bad_fcs);
    increments_of[FEEDS_0_OTHER_PROTOCOL] = STEP_W'(feeds[0].other_protocol);
    increments_of[FEEDS_0_BAD_IP_HEADER] = STEP_W'(feeds[0].bad_ip_header);
    increments_of[FEEDS_0_IP_OPTIONS] = STEP_W'(feeds[0].ip_options);
    increments_of[FEEDS_0_IP_FRAGMENTS] = STEP_W'(feeds[0].ip_fragments);
    increments_of[FEEDS_0_BAD_UDP] = STEP_W'(feeds[0].bad_udp);
    increments_of[FEEDS_0_FILTERED] = STEP_W'(feeds[0].filtered);
    increments_of[FEEDS_0_TRUNCATED] = STEP_W'(feeds[0].truncated);
    increments_of[FEEDS_0_DATAGRAMS] = STEP_W'(feeds[0].datagrams);
    increments_of[FEEDS_0_PACKETS] = STEP_W'(feeds[0].packets);
    increments_of[FEEDS_0_HEARTBEATS] = STEP_W'(feeds[0].heartbeats);
    increments_of[FEEDS_0_DUPLICATES] = STEP_W'(feeds[0].duplicates);
    increments_of[FEEDS_0_OTHER_SESSION] = STEP_W'(feeds[0].other_session);
    increments_of[FEEDS_0_BAD_CHECKSUM] = STEP_W'(feeds[0].bad_checksum);
    increments_of[FEEDS_0_NO_CHECKSUM] = STEP_W'(feeds[0].no_checksum);
    increments_of[FEEDS_0_REORDERED] = STEP_W'(feeds[0].reordered);
    increments_of[FEEDS_0_HOLD_DROPS] = STEP_W'(feeds[0].hold_drops);
    increments_of[FEEDS_1_FRAMES] = STEP_W'(feeds[1].frames);
    increments_of[FEEDS_1_BAD_PREAMBLE] = STEP_W'(feeds[1].bad_preamble);
    increments_of[FEEDS_1_SHORT_FRAMES] = STEP_W'(feeds[1].short_frames);
    increments_of[FEEDS_1_LONG_FRAMES] = STEP_W'(feeds[1].long_frames);
    increments_of[FEEDS_1_RECEIVE_ERRORS] = STEP_W'(feeds[1].receive_errors);
    increments_of[FEEDS_1_BAD_FCS] = STEP_W'(feeds[1].bad_fcs);
    increments_of[FEEDS_1_OTHER_PROTOCOL] = STEP_W'(feeds[1].other_protocol);
    increments_of[FEEDS_1_BAD_IP_HEADER] = STEP_W'(feeds[1].bad_ip_header);
    increments_of[FEEDS_1_IP_OPTIONS] = STEP_W'(feeds[1].ip_options);
    increments_of[FEEDS_1_IP_FRAGMENTS] = STEP_W'(feeds[1].ip_fragments);
    increments_of[FEEDS_1_BAD_UDP] = STEP_W'(feeds[1].bad_udp);
    increments_of[FEEDS_1_FILTERED] = STEP_W'(feeds[1].filtered);
    increments_of[FEEDS_1_TRUNCATED] = STEP_W'(feeds[1].truncated);
    increments_of[FEEDS_1_DATAGRAMS] = STEP_W'(feeds[1].datagrams);
    increments_of[FEEDS_1_PACKETS] = STEP_W'(feeds[1].packets);
    increments_of[FEEDS_1_HEARTBEATS] = STEP_W'(feeds[1].heartbeats);
    increments_of[FEEDS_1_DUPLICATES] = STEP_W'(feeds[1].duplicates);
    increments_of[FEEDS_1_OTHER_SESSION] = STEP_W'(feeds[1].other_session);
    increments_of[FEEDS_1_BAD_CHECKSUM] = STEP_W'(feeds[1].bad_checksum);
    increments_of[FEEDS_1_NO_CHECKSUM] = STEP_W'(feeds[1].no_checksum);
    increments_of[FEEDS_1_REORDERED] = STEP_W'(feeds[1].reordered);
    increments_of[FEEDS_1_HOLD_DROPS] = STEP_W'(feeds[1].hold_drops);
    increments_of[PATH_GAPS] = STEP_W'(path.gaps);
    increments_of[PATH_SESSIONS_ENDED] = STEP_W'(path.sessions_ended);
    increments_of[PATH_MESSAGE_OVERRUNS] = STEP_W'(feeds[0].message_overruns) + STEP_W'(feeds[1].message_overruns);
    increments_of[PATH_BAD_FRAMES] = STEP_W'(path.bad_frames);
    increments_of[PATH_MESSAGES] = STEP_W'(path.messages);
    increments_of[PATH_UNKNOWN_TYPES] = STEP_W'(path.unknown_types);
    increments_of[PATH_WRONG_LENGTHS] = STEP_W'(path.wrong_lengths);
    increments_of[PATH_BOOK_MESSAGES] = STEP_W'(path.book_messages);
    increments_of[PATH_TRADE_MESSAGES] = STEP_W'(path.trade_messages);
    increments_of[PATH_STATUS_MESSAGES] = STEP_W'(path.status_messages);
    increments_of[PATH_OTHER_INSTRUMENTS] = STEP_W'(path.other_instruments);
    increments_of[PATH_UNKNOWN_REFERENCES] = STEP_W'(path.unknown_references);
    increments_of[PATH_DUPLICATE_REFERENCES] = STEP_W'(path.duplicate_references);
    increments_of[PATH_EXCESS_SHARES] = STEP_W'(path.excess_shares);
    increments_of[PATH_ZERO_PRICES] = STEP_W'(path.zero_prices);
    increments_of[PATH_ZERO_SHARES] = STEP_W'(path.zero_shares);
    increments_of[PATH_TABLE_OVERFLOWS] = STEP_W'(path.table_overflows);
    increments_of[PATH_LEVEL_OVERFLOWS] = STEP_W'(path.level_overflows);
    increments_of[PATH_NUMBER_OVERFLOWS] = STEP_W'(path.number_overflows);
    increments_of[PATH_DEPTH_LOSSES] = STEP_W'(path.depth_losses);
    increments_of[PATH_IGNORED_OPERATIONS] = STEP_W'(path.ignored_operations);
    increments_of[PATH_KEPT_OUT] = STEP_W'(path.kept_out);
    increments_of[PATH_REFUSED_TRUSTS] = STEP_W'(path.refused_trusts);
    increments_of[PATH_CROSSED_BOOKS] = STEP_W'(path.crossed_books);
    increments_of[PATH_LOCKED_BOOKS] = STEP_W'(path.locked_books);
    increments_of[PATH_STALE_BOOKS] = STEP_W'(path.stale_books);
    increments_of[PATH_PARITY_ERRORS] = STEP_W'(path.parity_errors);
    increments_of[PATH_FEED_DROPS] = STEP_W'(feeds[0].feed_drops) + STEP_W'(feeds[1].feed_drops);
    increments_of[PATH_BOOK_DROPS] = STEP_W'(path.book_drops);
    increments_of[PATH_NETWORK_DROPS] = STEP_W'(path.network_drops);
    increments_of[PATH_RECORD_DROPS] = STEP_W'(path.record_drops);
    increments_of[PATH_INFERENCES] = STEP_W'(path.inferences);
    increments_of[PATH_SIGNALS_NONE] = STEP_W'(path.signals_none);
    increments_of[PATH_SIGNALS_BUY] = STEP_W'(path.signals_buy);
    increments_of[PATH_SIGNALS_SELL] = STEP_W'(path.signals_sell);
    increments_of[PATH_LATE_JOINS] = STEP_W'(path.late_joins);
    increments_of[PATH_LATE_SLOTS] = STEP_W'(path.late_slots);
  endfunction

  // The event of a book record with this cause, if any.
  function automatic tick_pkg::path_events_t events_of(input tick_pkg::reason_e cause);
    events_of = '0;
    unique case (cause)
      tick_pkg::REASON_UNKNOWN_REFERENCE: events_of.unknown_references = 1'b1;
      tick_pkg::REASON_DUPLICATE_REFERENCE: events_of.duplicate_references = 1'b1;
      tick_pkg::REASON_EXCESS_SHARES: events_of.excess_shares = 1'b1;
      tick_pkg::REASON_BAD_PRICE: events_of.zero_prices = 1'b1;
      tick_pkg::REASON_BAD_SHARES: events_of.zero_shares = 1'b1;
      tick_pkg::REASON_TABLE_OVERFLOW: events_of.table_overflows = 1'b1;
      tick_pkg::REASON_LEVEL_OVERFLOW: events_of.level_overflows = 1'b1;
      tick_pkg::REASON_NUMBER_OVERFLOW: events_of.number_overflows = 1'b1;
      tick_pkg::REASON_DEPTH_LOST: events_of.depth_losses = 1'b1;
      default: ;
    endcase
  endfunction
endpackage
