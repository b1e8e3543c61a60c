"""Durable paid jobs: the ledger is the truth about money, the queue only a view of it.

job         states, TRANSITIONS, advance: pure
join        which job a repeated request joins: pure
queue       who may be submitted next: pure
schedule    when to poll next: pure
ledger      the protocol of the store; sqlite.py keeps it in one file:
              rows (job <-> row), migrate + migrations/ (schema), sqlite_open (the file),
              sqlite_thread, sqlite_transaction, sqlite_reads, sqlite_writes
owner       which process owns a job, and whether it still lives
dispatcher  claims jobs and runs them; runner.py carries one job from submit to media
desk        what the routes use: create or join, wait, cancel, list
"""
