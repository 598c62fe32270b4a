"""What the tests of these functions share."""

from tests.functions.modules.fixtures import *  # noqa: F403
