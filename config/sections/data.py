"""Postgres and the object tiers."""

from typing import Annotated, Literal

from pydantic import Field

from config.sections.base import DailyWindow, InstanceClass, Region, Section, WeeklyWindow

Days = Annotated[int, Field(ge=1, le=36500)]
WarmClass = Literal["STANDARD_IA", "ONEZONE_IA", "GLACIER_IR"]
ColdClass = Literal["GLACIER", "DEEP_ARCHIVE"]


class Database(Section):
    """Postgres on RDS; sizes come from the tier, replicas from the stack file."""

    engine_version: Literal["16", "17", "18"] = "17"
    """Major version: minors are AWS's to choose and retire, so none is pinned."""
    instance_class: InstanceClass
    """RDS instance class of the primary and its replicas."""
    multi_az: bool = False
    """A synchronous standby in another zone."""
    replicas: Annotated[int, Field(ge=0, le=15)] = 0
    """Read replicas, spread over the zones. RDS keeps at most 15 of one primary."""
    storage_gib: Annotated[int, Field(ge=20, le=65536)] = 20
    """gp3 storage. RDS starts at 20 GiB, and storage never shrinks."""
    max_storage_gib: Annotated[int, Field(ge=0, le=65536)] = 0
    """Where storage autoscaling stops; 0 turns it off."""
    backup_days: Annotated[int, Field(ge=0, le=35)] = 7
    """Days of point-in-time recovery. RDS keeps 35 at most; 0 turns backups off."""
    max_connections: Annotated[int, Field(ge=20, le=8388607)]
    """Set explicitly, so that alarms and function concurrency have a known denominator; at most
    what RDS would set by the class's memory. It holds from the instance's next restart on."""
    proxy: bool = False
    """RDS Proxy in front of the writer."""
    monitoring_seconds: Literal[0, 1, 5, 10, 15, 30, 60] = 0
    """Enhanced Monitoring interval; 0 turns it off."""
    own_password: bool | None = None
    """Whether the stack keeps the master password rather than RDS, which cannot while there are
    replicas. Null follows replicas; true stays when the last one goes, so nothing flips."""
    final_snapshot: bool = False
    """Destroying the database leaves a snapshot, its backups and the key they are under."""
    apply_immediately: bool = False
    """Instance changes at once rather than in the maintenance window; a major version asks it."""
    backup_window: DailyWindow = "08:00-09:00"
    """When RDS takes its own daily backup, in UTC whatever the Region: the night of the Americas.
    Storage of a single instance may stand still for seconds."""
    maintenance_window: WeeklyWindow = "sun:09:30-sun:10:30"
    """When RDS maintains the instance and makes changes that wait, in UTC whatever the Region. The
    platform's own weekly jobs run on Sundays at 03:00 and 04:00."""
    insights: Literal["standard", "advanced"] = "standard"
    """Database Insights mode; advanced is paid by the vCPU and keeps 465 days."""

    def owns_password(self) -> bool:
        """Whether the stack, rather than RDS, keeps the master password."""
        return self.replicas > 0 if self.own_password is None else self.own_password


class Storage(Section):
    """Days and classes of the data bucket: hot, then warm, then cold, then gone."""

    hot_days: Annotated[int, Field(ge=1, le=3650)] = 7
    """Days in S3 Standard before an object turns warm."""
    warm_class: WarmClass = "GLACIER_IR"
    """Millisecond reads at archive prices."""
    cold_days: Annotated[int, Field(ge=2, le=3650)] | None = 30
    """Age at which an object turns cold and must be restored to be read; null never."""
    cold_class: ColdClass = "GLACIER"
    """Restores take hours: 3 to 5 from GLACIER, 12 from DEEP_ARCHIVE."""
    expire_days: Annotated[int, Field(ge=2, le=36500)] | None = 365
    """Age at which an object is deleted; null keeps it."""
    noncurrent_days: Annotated[int, Field(ge=1, le=36500)] | None = None
    """Days an overwritten or deleted version can still be brought back; null is as long as the
    database can (database.backup_days, backup), 30 at least, so that a day's rows find their
    objects. Each GiB that goes costs its class's price for as long; from cold_days on it is cold
    where that pays."""
    early_fees: Literal["accept", "refuse"] = "accept"
    """Whether a stay shorter than a class's billed minimum is accepted (7 and 30 days are)."""


class Backup(Section):
    """AWS Backup: snapshots of the database and of the tables that keep data, in a vault.

    Point-in-time recovery is RDS's own (database.backup_days) and DynamoDB's.
    """

    daily_days: Days | None = None
    """Days a daily snapshot is kept; null takes none."""
    weekly_days: Days | None = None
    """Days a weekly snapshot is kept, taken on Sundays; null takes none."""
    monthly_days: Days | None = None
    """Days a monthly snapshot is kept, taken on the first; null takes none."""
    hour: Annotated[int, Field(ge=0, le=23)] = 12
    """Hour at which snapshots are taken, in UTC. AWS Backup fails in the database's own backup and
    maintenance windows and in the hour before, and while the database is stopped."""
    lock: bool = False
    """Vault Lock in governance mode: nobody deletes a snapshot early before somebody who may takes
    the lock off the vault. Compliance mode could never be taken back, so there is none."""
    restore_tests: Literal["monthly", "quarterly"] | None = None
    """How often the newest snapshot of the database is restored, to be deleted an hour later: 1.50
    dollars each, and an instance of the database's class for as long; null never."""
    copy_region: Region | None = None
    """Second Region, to which RDS's backups are replicated and the snapshots that are kept longest
    are copied; null keeps everything in one."""

    def kept(self) -> dict[Literal["daily", "weekly", "monthly"], int]:
        """The snapshots that are taken, with the days each is kept."""
        days: dict[Literal["daily", "weekly", "monthly"], int | None] = {
            "daily": self.daily_days,
            "weekly": self.weekly_days,
            "monthly": self.monthly_days,
        }
        return {kind: kept for kind, kept in days.items() if kept is not None}
