"""What is counted for the operator, and how it is told: `GET /metrics`.

tally.py        counts and histograms, raised where things happen
google_call.py  what kind of call of Google's one is, and for which model
table.py        every metric: its name, labels and meaning
snapshot.py     tallies as plain data, and the sum of several
sharing.py      several workers: each one's snapshot in a file
exposition.py   the text that Prometheus reads; the one file that knows its library
"""
