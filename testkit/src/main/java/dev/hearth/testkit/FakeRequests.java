package dev.hearth.testkit;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/** Holds the requests that a fake host leaves without an answer, and notes cancelled ones. */
final class FakeRequests {

  private final Map<Callback, String> hanging = new ConcurrentHashMap<>();
  private final List<String> cancelled = new CopyOnWriteArrayList<>();

  /** Leaves a request without an answer until it is cancelled or the host ends. */
  void hang(Callback callback, String invocation) {
    hanging.put(callback, invocation);
  }

  /** Breaks the connection of a request without an answer. */
  static void fail(Request request, Callback callback) {
    request.getConnectionMetaData().getConnection().getEndPoint().close();
    callback.failed(new IOException("the host breaks the connection"));
  }

  /** Ends a call that the node cancels. */
  void cancel(String invocation) {
    cancelled.add(invocation);
    hanging.entrySet().stream()
        .filter(entry -> entry.getValue().equals(invocation))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::breakOff);
  }

  /** Breaks the connection of every request that hangs. */
  void breakAll() {
    List.copyOf(hanging.keySet()).forEach(this::breakOff);
  }

  private void breakOff(Callback callback) {
    if (hanging.remove(callback) != null) {
      callback.failed(new IOException("the call was ended"));
    }
  }

  List<String> cancelled() {
    return List.copyOf(cancelled);
  }

  int hanging() {
    return hanging.size();
  }
}
