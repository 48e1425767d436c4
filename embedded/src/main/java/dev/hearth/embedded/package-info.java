/** Kafka, PostgreSQL and an S3 store inside this JVM, or beside it, on one data folder. */
@NullMarked
package dev.hearth.embedded;

import org.jspecify.annotations.NullMarked;
