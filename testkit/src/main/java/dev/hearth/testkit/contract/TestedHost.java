package dev.hearth.testkit.contract;

import dev.hearth.contracts.host.HostProtocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A host process that a test starts, with its socket and what it writes. */
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
   * @param command serves at the socket
   * @param folder takes the folders of instances
   * @throws IllegalStateException when its first line is another one than {@link
   *     HostProtocol#READY_LINE}
   */
  public static TestedHost start(List<String> command, Path folder, Path socket)
      throws IOException {
    var process =
        new ProcessBuilder(command).redirectError(folder.resolve("errors.log").toFile()).start();
    var output = process.inputReader();
    var first = output.readLine();
    if (!HostProtocol.READY_LINE.equals(first)) {
      process.destroyForcibly();
      throw new IllegalStateException("the first line of the host is not ready but " + first);
    }
    var host = new TestedHost(process, folder, socket);
    Thread.ofVirtual().name("host-output").start(() -> host.read(output));
    return host;
  }

  private void read(BufferedReader output) {
    output.lines().forEach(lines::add);
  }

  Path folder() {
    return folder;
  }

  Path socket() {
    return socket;
  }

  /** Returns the lines that it has written after the first one. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Closes its standard input, as the end of its node does. */
  void closeInput() throws IOException {
    process.outputWriter().close();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
