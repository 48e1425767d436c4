package dev.hearth.build.layer;

import dev.hearth.contracts.Digest;
import java.nio.file.Path;

/** Stores the bytes of artifacts by digest. */
public interface Blobs {

  /** Stores a file under its digest; returns true if it was not there before. */
  boolean store(Digest digest, Path file);
}
