package dev.hearth.artifact.blob;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.testcontainers.containers.MinIOContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Runs the contract on MinIO in a container, with {@code ./hearth test --containers}. {@code
 * HEARTH_TEST_MINIO_IMAGE} overrides the image.
 */
@EnabledIfEnvironmentVariable(
    named = "HEARTH_TEST_CONTAINERS",
    matches = "1",
    disabledReason = "needs a container engine: ./hearth test --containers")
class MinioBlobStoreIT extends BlobStoreContractTest {

  private static final String IMAGE =
      Optional.ofNullable(System.getenv("HEARTH_TEST_MINIO_IMAGE"))
          .orElse("quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z");

  private static final MinIOContainer server =
      new MinIOContainer(DockerImageName.parse(IMAGE).asCompatibleSubstituteFor("minio/minio"))
          .withUserName(ACCESS_KEY)
          .withPassword(SECRET_KEY);

  @BeforeAll
  static void start() {
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @Override
  URI endpoint() {
    return URI.create(server.getS3URL());
  }
}
