package dev.hearth.testkit;

import dev.hearth.contracts.host.HostProtocol;
import java.util.List;
import java.util.Map;

/** The scripted answer of a {@link FakeHost} to a call. */
public sealed interface CallAnswer {

  /** A complete answer; the body is sent as UTF-8. */
  record Answered(int status, Map<String, String> headers, String body) implements CallAnswer {

    public Answered {
      headers = Map.copyOf(headers);
    }

    /** Answers 200 with a text. */
    public Answered(String text) {
      this(200, Map.of(), text);
    }
  }

  /** 200 in parts, while the function's code is still running. */
  record Streamed(List<String> parts) implements CallAnswer {

    public Streamed {
      parts = List.copyOf(parts);
    }
  }

  /** No answer until the call is cancelled or the host ends. */
  record Hangs() implements CallAnswer {}

  /** The connection breaks without an answer, as when the process is killed. */
  record Breaks() implements CallAnswer {}

  /** Returns the answer to a call that no code has seen, because its instance had ended. */
  static CallAnswer notBegun() {
    return new Answered(
        502, Map.of(HostProtocol.NOT_BEGUN, "true", HostProtocol.INSTANCE_ENDING, "true"), "");
  }

  /** Returns the answer to a call that ended its instance, for example by a time-out. */
  static CallAnswer endsInstance(int status) {
    return new Answered(status, Map.of(HostProtocol.INSTANCE_ENDING, "true"), "");
  }

  /** Returns the last answer of a host that ends because an instance's code does not stop. */
  static CallAnswer endsHost(int status) {
    return new Answered(status, Map.of(HostProtocol.HOST_ENDING, "true"), "");
  }
}
