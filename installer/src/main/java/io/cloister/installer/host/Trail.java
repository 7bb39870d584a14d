package io.cloister.installer.host;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What leads to a path, from the top: every folder, and every symbolic link with what it leads
 * through. Whoever may change one of these decides what lies there.
 *
 * @param steps as far as there is something
 * @param broken a link on the way that leads to nothing, or round in a circle
 */
public record Trail(List<Step> steps, Optional<Path> broken) {
  /** As many as Linux follows (path_resolution(7)). */
  private static final int LINKS_MAX = 40;

  private static final int PERMISSIONS = 07777;

  /**
   * One of them.
   *
   * @param link whether it is a symbolic link, whose permissions mean nothing
   * @param mode permissions with the sticky bit, e.g. 01777
   */
  public record Step(Path path, boolean link, long user, long group, int mode) {}

  /** What is left to walk, and the link that says so, if one does. */
  private record Ahead(Path name, Optional<Path> link) {}

  public Trail {
    steps = List.copyOf(steps);
  }

  /** Walks to an absolute path. What is not there ends the trail and is no fault. */
  public static Trail to(Path path) throws IOException {
    return new Walk(path).walk();
  }

  private static final class Walk {
    private final Path top;
    private final Deque<Ahead> ahead = new ArrayDeque<>();
    private final List<Step> steps = new ArrayList<>();
    private int links;

    Walk(Path path) {
      top = path.resolve("/");
      path.forEach(name -> ahead.add(new Ahead(name, Optional.empty())));
    }

    Trail walk() throws IOException {
      Path here = top;
      steps.add(step(top));
      while (!ahead.isEmpty()) {
        Ahead next = ahead.removeFirst();
        Path path = here.resolve(next.name()).normalize();
        Step step;
        try {
          step = step(path);
        } catch (NoSuchFileException e) {
          return new Trail(steps, next.link());
        } catch (AccessDeniedException e) {
          return new Trail(steps, Optional.empty());
        }
        steps.add(step);
        if (!step.link() && !Files.isDirectory(path)) {
          return new Trail(steps, next.link());
        } else if (!step.link()) {
          here = path;
        } else if (++links > LINKS_MAX) {
          return new Trail(steps, Optional.of(path));
        } else {
          here = follow(path, here);
        }
      }
      return new Trail(steps, Optional.empty());
    }

    /** Where the rest is resolved from. */
    private Path follow(Path link, Path folder) throws IOException {
      Path target = Files.readSymbolicLink(link);
      List<Path> names = new ArrayList<>();
      target.forEach(names::add);
      names.reversed().forEach(name -> ahead.addFirst(new Ahead(name, Optional.of(link))));
      return target.isAbsolute() ? top : folder;
    }

    private static Step step(Path path) throws IOException {
      Map<String, Object> is =
          Files.readAttributes(path, "unix:uid,gid,mode,isSymbolicLink", LinkOption.NOFOLLOW_LINKS);
      return new Step(
          path,
          is.get("isSymbolicLink") instanceof Boolean link && link,
          number(is, "uid"),
          number(is, "gid"),
          (int) number(is, "mode") & PERMISSIONS);
    }

    private static long number(Map<String, Object> attributes, String name) {
      return attributes.get(name) instanceof Number number ? number.longValue() : 0;
    }
  }
}
