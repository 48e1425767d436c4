/** Who a caller is. */
@NullMarked
package dev.hearth.api.tenant;

import org.jspecify.annotations.NullMarked;
