"""Use cases: one public function is one transaction. No HTTP here, and no request, session or app context.

Every function takes the `Context` first and, where somebody acts, `by`: who it is.
"""
