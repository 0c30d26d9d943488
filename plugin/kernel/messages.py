"""Events as values: frozen, named, versioned; ids and facts, no names of people.

The outbox keeps them as JSON, so their fields are plain: str, int, float, bool, UUID, datetime,
date, tuples and dicts of these, or None.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import cattrs

E = TypeVar("E", bound="Event")

_registry: dict[str, type["Event"]] = {}


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened. Subclasses name themselves ``package.subject.verb.v1``."""

    event_name: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.event_name:
            raise TypeError(f"{cls.__name__} has no event_name")
        known = _registry.get(cls.event_name)
        if known is not None and known.__qualname__ != cls.__qualname__:
            raise TypeError(f"{cls.event_name} is the name of two events")
        _registry[cls.event_name] = cls


_converter = cattrs.Converter(forbid_extra_keys=False)
_converter.register_unstructure_hook(datetime, lambda value: value.isoformat())
_converter.register_structure_hook(datetime, lambda value, _: datetime.fromisoformat(value))
_converter.register_unstructure_hook(date, lambda value: value.isoformat())
_converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
_converter.register_unstructure_hook(UUID, str)
_converter.register_structure_hook(UUID, lambda value, _: UUID(str(value)))


def to_json(event: Event) -> dict[str, Any]:
    """Return the event's fields as JSON values."""
    fields: dict[str, Any] = _converter.unstructure(event)
    return fields


def from_json(name: str, fields: Mapping[str, Any]) -> Event:
    """Rebuild an event; unknown keys are ignored so that a newer writer does not stop us.

    Raises KeyError for an unknown name, cattrs.BaseValidationError for fields that do not fit.
    """
    return _converter.structure(dict(fields), _registry[name])


def known_events() -> dict[str, type[Event]]:
    """Return every event class by name."""
    return dict(_registry)
