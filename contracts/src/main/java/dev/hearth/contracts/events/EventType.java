package dev.hearth.contracts.events;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The version of an event type, where it is not the first one. The record's simple name and the
 * version are the CloudEvents type in the envelope.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface EventType {

  /** The version that is written today; today's code reads all versions from 1 on. */
  int version();

  /** The name under which earlier versions were written, or empty. */
  String formerName() default "";
}
