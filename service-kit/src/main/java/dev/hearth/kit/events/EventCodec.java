package dev.hearth.kit.events;

import dev.hearth.contracts.events.HearthEvent;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.cloud.function.cloudevent.CloudEventMessageUtils;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Converts events to Kafka messages and back: the record as JSON, the envelope in headers by
 * CloudEvents' Kafka binding ({@code ce_id}, {@code ce_type} …). {@code ce_tenant} and {@code
 * ce_traceparent} are extension attributes; the latter follows CloudEvents' distributed tracing
 * extension.
 */
public final class EventCodec {

  static final String ID = "ce_id";
  static final String TYPE = "ce_type";
  static final String SOURCE = "ce_source";
  static final String TIME = "ce_time";
  static final String TENANT = "ce_tenant";
  static final String TRACE = "ce_traceparent";

  private final JsonMapper json;
  private final String source;

  /**
   * Creates a codec.
   *
   * @param source the service that publishes
   */
  EventCodec(JsonMapper json, String source) {
    this.json = json;
    this.source = source;
  }

  /** Returns an event's JSON. */
  String payload(HearthEvent event) {
    return json.writeValueAsString(event);
  }

  /** Returns a message that is ready for the binder. */
  Message<byte[]> message(Envelope envelope, String key, String payload) {
    var message =
        MessageBuilder.withPayload(payload.getBytes(StandardCharsets.UTF_8))
            .setHeader(KafkaHeaders.KEY, key.getBytes(StandardCharsets.UTF_8))
            .setHeader("ce_specversion", "1.0")
            .setHeader(ID, envelope.id().toString())
            .setHeader(SOURCE, source)
            .setHeader(TYPE, envelope.type());
    envelope.time().ifPresent(time -> message.setHeader(TIME, time.toString()));
    envelope.tenant().ifPresent(tenant -> message.setHeader(TENANT, tenant));
    envelope.trace().ifPresent(trace -> message.setHeader(TRACE, trace));
    return message.build();
  }

  /** Returns the trace that a message belongs to. */
  static Optional<String> trace(Message<byte[]> message) {
    // Spring Cloud Function may rename attributes of incoming messages.
    for (var name : new String[] {TRACE, "ce-traceparent", "cloudEvents:traceparent"}) {
      if (message.getHeaders().get(name) instanceof String trace) {
        return Optional.of(trace);
      }
    }
    return Optional.empty();
  }

  /**
   * Reads a message of a topic.
   *
   * @param topic the topic's sealed interface
   * @throws UnreadableEventException if the type or the body is invalid; the message then goes to
   *     the dead-letter topic
   */
  <E extends HearthEvent> E read(Class<E> topic, Message<byte[]> message) {
    // Finds the header under both of its possible names.
    var type = CloudEventMessageUtils.getType(message);
    var event =
        Optional.ofNullable(type)
            .flatMap(name -> EventTypes.find(topic, name))
            .orElseThrow(() ->
                new UnreadableEventException(
                    "unknown event type %s of topic %s".formatted(type, topic.getSimpleName()),
                    null));
    try {
      return json.readValue(message.getPayload(), event);
    } catch (JacksonException unreadable) {
      throw new UnreadableEventException("cannot read a " + type, unreadable);
    }
  }
}
