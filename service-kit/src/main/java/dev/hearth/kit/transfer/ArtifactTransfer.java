package dev.hearth.kit.transfer;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.HearthHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.time.Duration;

/**
 * Stores and fetches files in the object store by digest. The artifact-service presigns an address;
 * the bytes go directly to and from the object store.
 */
public final class ArtifactTransfer {

  /** Longest wait for an answer of the artifact-service. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

  private final URI service;
  private final Duration timeout;
  private final String token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  ArtifactTransfer(ArtifactServiceSettings settings, String token) {
    this.service = settings.url();
    this.timeout = settings.transferTimeout();
    this.token = token;
  }

  /** Stores a file under its digest; returns false if it was already stored. */
  public boolean store(Digest digest, Path file) {
    var answer = ask("POST", digest);
    if (answer.statusCode() == 204) {
      return false;
    }
    var upload = signedAddress(answer, 201, digest);
    try {
      var put =
          HttpRequest.newBuilder(upload)
              .timeout(timeout)
              .PUT(HttpRequest.BodyPublishers.ofFile(file))
              .build();
      var stored = send(put, BodyHandlers.ofString());
      if (stored.statusCode() != 200) {
        throw new IOException("the store answered " + stored.statusCode() + " to " + digest);
      }
      return true;
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot store " + digest, failed);
    }
  }

  /**
   * Fetches the bytes into a file, which appears complete or not at all.
   *
   * @throws UncheckedIOException if the store does not answer, or its bytes have another digest
   */
  public void fetch(Digest digest, Path target) {
    var source = signedAddress(ask("GET", digest), 307, digest);
    var temporary =
        target.resolveSibling(target.getFileName() + "." + Thread.currentThread().threadId());
    try {
      var get = HttpRequest.newBuilder(source).timeout(timeout).GET().build();
      var answer = send(get, BodyHandlers.ofInputStream());
      try (var body = answer.body()) {
        if (answer.statusCode() != 200) {
          throw new IOException("the store answered " + answer.statusCode() + " to " + digest);
        }
        copyVerified(body, temporary, digest);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot fetch " + digest, failed);
    } finally {
      deleteQuietly(temporary);
    }
  }

  private static void copyVerified(InputStream body, Path file, Digest expected)
      throws IOException {
    var sha256 = Digests.sha256();
    try (var out = new DigestOutputStream(Files.newOutputStream(file), sha256)) {
      body.transferTo((OutputStream) out);
    }
    var found = Digests.of(sha256);
    if (!found.equals(expected)) {
      throw new IOException(
          "the object store returned bytes with digest " + found + " for " + expected);
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException _) {
      // A leftover temporary file is deleted when the service starts.
    }
  }

  private HttpResponse<String> ask(String method, Digest digest) {
    var request =
        HttpRequest.newBuilder(service.resolve("/blobs/" + digest.value()))
            .header(HearthHeaders.INTERNAL_TOKEN, token)
            .timeout(ANSWER_LIMIT)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      return send(request, BodyHandlers.ofString());
    } catch (IOException failed) {
      throw new UncheckedIOException("the artifact-service does not answer", failed);
    }
  }

  private static URI signedAddress(HttpResponse<String> answer, int expected, Digest digest) {
    if (answer.statusCode() != expected) {
      throw new UncheckedIOException(
          new IOException(
              "the artifact-service answered "
                  + answer.statusCode()
                  + " to "
                  + digest
                  + ": "
                  + answer.body()));
    }
    return URI.create(answer.headers().firstValue("Location").orElseThrow());
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException {
    try {
      return http.send(request, handler);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }
}
