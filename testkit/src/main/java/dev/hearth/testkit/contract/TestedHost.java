package dev.hearth.testkit.contract;

import dev.hearth.contracts.host.HostProtocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A host process that a test starts, with its socket and output. */
public final class TestedHost implements AutoCloseable {

  private final Process process;
  private final Path folder;
  private final Path socket;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private TestedHost(Process process, Path folder, Path socket) {
    this.process = process;
    this.folder = folder;
    this.socket = socket;
  }

  /**
   * Starts a host and waits until it is ready.
   *
   * @param command starts a host that listens at the socket
   * @param folder parent of the instances' folders
   * @throws IllegalStateException if its first line is not {@link HostProtocol#READY_LINE}
   */
  public static TestedHost start(List<String> command, Path folder, Path socket)
      throws IOException {
    var process =
        new ProcessBuilder(command).redirectError(folder.resolve("errors.log").toFile()).start();
    var output = process.inputReader();
    var first = output.readLine();
    if (!HostProtocol.READY_LINE.equals(first)) {
      process.destroyForcibly();
      throw new IllegalStateException(
          "the host's first line must be %s but is %s".formatted(HostProtocol.READY_LINE, first));
    }
    var host = new TestedHost(process, folder, socket);
    Thread.ofVirtual().name("host-output").start(() -> host.read(output));
    return host;
  }

  private void read(BufferedReader output) {
    output.lines().forEach(lines::add);
  }

  /** Returns the parent of the instances' folders. */
  public Path folder() {
    return folder;
  }

  /** Returns the socket that the host listens at. */
  public Path socket() {
    return socket;
  }

  /** Returns the host's output after its first line. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Closes the host's standard input, which happens when its node ends. */
  void closeInput() throws IOException {
    process.outputWriter().close();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
