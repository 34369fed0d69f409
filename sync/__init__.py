"""The synchronisation engine: what becomes of edits made without seeing each other. Pure values in and out.

`decide` is the way in; `branch` orders one phone's offline edits before it, `resolve` takes a person's
decision after it, `replica` reads an import as edits, `feed` lets phones catch up. The words are in `model`.
"""
