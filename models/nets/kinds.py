"""Which students there are and what they forecast, for those that need no torch."""

KINDS = ("mlp", "cnn", "lstm_attn")
HORIZONS = (10, 50, 100)  # samples ahead
