package dev.hearth.kit.dispatch;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.host.HostProtocol;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpFields;

/** Outcome of a call. The head of the answer decides it. */
public sealed interface Outcome {

  /** The function answered, whatever the status. */
  record Answered(int status, HttpFields headers) implements Outcome {}

  /** The function's code raised an exception, or its answer is invalid. */
  record Raised(ErrorCode code, String detail) implements Outcome {}

  /** The function did not answer within its timeout. */
  record TimedOut(String detail) implements Outcome {}

  /** The instance or its node ended during the call, so user code may have run. */
  record Lost(String detail) implements Outcome {}

  /**
   * No instance took the call.
   *
   * @param isMoved true if the node does not have the placement or cannot be reached; no user code
   *     has run, so another placement may take the call at once
   */
  record NoCapacity(boolean isMoved, String detail) implements Outcome {}

  /** The call is invalid. */
  record Rejected(ErrorCode code, String detail) implements Outcome {}

  /** Detail for a node that cannot be reached. */
  String UNREACHABLE =
      "The function's node does not answer. Its functions are being moved to other nodes; try again in a moment.";

  /** Detail for a call that every placement refused. */
  String MOVED = "The function is being moved to another node. Try again in a moment.";

  /** Detail for a node that ended the connection. */
  String LOST =
      "The connection to the function's node ended during the call. The call may have had effects; repeat it only if that is safe.";

  /** Detail for a node that did not answer in time. */
  String LATE =
      "The function did not answer within its timeout and the longest wait for an instance. Speed up the function, or raise timeout in [tool.hearth].";

  /** Interprets the head of a node's answer. */
  static Outcome of(int status, HttpFields headers, String detail) {
    if (headers.contains(HearthHeaders.FUNCTION_ERROR)) {
      return new Raised(ErrorCode.FUNCTION_RAISED, detail);
    }
    var code = headers.get(HearthHeaders.ERROR);
    if (code == null) {
      return new Answered(status, headers);
    }
    var isMoved = headers.contains(HostProtocol.NOT_BEGUN);
    return errorCode(code)
        .map(known -> of(known, isMoved, detail))
        .orElseGet(() -> new Lost(detail));
  }

  private static Outcome of(ErrorCode code, boolean isMoved, String detail) {
    return switch (code) {
      case FUNCTION_TIMED_OUT -> new TimedOut(detail);
      case NO_INSTANCE -> new NoCapacity(isMoved, detail);
      default ->
          switch (code.kind()) {
            case CALLER -> new Rejected(code, detail);
            case CAPACITY -> new NoCapacity(isMoved, detail);
            case PLATFORM -> new Lost(detail);
            case FUNCTION -> new Raised(code, detail);
          };
    };
  }

  /** Interprets the failure of a request to a node that has not answered. */
  static Outcome of(Throwable failure) {
    return switch (failure) {
      case TimeoutException _ -> new TimedOut(LATE);
      case ConnectException _, UnresolvedAddressException _ -> new NoCapacity(true, UNREACHABLE);
      case IOException io when io.getCause() instanceof UnresolvedAddressException ->
          new NoCapacity(true, UNREACHABLE);
      default -> new Lost(LOST);
    };
  }

  /** Finds the error code that a header names. */
  static Optional<ErrorCode> errorCode(String name) {
    return Arrays.stream(ErrorCode.values()).filter(one -> one.code().equals(name)).findFirst();
  }

  /** Returns true if another placement may take the call at once. */
  default boolean isMoved() {
    return this instanceof NoCapacity(var isMoved, _) && isMoved;
  }
}
