/** Decides where instances live and keeps them warm before calls go to them. */
@NullMarked
package dev.hearth.scheduler;

import org.jspecify.annotations.NullMarked;
