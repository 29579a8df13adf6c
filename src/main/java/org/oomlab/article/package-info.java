/**
 * Results as an article that can be passed on: one page with the question, the answer, what it
 * rests on and how to get it again.
 */
@NullMarked
package org.oomlab.article;

import org.jspecify.annotations.NullMarked;
