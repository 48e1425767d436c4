/** Values that cross a process border: identifiers, error codes, HTTP headers. */
@NullMarked
package dev.hearth.contracts;

import org.jspecify.annotations.NullMarked;
