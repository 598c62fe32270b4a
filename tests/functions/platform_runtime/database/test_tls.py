"""A server that speaks TLS alone, as RDS does: which one is talked to, and which is not."""

import psycopg
import pytest

from functions.platform_runtime.database import postgres
from functions.platform_runtime.settings import DatabaseSettings, read
from tests.functions.conftest import ENVIRONMENT
from tests.functions.platform_runtime.database import tls

pytestmark = pytest.mark.skipif(
    not tls.BINARIES, reason="no Postgres with TLS here: apt-get install postgresql brings one"
)
HOST = "platform.c9akciq32.us-east-1.rds.amazonaws.com"
OTHER = "replica.c9akciq32.us-east-1.rds.amazonaws.com"
TALK = "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"


@pytest.fixture(scope="module")
def server():
    with tls.serving(ENVIRONMENT["DB_USER"], HOST) as found:
        yield found


@pytest.fixture
def connected(server, environment):
    """Databases as a function has them, whatever the host's name found here."""
    opened = []
    environment.setenv("DB_NAME", "postgres")
    environment.setenv("DB_PORT", str(server.port))
    # libpq's own way around a name server: the name is checked all the same.
    environment.setenv("PGHOSTADDR", "127.0.0.1")

    def to(host, readers="", root=server.root):
        environment.setenv("DB_HOST", host)
        environment.setenv("DB_READER_HOSTS", readers)
        if root is not None:
            environment.setattr(postgres, "TLS", {**postgres.TLS, "sslrootcert": str(root)})
        opened.append(postgres.Database(read(DatabaseSettings)))
        return opened[-1]

    yield to
    for one in opened:
        one.close()


def test_the_name_in_the_certificate_is_talked_to_over_tls_from_the_pool(connected):
    writer, backends = connected(HOST), set()

    for _ in range(2):
        with writer.transaction() as connection:
            assert connection.info.host == HOST
            assert connection.execute(TALK).fetchone() == (True, "TLSv1.3")
            backends.add(connection.info.backend_pid)

    assert len(backends) == 1


def test_another_name_than_the_certificates_is_refused(connected):
    with (
        pytest.raises(psycopg.OperationalError, match=f'does not match host name "{OTHER}"'),
        connected(OTHER).transaction(),
    ):
        pass


def test_a_reader_under_another_name_is_not_read_from(connected):
    with connected(HOST, readers=OTHER).read() as connection:
        assert connection.info.host == HOST
        assert connection.execute(TALK).fetchone()[0]


def test_a_root_that_is_not_shipped_vouches_for_nobody(connected):
    with (
        pytest.raises(psycopg.OperationalError, match="certificate verify failed"),
        connected(HOST, root=None).transaction(),
    ):
        pass


def test_what_is_not_encrypted_is_not_taken(connected, environment):
    environment.setattr(postgres, "TLS", {"sslmode": "disable"})

    with (
        pytest.raises(psycopg.OperationalError, match="no encryption"),
        connected(HOST, root=None).transaction(),
    ):
        pass
