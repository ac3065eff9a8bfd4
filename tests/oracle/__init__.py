"""The slow second opinion: scoring by fractions, written from the rule text alone, and what it says about the engine."""
