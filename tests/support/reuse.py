"""What one process makes once for all its tests: compiled statements, templates, RSA pairs.

Each test has its own database, application and keys. That the same select is compiled, the same
template is parsed and large primes are sought again for each of them took a third of the suite.
"""

import threading
from collections import defaultdict
from typing import Any

import jinja2
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

# More than any test uses at a time, so that two keys that meet are never the same.
PAIRS = 24


def reuse() -> None:
    """Once a process, before the first engine, application or key."""
    _statements()
    _templates()
    _pairs()


def _statements() -> None:
    """One cache of compiled statements for all engines of a kind; they talk to like servers."""
    caches: defaultdict[type, LRUCache[Any, Any]] = defaultdict(lambda: LRUCache(5000))
    alike = (SQLiteDialect_pysqlite, PGDialect_psycopg)
    for kind in alike:
        # a compiled statement is found by its dialect, and each engine makes one
        kind.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[assignment,method-assign]
        kind.__hash__ = lambda self: hash(type(self))  # type: ignore[assignment,method-assign]
    begin = sa.Engine.__init__

    def begun(
        self: sa.Engine,
        pool: Any,
        dialect: Any,
        url: Any,
        logging_name: str | None = None,
        echo: Any = None,
        query_cache_size: int = 500,
        execution_options: Any = None,
        hide_parameters: bool = False,
    ) -> None:  # its names are read by create_engine
        begin(
            self,
            pool,
            dialect,
            url,
            logging_name,
            echo,
            query_cache_size,
            execution_options,
            hide_parameters,
        )
        if type(dialect) in alike:
            self._compiled_cache = caches[type(dialect)]

    sa.Engine.__init__ = begun  # type: ignore[assignment,method-assign]


class _Parsed(jinja2.BytecodeCache):
    """Code of templates by their name and source."""

    def __init__(self) -> None:
        self.codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        if code := self.codes.get(f"{bucket.key} {bucket.checksum}"):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self.codes[f"{bucket.key} {bucket.checksum}"] = bucket.bytecode_to_string()


def _templates() -> None:
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Parsed()}


def _pairs() -> None:
    """Real pairs, made when first asked for and then handed out in turn."""
    make = rsa.generate_private_key
    made: defaultdict[int, list[rsa.RSAPrivateKey]] = defaultdict(list)
    asked: defaultdict[int, int] = defaultdict(int)
    one_at_a_time = threading.Lock()

    def pair(public_exponent: int, key_size: int, backend: Any = None) -> rsa.RSAPrivateKey:
        with one_at_a_time:
            known, turn = made[key_size], asked[key_size]
            asked[key_size] += 1
            if len(known) < PAIRS:
                known.append(make(public_exponent, key_size))
            return known[turn % PAIRS]

    rsa.generate_private_key = pair
