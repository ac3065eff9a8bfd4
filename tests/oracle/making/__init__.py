"""Strategies: whole small rule files that keep to the rule language, and marks for them."""
