"""The exchange's side: days of order flow to train and test on."""
