"""The kinds of students, for those that need no torch."""

KINDS = ("mlp", "cnn", "lstm_attn")
