"""Thousands of phones that run the real app under Node against a real server, on purpose in the worst of weathers.

`python -m tests.simulation --phones 40 --steps 30 --seed 1` (`fieldsvc simulate`) prints what happened and what was
lost, which must be nothing. What each cadre typed, saw and was told is written down beside the app
(`phones/ledger.js`), and `judge/` compares that with the database and the phones in the end.
"""
