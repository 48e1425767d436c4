package dev.hearth.testkit;

import dev.hearth.contracts.host.HostProtocol;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** An answer of a {@link FakeHost} to a call. */
public sealed interface CallAnswer {

  /** A whole answer. */
  record Answered(int status, Map<String, String> headers, byte[] body) implements CallAnswer {

    public Answered {
      headers = Map.copyOf(headers);
    }

    /** 200 with a text. */
    public Answered(String text) {
      this(200, Map.of(), text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** 200 in parts; the code that makes them runs until the last one is sent. */
  record Streamed(List<String> parts) implements CallAnswer {

    public Streamed {
      parts = List.copyOf(parts);
    }
  }

  /** No answer until the call is cancelled or the host ends. */
  record Hangs() implements CallAnswer {}

  /** The connection breaks without an answer, as when the process is killed. */
  record Breaks() implements CallAnswer {}

  /** No code has seen the call, and the instance has ended. */
  static CallAnswer notBegun() {
    return new Answered(
        502,
        Map.of(HostProtocol.NOT_BEGUN, "true", HostProtocol.INSTANCE_ENDING, "true"),
        new byte[0]);
  }

  /** The call ended its instance, say by its time limit. */
  static CallAnswer endsInstance(int status) {
    return new Answered(status, Map.of(HostProtocol.INSTANCE_ENDING, "true"), new byte[0]);
  }

  /** The host ends after this answer, because code of an instance does not stop. */
  static CallAnswer endsHost(int status) {
    return new Answered(status, Map.of(HostProtocol.HOST_ENDING, "true"), new byte[0]);
  }
}
