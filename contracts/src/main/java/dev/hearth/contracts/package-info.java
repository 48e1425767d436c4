/**
 * Values that cross a process border: identifiers, error codes, HTTP headers. Plain Java, no logic
 * beyond validation.
 */
@NullMarked
package dev.hearth.contracts;

import org.jspecify.annotations.NullMarked;
