package dev.hearth.artifact.blob;

import dev.hearth.contracts.Digest;
import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.StatObjectArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.net.URI;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.stereotype.Component;

/**
 * Stores blobs in the object store. The name of an object is {@code blobs/sha256/} and the hex
 * digits of its digest.
 */
@Component
public class BlobStore {

  private static final int LARGEST_READ = 4 << 20;

  /** S3's error codes for a bucket that already exists. */
  private static final Set<String> ALREADY_THERE =
      Set.of("BucketAlreadyOwnedByYou", "BucketAlreadyExists");

  private final MinioClient client;
  private final StoreSettings settings;
  private final AtomicBoolean bucketSeen = new AtomicBoolean();

  BlobStore(StoreSettings settings) {
    this.settings = settings;
    this.client =
        MinioClient.builder()
            .endpoint(settings.endpoint().toString())
            .credentials(settings.accessKey(), settings.secretKey())
            .region("us-east-1")
            .build();
  }

  /** Returns the stored size in bytes, or empty if the digest is not stored. */
  public OptionalLong size(Digest digest) {
    ensureBucket();
    try {
      var arguments =
          StatObjectArgs.builder().bucket(settings.bucket()).object(name(digest)).build();
      return OptionalLong.of(client.statObject(arguments).size());
    } catch (ErrorResponseException answered) {
      if (answered.errorResponse().code().equals("NoSuchKey")) {
        return OptionalLong.empty();
      }
      throw new IllegalStateException("the object store refused a request: " + answered, answered);
    } catch (MinioException failed) {
      throw new IllegalStateException("the object store does not answer", failed);
    }
  }

  /** Returns the bytes of a blob of at most 4 MiB. */
  public byte[] read(Digest digest) {
    var arguments = GetObjectArgs.builder().bucket(settings.bucket()).object(name(digest)).build();
    try (var body = client.getObject(arguments)) {
      return body.readNBytes(LARGEST_READ);
    } catch (MinioException | IOException failed) {
      throw new IllegalStateException("cannot read " + digest, failed);
    }
  }

  /** Returns a presigned address for a PUT of the bytes. */
  URI uploadAddress(Digest digest) {
    return signed(Http.Method.PUT, digest);
  }

  /** Returns a presigned address for a GET of the bytes. */
  URI downloadAddress(Digest digest) {
    return signed(Http.Method.GET, digest);
  }

  /** Returns true if the object store responds. */
  boolean isUp() {
    try {
      bucketExists();
      return true;
    } catch (MinioException _) {
      return false;
    }
  }

  private boolean bucketExists() throws MinioException {
    return client.bucketExists(BucketExistsArgs.builder().bucket(settings.bucket()).build());
  }

  private URI signed(Http.Method method, Digest digest) {
    ensureBucket();
    try {
      return URI.create(
          client.getPresignedObjectUrl(
              GetPresignedObjectUrlArgs.builder()
                  .method(method)
                  .bucket(settings.bucket())
                  .object(name(digest))
                  .expiry((int) settings.signatureLifetime().toSeconds(), TimeUnit.SECONDS)
                  .build()));
    } catch (MinioException failed) {
      throw new IllegalStateException("cannot sign an address for " + digest, failed);
    }
  }

  private void ensureBucket() {
    if (bucketSeen.get()) {
      return;
    }
    try {
      if (!bucketExists()) {
        makeBucket();
      }
      bucketSeen.set(true);
    } catch (MinioException failed) {
      throw new IllegalStateException("the object store does not answer", failed);
    }
  }

  /** Creates the bucket, unless a concurrent caller created it. */
  private void makeBucket() throws MinioException {
    try {
      client.makeBucket(MakeBucketArgs.builder().bucket(settings.bucket()).build());
    } catch (ErrorResponseException answered) {
      if (!ALREADY_THERE.contains(answered.errorResponse().code())) {
        throw answered;
      }
    }
  }

  private static String name(Digest digest) {
    return "blobs/sha256/" + digest.hex();
  }
}
