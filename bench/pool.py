"""The web program of a server with workers of the class that is named: `python -m bench.pool sync serve --part web`.

Nothing else differs from what `fieldsvc serve` starts. `bench.workers` starts it as a program of its own.
"""

import sys

from fieldsvc.cli import main
from fieldsvc.config import Settings
from fieldsvc.serve import web

#: Ours, by the name that gunicorn has for its kind.
OURS = "gthread"

if __name__ == "__main__":
    chosen = sys.argv.pop(1)
    if chosen != OURS:
        vars(web)["Worker"] = chosen
        told = web.gunicorn_options(Settings(mode="test"), uploads=False)
        assert told["worker_class"] == chosen, "it would be measured with ours"
    main()
