package org.oomlab.intake;

/**
 * Shares out memory that cannot hold all that its users have resident, because they share pages:
 * what does not fit is accounted for elsewhere. Pages of files are taken for shared first, then
 * shmem, then anonymous memory, each by the same share in every process.
 */
final class Footprints {
  private final double file;
  private final double shmem;
  private final double anonymous;

  /**
   * Finds the shares.
   *
   * @param room pages there are
   * @param anonPages that all users together say they have
   * @param filePages of files
   * @param shmemPages of shmem
   */
  Footprints(long room, long anonPages, long filePages, long shmemPages) {
    long over = Math.max(0, anonPages + filePages + shmemPages - Math.max(0, room));
    long fromFile = Math.min(over, filePages);
    long fromShmem = Math.min(over - fromFile, shmemPages);
    long fromAnon = over - fromFile - fromShmem;
    file = share(fromFile, filePages);
    shmem = share(fromShmem, shmemPages);
    anonymous = share(fromAnon, anonPages);
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /** Whether anything is accounted for elsewhere. */
  boolean areShared() {
    return file > 0 || shmem > 0 || anonymous > 0;
  }

  /** Of so many pages of files, those accounted for elsewhere. */
  long borrowedFile(long pages) {
    return part(pages, file);
  }

  /** Of so many pages of shmem. */
  long borrowedShmem(long pages) {
    return part(pages, shmem);
  }

  /** Of so many anonymous pages. */
  long borrowedAnonymous(long pages) {
    return part(pages, anonymous);
  }

  /** Rounded up, so that the rest fits. */
  private static long part(long pages, double share) {
    return Math.min(pages, (long) StrictMath.ceil(pages * share));
  }
}
