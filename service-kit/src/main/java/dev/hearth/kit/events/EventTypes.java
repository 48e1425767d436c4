package dev.hearth.kit.events;

import dev.hearth.contracts.events.EventType;
import dev.hearth.contracts.events.HearthEvent;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * CloudEvents types of events: {@code dev.hearth.NAME.vVERSION}. The name alone, which earlier
 * versions wrote, and former names are still read.
 */
final class EventTypes {

  private static final Pattern VERSIONED = Pattern.compile("dev\\.hearth\\.(\\w+)\\.v\\d+");

  private EventTypes() {}

  /** Returns the type that is written for an event. */
  static String of(HearthEvent event) {
    var type = event.getClass().getAnnotation(EventType.class);
    return "dev.hearth.%s.v%d"
        .formatted(event.getClass().getSimpleName(), type == null ? 1 : type.version());
  }

  /**
   * Finds a topic's record for a type. The version does not matter: newer versions only add fields,
   * and readers ignore unknown fields.
   */
  static <E extends HearthEvent> Optional<Class<? extends E>> find(Class<E> topic, String type) {
    var versioned = VERSIONED.matcher(type);
    var name = versioned.matches() ? versioned.group(1) : type;
    for (var candidate : topic.getPermittedSubclasses()) {
      if (candidate.getSimpleName().equals(name) || formerName(candidate).equals(name)) {
        return Optional.of(candidate.asSubclass(topic));
      }
    }
    return Optional.empty();
  }

  private static String formerName(Class<?> event) {
    var type = event.getAnnotation(EventType.class);
    return type == null ? "" : type.formerName();
  }
}
