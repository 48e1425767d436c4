package dev.hearth.standalone;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.validation.FieldError;

/** Describes in one line why the platform did not start. */
final class StartFailure {

  private StartFailure() {}

  /** Returns the message of the root cause; names the setting and its value if one was refused. */
  static String describe(Throwable failed) {
    var causes = Stream.iterate(failed, cause -> cause != null, Throwable::getCause).toList();
    for (var cause : causes.reversed()) {
      if (cause instanceof BindValidationException invalid) {
        return invalid.getValidationErrors().getAllErrors().stream()
            .map(error ->
                error instanceof FieldError field
                    ? "%s.%s %s but is %s"
                        .formatted(
                            invalid.getValidationErrors().getName(),
                            kebab(field.getField()),
                            field.getDefaultMessage(),
                            field.getRejectedValue())
                    : String.valueOf(error.getDefaultMessage()))
            .sorted()
            .collect(Collectors.joining("; "));
      }
    }
    var root = causes.getLast();
    var message = root.getMessage() == null ? root.toString() : root.getMessage();
    for (var cause : causes) {
      if (cause instanceof BindException refused && refused.getProperty() != null) {
        return "%s cannot be %s: %s"
            .formatted(refused.getName(), refused.getProperty().getValue(), message);
      }
    }
    return message;
  }

  private static String kebab(String field) {
    return field.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
