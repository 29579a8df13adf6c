/** The command that writes an article. */
@NullMarked
package org.oomlab.cli.article;

import org.jspecify.annotations.NullMarked;
