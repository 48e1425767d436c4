/** The HTTP edge: problems, and the secret that services show each other. */
@NullMarked
package dev.hearth.kit.web;

import org.jspecify.annotations.NullMarked;
