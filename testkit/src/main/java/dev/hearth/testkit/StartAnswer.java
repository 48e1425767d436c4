package dev.hearth.testkit;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.host.InstanceFailure;
import dev.hearth.contracts.host.InstanceStarted;
import java.util.List;

/** The scripted answer of a {@link FakeHost} to a start, suspend or resume of an instance. */
public sealed interface StartAnswer {

  /** 201: the instance answered its probe. */
  record Started(InstanceStarted details) implements StartAnswer {

    /** A quick start of code that takes one call at a time. */
    public Started() {
      this(new InstanceStarted(Convention.WSGI, "prepared", 1, 1, List.of()));
    }
  }

  /** 422: the code of the function did not start. */
  record Failed(InstanceFailure failure) implements StartAnswer {

    public Failed(String message) {
      this(new InstanceFailure(message, ""));
    }
  }

  /** Any other status, against the protocol. */
  record Status(int code) implements StartAnswer {}

  /** No answer until the host ends. */
  record Hang() implements StartAnswer {}
}
