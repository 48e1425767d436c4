package dev.hearth.api.revision;

import dev.hearth.api.upload.SourceArchive;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.events.RevisionEvent.RevisionUploaded;
import dev.hearth.kit.events.Outbox;
import dev.hearth.kit.transfer.ArtifactTransfer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Stores a checked source: first its bytes, then the revision and its event in one transaction. */
@Component
class Uploads {

  private final RevisionStore store;
  private final ArtifactTransfer transfer;
  private final Outbox outbox;
  private final TransactionTemplate transaction;
  private final InstantSource clock;

  Uploads(
      RevisionStore store,
      ArtifactTransfer transfer,
      Outbox outbox,
      TransactionTemplate transaction,
      InstantSource clock) {
    this.store = store;
    this.transfer = transfer;
    this.outbox = outbox;
    this.transaction = transaction;
    this.clock = clock;
  }

  /**
   * Adds a revision and appends its event to the outbox.
   *
   * @param begun {@link System#nanoTime} when the request arrived
   */
  Revision take(
      FunctionKey function,
      SourceArchive.Canonical source,
      Optional<String> entry,
      Map<String, String> environment,
      long begun) {
    transfer.store(source.digest(), source.file());
    var made =
        transaction.execute(_ -> {
          var ref =
              store.add(
                  function,
                  UUID.randomUUID(),
                  source.digest().value(),
                  source.bytes(),
                  Duration.ofNanos(System.nanoTime() - begun));
          outbox.append(
              new RevisionUploaded(ref, clock.instant(), source.digest(), entry, environment));
          return store.find(function, ref.number()).orElseThrow();
        });
    if (made == null) {
      throw new IllegalStateException("the transaction returned no revision");
    }
    return made;
  }
}
