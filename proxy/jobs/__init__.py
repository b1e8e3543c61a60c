"""Durable paid jobs: the ledger is the truth about money, the queue only a view of it.

job         states, TRANSITIONS, advance: pure
join        which job a repeated request joins: pure
queue       who may be submitted next: pure
targets     where a request could go: pure
schedule    when to poll next: pure, learned from `durations` by `pace`; poll_budget bounds it
ledger      the protocol of the store; sqlite.py keeps it in one file, rows.py writes a job as a row
owner       which processes live
dispatcher  claims jobs and runs them; runner.py carries one job from submit to media
submit      the one paid POST; poll, fetch and look are what follows
desk        what the routes use: create or join, wait, cancel, list
room        all of it put together
"""
