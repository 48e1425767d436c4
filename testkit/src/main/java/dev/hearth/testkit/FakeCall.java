package dev.hearth.testkit;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A call as a {@link FakeHost} received it.
 *
 * @param path the path with its query
 * @param headers values by lower-case name; of a repeated header, the last
 * @param body read as UTF-8
 */
public record FakeCall(String method, String path, Map<String, String> headers, String body) {

  public FakeCall {
    headers = Map.copyOf(headers);
  }

  /** Returns a header's value; the name's case does not matter. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }
}
