package dev.hearth.host.server;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/** Memory outside the Java heap. */
final class NativeMemory {

  private NativeMemory() {}

  /**
   * Gives freed memory of the C library back to the system, most of it the compilers' ({@code man 3
   * malloc_trim}). Does nothing if the C library has no such call.
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
      throw known;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
