"""Credentials: achievements, the evidence behind them, and Open Badges 3.0 for everybody."""
