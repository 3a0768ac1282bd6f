// Generated from hw/regs/soup.toml by `python -m hwtools.generate`. Don't edit.
//
// soup_pkg: SoupBinTCP. X_TYPE is a message's type, X_LENGTH its bytes without what may
// follow (a count of appendages that is always there is among them), X_Y_AT the place of
// field Y's first byte, its most significant; the type is at 0. CODE_C_L is a letter, TAG_T
// an appendage's number, TAG_T_LENGTH the bytes of its value.
`default_nettype none

package soup_pkg;
  // What follows the fields of a message: see the table.
  typedef enum logic [1:0] {
    TAIL_NONE = 2'd0,
    TAIL_TAGS = 2'd1,
    TAIL_OPTIONAL_TAGS = 2'd2,
    TAIL_PAYLOAD = 2'd3
  } tail_e;

  localparam int unsigned MESSAGE_LENGTH_W = 6;
  localparam int unsigned LONGEST_OF_CLIENT = 47;
  localparam int unsigned LONGEST_OF_VENUE = 31;

  // +, from either: A text for people; it is not looked at.
  localparam logic [7:0] DEBUG_TYPE = 8'h2b;
  localparam int unsigned DEBUG_LENGTH = 1;

  // L, from the client: The client asks for a session, from a message on.
  localparam logic [7:0] LOGIN_REQUEST_TYPE = 8'h4c;
  localparam int unsigned LOGIN_REQUEST_LENGTH = 47;
  localparam int unsigned LOGIN_REQUEST_USERNAME_AT = 1;  // 6 bytes, alpha
  localparam int unsigned LOGIN_REQUEST_PASSWORD_AT = 7;  // 10 bytes, alpha
  localparam int unsigned LOGIN_REQUEST_REQUESTED_SESSION_AT = 17;  // 10 bytes, alpha
  localparam int unsigned LOGIN_REQUEST_REQUESTED_SEQUENCE_NUMBER_AT = 27;  // 20 bytes, digits

  // U, from the client: A message to the venue.
  localparam logic [7:0] UNSEQUENCED_DATA_TYPE = 8'h55;
  localparam int unsigned UNSEQUENCED_DATA_LENGTH = 1;

  // R, from the client: The client lives.
  localparam logic [7:0] CLIENT_HEARTBEAT_TYPE = 8'h52;
  localparam int unsigned CLIENT_HEARTBEAT_LENGTH = 1;

  // O, from the client: The client wants the connection to end.
  localparam logic [7:0] LOGOUT_REQUEST_TYPE = 8'h4f;
  localparam int unsigned LOGOUT_REQUEST_LENGTH = 1;

  // A, from the venue: The client is let in.
  localparam logic [7:0] LOGIN_ACCEPTED_TYPE = 8'h41;
  localparam int unsigned LOGIN_ACCEPTED_LENGTH = 31;
  localparam int unsigned LOGIN_ACCEPTED_SESSION_AT = 1;  // 10 bytes, alpha
  localparam int unsigned LOGIN_ACCEPTED_SEQUENCE_NUMBER_AT = 11;  // 20 bytes, digits

  // J, from the venue: It isn't; the connection ends.
  localparam logic [7:0] LOGIN_REJECTED_TYPE = 8'h4a;
  localparam int unsigned LOGIN_REJECTED_LENGTH = 2;
  localparam int unsigned LOGIN_REJECTED_REJECT_REASON_CODE_AT = 1;  // 1 byte, alpha

  // S, from the venue: A message to the client, its number one above the last one's.
  localparam logic [7:0] SEQUENCED_DATA_TYPE = 8'h53;
  localparam int unsigned SEQUENCED_DATA_LENGTH = 1;

  // H, from the venue: The venue lives.
  localparam logic [7:0] SERVER_HEARTBEAT_TYPE = 8'h48;
  localparam int unsigned SERVER_HEARTBEAT_LENGTH = 1;

  // Z, from the venue: The session is over: no more messages come.
  localparam logic [7:0] END_OF_SESSION_TYPE = 8'h5a;
  localparam int unsigned END_OF_SESSION_LENGTH = 1;

  // The length of a client's message; 0 where the type isn't one.
  function automatic logic [6-1:0] client_length(logic [7:0] kind);
    unique case (kind)
      DEBUG_TYPE: return 6'd1;
      LOGIN_REQUEST_TYPE: return 6'd47;
      UNSEQUENCED_DATA_TYPE: return 6'd1;
      CLIENT_HEARTBEAT_TYPE: return 6'd1;
      LOGOUT_REQUEST_TYPE: return 6'd1;
      default: return '0;
    endcase
  endfunction
  // The tail of a client's message.
  function automatic tail_e client_tail(logic [7:0] kind);
    unique case (kind)
      DEBUG_TYPE: return TAIL_PAYLOAD;
      LOGIN_REQUEST_TYPE: return TAIL_NONE;
      UNSEQUENCED_DATA_TYPE: return TAIL_PAYLOAD;
      CLIENT_HEARTBEAT_TYPE: return TAIL_NONE;
      LOGOUT_REQUEST_TYPE: return TAIL_NONE;
      default: return TAIL_NONE;
    endcase
  endfunction

  // The length of a venue's message; 0 where the type isn't one.
  function automatic logic [6-1:0] venue_length(logic [7:0] kind);
    unique case (kind)
      DEBUG_TYPE: return 6'd1;
      LOGIN_ACCEPTED_TYPE: return 6'd31;
      LOGIN_REJECTED_TYPE: return 6'd2;
      SEQUENCED_DATA_TYPE: return 6'd1;
      SERVER_HEARTBEAT_TYPE: return 6'd1;
      END_OF_SESSION_TYPE: return 6'd1;
      default: return '0;
    endcase
  endfunction
  // The tail of a venue's message.
  function automatic tail_e venue_tail(logic [7:0] kind);
    unique case (kind)
      DEBUG_TYPE: return TAIL_PAYLOAD;
      LOGIN_ACCEPTED_TYPE: return TAIL_NONE;
      LOGIN_REJECTED_TYPE: return TAIL_NONE;
      SEQUENCED_DATA_TYPE: return TAIL_PAYLOAD;
      SERVER_HEARTBEAT_TYPE: return TAIL_NONE;
      END_OF_SESSION_TYPE: return TAIL_NONE;
      default: return TAIL_NONE;
    endcase
  endfunction
endpackage

`default_nettype wire
