/** Source archives, checked and made canonical. */
@NullMarked
package dev.hearth.api.upload;

import org.jspecify.annotations.NullMarked;
