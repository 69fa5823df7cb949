"""The trained model of names, its card (README.md), and the scripts that train and measure it."""
