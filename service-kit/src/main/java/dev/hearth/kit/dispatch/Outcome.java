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

/** What became of a call. It is known when the head of the answer is known. */
public sealed interface Outcome {

  /** The function answered, whatever the status. */
  record Answered(int status, HttpFields headers) implements Outcome {}

  /** The function's code raised an exception, or answered what cannot be sent. */
  record Raised(ErrorCode code, String detail) implements Outcome {}

  /** The function did not answer within its limit. */
  record TimedOut(String detail) implements Outcome {}

  /** The instance or its node ended during the call; code may have seen it. */
  record Lost(String detail) implements Outcome {}

  /**
   * No instance took the call.
   *
   * @param isMoved true if the placement is not at the node, or the node cannot be reached: no code
   *     has seen the call, and another placement may take it at once
   */
  record NoCapacity(boolean isMoved, String detail) implements Outcome {}

  /** The call cannot be taken as it is. */
  record Rejected(ErrorCode code, String detail) implements Outcome {}

  /** The detail where the node has not said one. */
  String UNREACHABLE =
      "The function's node does not answer; its placements are moved to others. Try again in a moment.";

  /** The detail of a call that was refused everywhere. */
  String MOVED = "The function has moved to another node; try again in a moment.";

  /** The detail of a call whose node broke off. */
  String LOST = "The connection to the function's node ended during the call.";

  /** The detail of a call whose node did not answer in time. */
  String LATE =
      "The function did not answer within its limit and the time to wait for an instance. Speed up the function, or raise timeout in [tool.hearth].";

  /** Interprets the head of what a node answered. */
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

  /** Interprets the failure of an exchange with a node that has not answered. */
  static Outcome of(Throwable failure) {
    return switch (failure) {
      case TimeoutException _ -> new TimedOut(LATE);
      case ConnectException _, UnresolvedAddressException _ -> new NoCapacity(true, UNREACHABLE);
      case IOException io when io.getCause() instanceof UnresolvedAddressException ->
          new NoCapacity(true, UNREACHABLE);
      default -> new Lost(LOST);
    };
  }

  /** Finds the code that a header names. */
  static Optional<ErrorCode> errorCode(String name) {
    return Arrays.stream(ErrorCode.values()).filter(one -> one.code().equals(name)).findFirst();
  }

  /** Returns true if the call may be made again at once, elsewhere. */
  default boolean isMoved() {
    return this instanceof NoCapacity(var isMoved, _) && isMoved;
  }
}
