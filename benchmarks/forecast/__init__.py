"""How good the forecasts of made-up campaigns are: families.py makes them, measurements.py scores them."""
