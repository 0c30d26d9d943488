"""One head, in step with the models, on an empty SQLite database: part of ``make check``."""

import sys
import tempfile
from pathlib import Path

from plugin.app import parts
from plugin.extension import installed
from plugin.kernel import migrate
from plugin.kernel.database import create_engine


def main() -> int:
    list(parts("models"))
    installed()
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'check.db'}")
        migrate.upgrade(engine)
        drift = migrate.differences(engine)
        engine.dispose()
    for item in drift:
        print(item)
    if drift:
        print("The models and the migrations differ: lantern db revision 'why'")
    return 1 if drift else 0


if __name__ == "__main__":
    sys.exit(main())
