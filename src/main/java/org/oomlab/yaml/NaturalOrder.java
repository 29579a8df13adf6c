package org.oomlab.yaml;

import java.util.Comparator;

/**
 * Puts names in the order people expect: {@code linux-4.5} before {@code linux-4.13}. Digits in a
 * row count as one number; everything else is compared character by character.
 */
final class NaturalOrder implements Comparator<String> {
  static final Comparator<String> COMPARATOR = new NaturalOrder();

  private NaturalOrder() {}

  @Override
  public int compare(String a, String b) {
    int order = byNumbers(a, b);
    return order != 0 ? order : a.compareTo(b);
  }

  private static int byNumbers(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      int order;
      if (isDigit(a.charAt(i)) && isDigit(b.charAt(j))) {
        int from = i;
        int other = j;
        i = endOfNumber(a, i);
        j = endOfNumber(b, j);
        order = compareNumbers(a.substring(from, i), b.substring(other, j));
      } else {
        order = Character.compare(a.charAt(i++), b.charAt(j++));
      }
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.length() - i, b.length() - j);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int endOfNumber(String text, int from) {
    int end = from;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Of any length: without leading zeros the longer one is the larger. */
  private static int compareNumbers(String a, String b) {
    String left = withoutZeros(a);
    String right = withoutZeros(b);
    int order = Integer.compare(left.length(), right.length());
    return order != 0 ? order : left.compareTo(right);
  }

  private static String withoutZeros(String number) {
    int zeros = 0;
    while (zeros < number.length() && number.charAt(zeros) == '0') {
      zeros++;
    }
    return number.substring(zeros);
  }
}
