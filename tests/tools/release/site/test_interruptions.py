"""What an interruption or a refusal leaves: the old release, or the new one as a whole."""

import pytest

from tests.tools.release.site.world import NAME, ORDER, Crash
from tools import ExpectedError

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("after", range(1, len(ORDER)))
def test_a_process_killed_after_any_write_leaves_the_old_release_serving(world, site, after):
    world.crash_after = after
    with pytest.raises(Crash):
        world.release(site, "r1")

    assert world.writes == ORDER[:after]
    assert world.live == "initial"
    assert world.fetch("https://site.example.com/") == b"nothing yet"
    # What the next deployment would bring is the old one, or there as a whole.
    assert f"releases/{world.named}/index.html" in world.objects()


@pytest.mark.parametrize("after", range(1, len(ORDER) + 1))
def test_the_same_command_again_ends_what_was_interrupted(world, site, after):
    world.crash_after = after
    with pytest.raises(Crash):
        world.release(site, "r1")
    world.crash_after = None
    world.release(site, "r1")

    assert (world.live, world.named) == ("r1", "r1")
    assert "<script" in world.fetch("https://site.example.com/").decode()


def test_a_bucket_that_goes_in_the_middle_is_one_line_and_nothing_half_done(world, site):
    def away(model, **_):
        if model.name == "PutObject" and len(world.writes) == 3:
            for key in world.objects():
                world.s3.delete_object(Bucket="site", Key=key)
            world.s3.delete_bucket(Bucket="site")

    made = world.client

    def client(service, region):
        found = made(service, region)
        found.meta.events.register("before-call", away)
        return found

    world.monkeypatch.setattr("tools.release.site.target.client", client)
    with pytest.raises(ExpectedError) as refused:
        world.release(site, "r1")

    assert str(refused.value) == (
        "writing s3://site/releases/r1/robots.txt: "
        "NoSuchBucket: The specified bucket does not exist"
    )
    assert (world.live, world.named) == ("initial", "initial")


def test_a_function_that_somebody_else_changed_leaves_the_stack_file_as_it_was(world, site):
    before = (world.root / "Pulumi.dev.yaml").read_bytes()
    read = world.functions.summary

    def overtaken(request, stage):
        answer = read(request, stage)
        world.functions.version += 1
        return answer

    world.monkeypatch.setattr(world.functions, "summary", overtaken)
    with pytest.raises(ExpectedError, match=f"changing CloudFront Function {NAME}: Precondition"):
        world.release(site, "r1")

    assert (world.root / "Pulumi.dev.yaml").read_bytes() == before
    assert world.live == "initial"


def test_an_answer_that_gets_lost_is_no_failure(world, site):
    publish = world.functions.publish

    def lost(request, action, stage):
        publish(request, action, stage)
        return world.functions.error(504, "GatewayTimeout", "")

    world.monkeypatch.setattr(world.functions, "publish", lost)
    world.release(site, "r1")

    assert (world.live, world.named) == ("r1", "r1")


def test_a_release_that_is_not_served_in_time_is_said_with_what_is(world, site):
    world.fetch = lambda _: b"old"

    with pytest.raises(ExpectedError, match=r"published, but https://site\.example\.com does not"):
        world.release(site, "r1")
