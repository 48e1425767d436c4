package dev.hearth.artifact.blob;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Reports whether the object store responds. */
@Component("store")
class StoreHealthIndicator implements HealthIndicator {

  private final BlobStore store;

  StoreHealthIndicator(BlobStore store) {
    this.store = store;
  }

  @Override
  public Health health() {
    return store.isUp() ? Health.up().build() : Health.down().build();
  }
}
