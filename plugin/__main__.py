"""``python -m plugin`` is the ``lantern`` command."""

from plugin.cli import main

main(prog_name="lantern")
