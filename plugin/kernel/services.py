"""What the composition root builds once and hands to everything: no globals, no container."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from plugin.kernel.blobs import FolderBlobs
from plugin.kernel.crypto import Vault
from plugin.kernel.database import create_engine
from plugin.kernel.dispatch import Dispatcher
from plugin.kernel.http import HttpClient
from plugin.kernel.jobs import Jobs
from plugin.kernel.mail import mailer_for
from plugin.kernel.ports import BlobStore, Clock, Mailer, SystemClock
from plugin.kernel.unit_of_work import Units

if TYPE_CHECKING:
    from plugin.kernel.config import Config


@dataclass(frozen=True)
class Services:
    """The ports and the kernel's machines, the same for web, worker and commands."""

    settings: "Config"
    clock: Clock
    units: Units
    http: HttpClient
    vault: Vault
    blobs: BlobStore
    mailer: Mailer
    jobs: Jobs
    dispatcher: Dispatcher
    extra: dict[str, Any] = field(default_factory=dict)


def build_services(
    settings: "Config",
    dispatcher: Dispatcher,
    *,
    clock: Clock | None = None,
    http: HttpClient | None = None,
    mailer: Mailer | None = None,
    jobs: Jobs | None = None,
) -> Services:
    """Build the services from settings; tests pass their own clock, transport or mailer."""

    chosen_clock = clock or SystemClock(timedelta(seconds=settings.clock_offset))
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    chosen_jobs = jobs or Jobs(settings)
    units = Units(
        create_engine(settings.database),
        chosen_clock,
        subscribers=dispatcher.subscribers,
        wake=chosen_jobs.wake,
    )
    return Services(
        settings=settings,
        clock=chosen_clock,
        units=units,
        http=http or HttpClient(allow_loopback=settings.allow_loopback or settings.practice),
        vault=Vault.open_for(settings),
        blobs=FolderBlobs(settings.data_folder / "blobs"),
        mailer=mailer or mailer_for(settings),
        jobs=chosen_jobs,
        dispatcher=dispatcher,
    )
