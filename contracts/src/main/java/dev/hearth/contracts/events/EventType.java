package dev.hearth.contracts.events;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Version of an event type that has more than one. The record's simple name and the version form
 * the CloudEvents type in the envelope.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface EventType {

  /** Current version, which is written; all versions from 1 on are read. */
  int version();

  /** Name of earlier versions, or empty. */
  String formerName() default "";
}
