package dev.hearth.contracts.host;

/**
 * Limits of one instance, so that it cannot exhaust the resources of its host process.
 *
 * @param temporaryBytes largest total size of the files in its temporary folder
 * @param files largest number of files and folders in its temporary folder
 * @param descriptors largest number of open files, sockets and pipes
 * @param threads largest number of threads of its code
 */
public record InstanceLimits(long temporaryBytes, int files, int descriptors, int threads) {

  /** Default limits: 64 MiB, 4,096 files, 1,024 descriptors, 128 threads. */
  public static final InstanceLimits DEFAULT = new InstanceLimits(64L << 20, 4096, 1024, 128);

  public InstanceLimits {
    if (temporaryBytes < 1 || files < 1 || descriptors < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "limits of an instance must be positive, but are %d bytes, %d files, %d descriptors, %d threads"
              .formatted(temporaryBytes, files, descriptors, threads));
    }
  }

  /** Returns these limits with another limit of {@code temporaryBytes}. */
  public InstanceLimits withTemporaryBytes(long bytes) {
    return new InstanceLimits(bytes, files, descriptors, threads);
  }
}
