/** Serves build reports as JSON and as a page. */
@NullMarked
package dev.hearth.api.report;

import org.jspecify.annotations.NullMarked;
