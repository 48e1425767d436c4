/** Assignment of host processes to tenants. */
@NullMarked
package dev.hearth.executor.tenant;

import org.jspecify.annotations.NullMarked;
