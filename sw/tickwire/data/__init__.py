"""Market data: one columnar format of events, and a reader for each source.

events                       the format, in Parquet files
days                         generated days, as events and as captures
itch_files, captures         files of ITCH messages; ITCH and DEEP in captures
instruments                  names and locates of what is followed
lobster_days, bitstamp       LOBSTER's samples; BTC/USD from ob-analytics
booked                       operations to events, for the readers
commands                     `tickwire data …`
facts                        which stylised facts of real markets a day has
"""
