package dev.hearth.kit.events;

import dev.hearth.contracts.events.EventType;
import dev.hearth.contracts.events.HearthEvent;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * CloudEvents types of events: {@code dev.hearth.NAME.vVERSION}. Earlier versions wrote the name
 * alone; it is still read, and so is the name that an event had before.
 */
final class EventTypes {

  private static final Pattern VERSIONED = Pattern.compile("dev\\.hearth\\.(\\w+)\\.v\\d+");

  private EventTypes() {}

  /** Returns the type under which an event is written today. */
  static String of(HearthEvent event) {
    var type = event.getClass().getAnnotation(EventType.class);
    return "dev.hearth.%s.v%d"
        .formatted(event.getClass().getSimpleName(), type == null ? 1 : type.version());
  }

  /**
   * Finds the record of a type among those of a topic. The version decides nothing: within a type
   * fields are only added, and a reader ignores those that it does not know.
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
