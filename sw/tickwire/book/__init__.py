"""The order book.

types          a level, an order, and the outcome of operations
naive          the specification of a book, in plain Python
compiled       the same book, compiled: a million operations a second; its kernel is in kernel
lobster        judges a book by LOBSTER's own order book, row by row
lobster_files  reads LOBSTER's samples
lobster_itch   transcodes them to ITCH 5.0
"""
