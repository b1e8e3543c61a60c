"""Durable paid jobs: the ledger is the truth about money, the queue only a view of it.

job         states, TRANSITIONS, advance: pure
join        which job a repeated request joins: pure
queue       who may be submitted next: pure
schedule    when to poll next: pure; durations.py learns how long jobs take, pace.py how fast to poll when
poll_budget how many polls a credential may spend in a minute: pure
ledger      the protocol of the store; sqlite.py keeps it in one file
dispatcher  claims jobs and runs them; runner.py carries one job from submit to media
desk        what the routes use: create or join, wait, cancel, list
"""
