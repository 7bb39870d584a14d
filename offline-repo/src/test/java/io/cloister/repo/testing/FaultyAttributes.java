package io.cloister.repo.testing;

import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** Permissions of a file, whose change counts as an effect. */
record FaultyAttributes(PosixFileAttributeView real, Change change)
    implements PosixFileAttributeView {

  @FunctionalInterface
  interface Change {
    void begin() throws IOException;
  }

  @Override
  public String name() {
    return real.name();
  }

  @Override
  public PosixFileAttributes readAttributes() throws IOException {
    return real.readAttributes();
  }

  @Override
  public UserPrincipal getOwner() throws IOException {
    return real.getOwner();
  }

  @Override
  public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
    change.begin();
    real.setPermissions(permissions);
  }

  @Override
  public void setTimes(FileTime modified, FileTime accessed, FileTime created) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setOwner(UserPrincipal owner) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setGroup(GroupPrincipal group) {
    throw new UnsupportedOperationException();
  }
}
