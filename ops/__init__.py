"""What an operator runs: each operation works on a stack file or a stack's outputs, and on the account behind them."""
