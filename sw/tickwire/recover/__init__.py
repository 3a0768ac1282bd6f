"""What both lines lost, asked for again: MoldUDP64's re-requests, and the books that they mend.

spans      sets of sequence numbers, as spans
stream     a session's messages from whatever brings them, in order and each once
requests   what is asked when, how often, and when nobody asks any more
recovery   a stream with its requests: which answers are taken, which are refused
client     both on a UDP socket
server     what answers: a day's messages by number
live       beside a live feed: the host's books, and snapshots of them for the board
filled     a capture with what it lacked
"""
