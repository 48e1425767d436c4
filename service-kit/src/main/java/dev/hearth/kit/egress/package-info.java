/** The way out for what is not trusted: a proxy that decides about each connection. */
@NullMarked
package dev.hearth.kit.egress;

import org.jspecify.annotations.NullMarked;
