"""Names, dates and quantities, and which of them mean the same thing."""
