package dev.hearth.contracts.events;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * States the version of an event type that has more than one. The record's simple name and the
 * version make the CloudEvents type in the envelope.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface EventType {

  /** Version that is written today; today's code reads all versions from 1 on. */
  int version();

  /** Name under which earlier versions were written, or empty. */
  String formerName() default "";
}
