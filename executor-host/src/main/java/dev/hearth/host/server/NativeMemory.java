package dev.hearth.host.server;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/** Manages memory outside the Java heap. */
final class NativeMemory {

  private NativeMemory() {}

  /**
   * Returns memory that the C library has freed to the system, most of it from the JIT compilers
   * ({@code man 3 malloc_trim}). Does nothing if the C library lacks that call.
   */
  @SuppressWarnings("restricted")
  static void trim() {
    var linker = Linker.nativeLinker();
    var found = linker.defaultLookup().find("malloc_trim");
    if (found.isEmpty()) {
      return;
    }
    var trim =
        linker.downcallHandle(
            found.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    try {
      var _ = (int) trim.invokeExact(0L);
    } catch (RuntimeException | Error known) {
      // A method handle declares Throwable.
      throw known;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
