"""``make bench``: one JSON line a benchmark: name, ours, the peer's or limit's, ratio, sizes.

A benchmark is a module ``bench_*.py`` here with ``run() -> Iterable[dict]``.
"""

import json
import sys
from importlib import import_module
from pathlib import Path


def main() -> int:
    wanted = sys.argv[1:]
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        if wanted and path.stem.removeprefix("bench_") not in wanted:
            continue
        for line in import_module(f"tests.benchmarks.{path.stem}").run():
            print(json.dumps(line, default=str), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
