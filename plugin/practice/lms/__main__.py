"""`python -m plugin.practice.lms serve|register-tool`: the LMS without Lantern's command line."""

from __future__ import annotations

import argparse
import json
import sys

from plugin.practice.lms.profiles import PROFILES
from plugin.practice.lms.seed import register_tool
from plugin.practice.lms.server import DEFAULT_PORT, NotLoopback, RunningLms, serve
from plugin.practice.lms.store import Store


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if options.command == "register-tool":
        tool = register_tool(
            Store(options.store),
            name=options.name,
            login_url=options.login_url,
            launch_url=options.launch_url,
            redirect_uris=options.redirect_uri or [options.launch_url],
            key_set_url=options.key_set_url,
            deep_linking_url=options.deep_linking_url,
            client_id=options.client_id,
        )
        known = {"client_id": tool.client_id, "deployment_id": tool.deployment_id}
        sys.stdout.write(json.dumps(known) + "\n")
        return 0
    try:
        serve(
            options.store,
            host=options.host,
            port=options.port,
            clock_offset=options.clock_offset,
            profile=options.profile,
            ready=_say,
        )
    except NotLoopback as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="practice-lms")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("serve", help="listen on loopback until interrupted")
    run.add_argument("--host", default="127.0.0.1")
    run.add_argument("--port", type=int, default=DEFAULT_PORT)
    run.add_argument("--clock-offset", type=float, help="seconds; kept in the store")
    run.add_argument("--profile", choices=sorted(PROFILES), default="moodle", help="of a new store")
    tool = commands.add_parser("register-tool", help="register a tool or change it")
    for name in ("name", "login-url", "launch-url", "key-set-url"):
        tool.add_argument(f"--{name}", required=True)
    tool.add_argument("--redirect-uri", action="append", help="default: the launch URL")
    tool.add_argument("--deep-linking-url")
    tool.add_argument("--client-id")
    for command in (run, tool):
        command.add_argument("--store", default="practice-lms.sqlite3")
    return parser


def _say(running: RunningLms) -> None:
    sys.stdout.write(f"Practice LMS: {running.base_url}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
