package org.oomlab.report;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of a report for programs.
 *
 * @param name its name
 * @param value its value in a row: a string, a number ({@code Integer}, {@code Long} or {@code
 *     BigDecimal}), a boolean, a list or a map of such, or null for an absent one
 */
public record Column<T>(String name, Function<T, @Nullable Object> value) {}
