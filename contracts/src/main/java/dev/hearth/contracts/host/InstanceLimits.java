package dev.hearth.contracts.host;

/**
 * Limits of one instance, so that no instance uses up what its host process has for all.
 *
 * @param temporaryBytes most bytes that the files of its temporary folder hold
 * @param files most files and folders in its temporary folder
 * @param descriptors most files, sockets and pipes that it has open at the same time
 * @param threads most threads that its code has at the same time
 */
public record InstanceLimits(long temporaryBytes, int files, int descriptors, int threads) {

  /** 64 MiB, 4,096 files, 1,024 descriptors, 128 threads. */
  public static final InstanceLimits DEFAULT = new InstanceLimits(64L << 20, 4096, 1024, 128);

  public InstanceLimits {
    if (temporaryBytes < 1 || files < 1 || descriptors < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "limits of an instance must be positive, but are %d bytes, %d files, %d descriptors, %d threads"
              .formatted(temporaryBytes, files, descriptors, threads));
    }
  }

  /** Returns these limits with another one for the bytes of the temporary folder. */
  public InstanceLimits withTemporaryBytes(long bytes) {
    return new InstanceLimits(bytes, files, descriptors, threads);
  }
}
