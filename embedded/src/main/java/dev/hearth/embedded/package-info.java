/** Runs Kafka, PostgreSQL and an S3 store in or beside this JVM, on one data folder. */
@NullMarked
package dev.hearth.embedded;

import org.jspecify.annotations.NullMarked;
