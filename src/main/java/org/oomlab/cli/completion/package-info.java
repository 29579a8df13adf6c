/** Scripts by which shells complete our command lines. */
@NullMarked
package org.oomlab.cli.completion;

import org.jspecify.annotations.NullMarked;
