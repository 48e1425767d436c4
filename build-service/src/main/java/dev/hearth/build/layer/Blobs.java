package dev.hearth.build.layer;

import dev.hearth.contracts.Digest;
import java.nio.file.Path;

/** Where the bytes of an artifact go. */
public interface Blobs {

  /** Stores a file under its digest; whether it was new there. */
  boolean store(Digest digest, Path file);
}
