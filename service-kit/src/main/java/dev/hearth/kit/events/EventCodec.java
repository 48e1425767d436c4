package dev.hearth.kit.events;

import dev.hearth.contracts.events.HearthEvent;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.springframework.cloud.function.cloudevent.CloudEventMessageUtils;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Events as Kafka messages: the record as JSON, the envelope in headers by CloudEvents' Kafka
 * binding ({@code ce_id}, {@code ce_type} …).
 */
public final class EventCodec {

  static final String ID = "ce_id";
  static final String TYPE = "ce_type";

  private final JsonMapper json;

  EventCodec(JsonMapper json) {
    this.json = json;
  }

  String payload(HearthEvent event) {
    return json.writeValueAsString(event);
  }

  static String type(HearthEvent event) {
    return event.getClass().getSimpleName();
  }

  /** A message that is ready for the binder. */
  static Message<byte[]> message(UUID id, String type, String key, String payload) {
    return MessageBuilder.withPayload(payload.getBytes(StandardCharsets.UTF_8))
        .setHeader(KafkaHeaders.KEY, key.getBytes(StandardCharsets.UTF_8))
        .setHeader(ID, id.toString())
        .setHeader(TYPE, type)
        .setHeader("ce_specversion", "1.0")
        .setHeader("ce_source", "hearth")
        .build();
  }

  /**
   * Reads a message of a topic.
   *
   * @param topic the topic's sealed interface
   * @throws UnreadableEventException when type or body do not fit; the message belongs to the dead
   *     letters
   */
  <E extends HearthEvent> E read(Class<E> topic, Message<byte[]> message) {
    // Spring Cloud Function renames the envelope's headers on the way in; its reader knows both
    // names.
    var type = CloudEventMessageUtils.getType(message);
    for (var candidate : topic.getPermittedSubclasses()) {
      if (candidate.getSimpleName().equals(type)) {
        try {
          return topic.cast(json.readValue(message.getPayload(), candidate));
        } catch (JacksonException unreadable) {
          throw new UnreadableEventException("cannot read a " + type, unreadable);
        }
      }
    }
    throw new UnreadableEventException(
        "no event type " + type + " in " + topic.getSimpleName(), null);
  }
}
