package dev.hearth.executor.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.host.HostState;
import dev.hearth.executor.FakeHostProcess;
import dev.hearth.executor.NodeFixture;
import dev.hearth.executor.host.Host;
import dev.hearth.executor.host.HostLifecycle;
import dev.hearth.executor.runtime.Sharing;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class TenantHostsTest {

  private static final TenantSettings SETTINGS =
      new TenantSettings(
          Duration.ofHours(24), 100, Duration.ofMinutes(1), Duration.ofMinutes(10), 0.7, 0.85);

  private final NodeFixture node = new NodeFixture(2000);
  private final TenantHosts tenants =
      new TenantHosts(node.stems, node.sandbox, new HostWear(SETTINGS, node.sandbox), SETTINGS);

  @BeforeEach
  void start() {
    node.stems.start();
  }

  @AfterEach
  void stop() {
    node.stems.stop();
  }

  private HostRequest request(String tenant, Sharing sharing, String instance) {
    var heap =
        sharing == Sharing.OWN_PROCESS
            ? Optional.of(DataSize.ofMegabytes(200))
            : Optional.<DataSize>empty();
    return new HostRequest(tenant, node.runtime, sharing, heap, instance);
  }

  private FakeHostProcess host(String tenant, Sharing sharing, String instance)
      throws InterruptedException {
    return (FakeHostProcess) tenants.of(request(tenant, sharing, instance));
  }

  @Test
  void instancesOfATenantShareAHostUntilItIsFull() throws Exception {
    node.hosts.permit(10);
    var first = host("a", Sharing.TENANT, "1");

    assertThat(host("a", Sharing.TENANT, "2")).isSameAs(first);
    assertThat(host("a", Sharing.TENANT, "3")).isNotSameAs(first);
    assertThat(first.lifecycle()).isEqualTo(HostLifecycle.SERVING);
  }

  @Test
  void tenantsAndKindsOfSharingDoNotMix() throws Exception {
    node.hosts.permit(10);
    var first = host("a", Sharing.TENANT, "1");

    assertThat(host("b", Sharing.TENANT, "2")).isNotSameAs(first);
    assertThat(host("a", Sharing.TENANT_NATIVE, "3")).isNotSameAs(first);
    assertThat(host("a", Sharing.OWN_PROCESS, "4")).isNotSameAs(first);
    assertThat(tenants.all()).hasSize(4);
  }

  @Test
  void whoAsksWhileAHostBootsSharesIt() {
    var first = claim("1");
    await().until(node.hosts::isAwaited);
    var second = claim("2");

    node.hosts.permit(1);

    assertThat(second.join()).isSameAs(first.join());
  }

  private CompletableFuture<Host> claim(String instance) {
    var claimed = new CompletableFuture<Host>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            claimed.complete(tenants.of(request("a", Sharing.TENANT, instance)));
          } catch (InterruptedException | RuntimeException failed) {
            claimed.completeExceptionally(failed);
          }
        });
    return claimed;
  }

  @Test
  void aDiscardedHostIsNotUsedAgainAndForgotten() throws Exception {
    node.hosts.permit(10);
    var first = host("a", Sharing.TENANT, "1");

    tenants.discard(first);

    assertThat(tenants.all()).isEmpty();
    assertThat(first.lifecycle()).isEqualTo(HostLifecycle.ENDING);
    assertThat(host("a", Sharing.TENANT, "2")).isNotSameAs(first);
  }

  @Test
  void aDeadHostIsForgotten() throws Exception {
    node.hosts.permit(10);
    host("a", Sharing.TENANT, "1").kill();

    tenants.tend();

    assertThat(tenants.all()).isEmpty();
  }

  @Test
  void aHostWithoutInstancesEndsAfterAWhile() throws Exception {
    node.hosts.permit(10);
    var host = host("a", Sharing.TENANT, "1");
    host.forget("1");
    tenants.tend();
    assertThat(host.isAlive()).isTrue();

    host.idle = Duration.ofSeconds(61);
    tenants.tend();

    assertThat(host.isAlive()).isFalse();
  }

  @Test
  void aHostThatAnInstanceIsReservedInIsNotDiscarded() throws Exception {
    node.hosts.permit(10);
    var host = host("a", Sharing.TENANT, "1");

    assertThat(tenants.discardIfEmpty(host)).isFalse();
    assertThat(tenants.discardEmpty()).isFalse();
    assertThat(host.isAlive()).isTrue();
  }

  @Test
  void aHostThatIsNearlyFullGetsNoInstancesForNow() throws Exception {
    node.hosts.permit(10);
    var first = host("a", Sharing.TENANT, "1");
    first.state = new HostState(0.75, 10, 0.1);
    tenants.tend();
    var second = host("a", Sharing.TENANT, "2");
    assertThat(second).isNotSameAs(first);
    assertThat(first.isLeaving()).isFalse();

    first.state = new HostState(0.3, 10, 0.1);
    tenants.tend();

    assertThat(host("a", Sharing.TENANT, "3")).isSameAs(first);
  }

  @Test
  void aHostLeavesWhenItIsOldOrUsedUp() throws Exception {
    node.hosts.permit(10);
    var old = host("a", Sharing.TENANT, "1");
    old.age = Duration.ofHours(25);
    var usedUp = host("b", Sharing.TENANT, "2");
    usedUp.age = Duration.ofMinutes(11);
    usedUp.state = new HostState(0.9, 10, 0.1);
    var young = host("c", Sharing.TENANT, "3");
    young.state = new HostState(0.9, 10, 0.1);

    tenants.tend();

    assertThat(old.isLeaving()).isTrue();
    assertThat(usedUp.isLeaving()).isTrue();
    assertThat(young.isLeaving()).isFalse();
  }

  @Test
  void aHostLeavesWhenEndedNativeInstancesHaveLostItsHeap() throws Exception {
    node.hosts.permit(10);
    var host = host("a", Sharing.TENANT_NATIVE, "1");
    host.age = Duration.ofMinutes(1);
    host.forget("1");
    var _ = host("a", Sharing.TENANT_NATIVE, "2");
    tenants.tend();
    assertThat(host.isLeaving()).isFalse();

    host.forget("2");
    var _ = host("a", Sharing.TENANT_NATIVE, "3");
    tenants.tend();

    assertThat(host.isLeaving()).isTrue();
  }
}
