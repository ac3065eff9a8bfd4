"""Scoring and judging for skill competitions.

Rules and marks go in, standings come out; officials' acts are recorded; results are released and printed.
Imports point one way: rules <- scoring <- store <- publish <- judging <- web, cli.
"""
