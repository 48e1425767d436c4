package dev.hearth.artifact.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.contracts.Digest;
import dev.hearth.kit.transfer.Digests;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract of an S3-compatible object store, with one subclass for each store. */
abstract class BlobStoreContractTest {

  static final String ACCESS_KEY = "contract-access";
  static final String SECRET_KEY = "contract-secret-key";

  private static final HttpClient http = HttpClient.newHttpClient();

  private final String bucket = "contract-" + UUID.randomUUID();
  private BlobStore store = store(SECRET_KEY);

  /** Returns the address of a running store that accepts the two keys. */
  abstract URI endpoint();

  private BlobStore store(String secretKey) {
    return new BlobStore(
        new StoreSettings(endpoint(), ACCESS_KEY, secretKey, bucket, Duration.ofMinutes(5)));
  }

  @BeforeEach
  void connect() {
    store = store(SECRET_KEY);
  }

  @AfterAll
  static void close() {
    http.shutdown();
  }

  private static Digest digest(byte[] content) {
    var sha256 = Digests.sha256();
    sha256.update(content);
    return Digests.of(sha256);
  }

  private static byte[] content(int size) {
    var text = UUID.randomUUID().toString().repeat(size / 36 + 1);
    return text.substring(0, size).getBytes(StandardCharsets.UTF_8);
  }

  private static int put(URI address, byte[] content) throws Exception {
    var request = HttpRequest.newBuilder(address).PUT(BodyPublishers.ofByteArray(content)).build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  @Test
  void doesNotFindABlobThatWasNotStored() {
    assertThat(store.size(digest(content(10)))).isEmpty();
  }

  @Test
  void storesAndReturnsBytesByPresignedAddresses() throws Exception {
    var content = content(3 << 20);
    var digest = digest(content);

    assertThat(put(store.uploadAddress(digest), content)).isEqualTo(200);

    assertThat(store.size(digest)).hasValue(content.length);
    assertThat(store.read(digest)).isEqualTo(content);
    var answer =
        http.send(
            HttpRequest.newBuilder(store.downloadAddress(digest)).build(),
            BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(content);
  }

  @Test
  void storesAnEmptyBlob() throws Exception {
    var digest = digest(new byte[0]);

    assertThat(put(store.uploadAddress(digest), new byte[0])).isEqualTo(200);

    assertThat(store.size(digest)).hasValue(0);
  }

  @Test
  void storesTheSameBlobTwice() throws Exception {
    var content = content(1000);
    var digest = digest(content);

    assertThat(put(store.uploadAddress(digest), content)).isEqualTo(200);
    assertThat(put(store.uploadAddress(digest), content)).isEqualTo(200);

    assertThat(store.read(digest)).isEqualTo(content);
  }

  @Test
  void refusesAnAddressThatIsSignedForAnotherBlob() throws Exception {
    var address = store.uploadAddress(digest(content(10))).toString();
    var other = digest(content(11));
    var forged = address.replaceFirst("sha256/[0-9a-f]+", "sha256/" + other.hex());

    assertThat(put(URI.create(forged), content(11))).isEqualTo(403);
    assertThat(store.size(other)).isEmpty();
  }

  @Test
  void refusesAnAddressThatIsSignedForReading() throws Exception {
    var content = content(10);
    var digest = digest(content);

    assertThat(put(store.downloadAddress(digest), content)).isEqualTo(403);
  }

  @Test
  void refusesAnotherSecret() {
    var stranger = store("another-secret-key");

    assertThatThrownBy(() -> stranger.size(digest(content(10))))
        .isInstanceOf(IllegalStateException.class);
    assertThat(stranger.isUp()).isFalse();
  }

  @Test
  void createsTheBucketOnceForConcurrentCallers() {
    var digest = digest(content(10));
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked =
          IntStream.range(0, 8)
              .mapToObj(
                  _ -> CompletableFuture.supplyAsync(() -> store(SECRET_KEY).size(digest), callers))
              .toList();

      assertThat(asked).allMatch(size -> size.join().isEmpty());
    }
    assertThat(store.isUp()).isTrue();
  }
}
