"""Market data: one columnar format of events, and a reader for each source.

events                       the format, in Parquet files
days                         generated days
itch_files, captures         NASDAQ's files; MoldUDP64 in captures
lobster_days, bitstamp       LOBSTER's samples; BTC/USD from ob-analytics
booked                       operations to events, for the readers
commands                     `tickwire data …`
facts                        which stylised facts of real markets a day has
"""
