"""What the designs that are simulated are built with, and what follows from it."""

from __future__ import annotations

TABLES = {"ORDER_ROWS": 4096, "LEVEL_ROWS": 2048}  # room for 32,768 orders and 16,384 levels
SPACING = {8: 8, 64: 2}  # cycles between operations, by width
START = 10_000  # cycles until the tables are empty after reset, and more
