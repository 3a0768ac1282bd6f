"""How good a model is, as forecasts and as money, with a ledger of every test scoring."""
