package dev.hearth.embedded;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** An S3-compatible object store in this JVM that keeps its data in a folder. */
public final class EmbeddedStore implements AutoCloseable {

  private static final long LARGEST_OBJECT = 1L << 30;

  private final S3Proxy server;

  private EmbeddedStore(S3Proxy server) {
    this.server = server;
  }

  /** Starts an object store on a folder. */
  public static EmbeddedStore start(Path folder, String accessKey, String secretKey)
      throws Exception {
    Files.createDirectories(folder);
    var server =
        S3Proxy.builder()
            .blobStore(new FilesystemNio2BlobStore(folder.toAbsolutePath().toString()))
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, accessKey, secretKey)
            .v4MaxNonChunkedRequestSize(LARGEST_OBJECT)
            .jettyMaxThreads(24)
            .build();
    server.start();
    return new EmbeddedStore(server);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
