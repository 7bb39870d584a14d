package io.cloister.repo.media;

import io.cloister.repo.testing.RawTar;
import org.junit.jupiter.api.Test;

/** Members that no bundle has: other than plain files, hostile names, things twice. */
final class HostileMembersTest extends TarAttack {
  @Test
  void refusesSymbolicLinks() {
    insert("blobs/", RawTar.part("notes", '2', new byte[0]).with(b -> RawTar.put(b, 157, "/etc")));
    refused("a symbolic link");
  }

  @Test
  void refusesHardLinks() {
    insert(
        "blobs/", RawTar.part("notes", '1', new byte[0]).with(b -> RawTar.put(b, 157, "README")));
    refused("a hard link");
  }

  @Test
  void refusesAPlainFileThatNamesALinksDestination() {
    insert("blobs/", RawTar.text("notes", "x").with(block -> RawTar.put(block, 157, "/etc")));
    refused("the name of a link");
  }

  @Test
  void refusesDevicesAndPipes() {
    for (char type : new char[] {'3', '4', '6'}) {
      insert("blobs/", RawTar.part("notes", type, new byte[0]));
      refused("a device or pipe");
      parts.remove(first("notes"));
    }
  }

  @Test
  void refusesSparseMembersOfEveryKind() {
    insert("blobs/", RawTar.part("notes", 'S', new byte[0]));
    refused("a sparse file");
    parts.remove(first("notes"));
    insert("blobs/", RawTar.text("notes", "x"));
    insert("notes", RawTar.pax(RawTar.record("GNU.sparse.realsize", "9999")));
    refused("GNU.sparse");
  }

  @Test
  void refusesEveryOtherTypeOfMember() {
    for (char type : new char[] {'\0', '7', 'g', 'L', 'K', 'D', 'V', 'M', 'X', 'A', '\u00FF'}) {
      insert("blobs/", RawTar.part("notes", type, new byte[0]));
      refused("a member of type 0x");
      parts.remove(first("notes"));
    }
  }

  @Test
  void refusesAbsoluteNames() {
    insert("blobs/", RawTar.text("/etc/passwd", "x"));
    refused("not a plain relative file name");
  }

  @Test
  void refusesNamesThatClimb() {
    for (String name : new String[] {"../x", "metadata/../../x.json", "a/..", "./x", "targets/."}) {
      insert("blobs/", RawTar.text(name, "x"));
      refused("not a plain relative file name");
      parts.remove(first(name));
    }
  }

  @Test
  void refusesNamesWithBackslashColonControlOrTrailingDot() {
    for (String name :
        new String[] {"a\\b", "C:x", "con:", "a\nb", "a.", "a b", "\u00E9", "a//b"}) {
      insert("blobs/", RawTar.text(name, "x"));
      refused("not a plain relative file name");
      parts.remove(first(name));
    }
  }

  @Test
  void refusesANulInAName() {
    insert("blobs/", RawTar.text("notes\0.sh", "x"));
    refused("a name with a NUL in it");
  }

  @Test
  void refusesNamesThatNoBundleHas() {
    String[] strangers = {
      "blobs/sha256/ab/" + "a".repeat(64),
      "blobs/sha256/aa/" + "a".repeat(63),
      "blobs/sha256/AA/" + "A".repeat(64),
      "blobs/md5/aa/" + "a".repeat(64),
      "metadata/a/b.json",
      "metadata/root.txt",
      "targets/x.sh",
      "other/notes"
    };
    for (String name : strangers) {
      insert("blobs/", RawTar.text(name, "x"));
      refused("a name that no bundle has");
      parts.remove(first(name));
    }
  }

  @Test
  void refusesFoldersThatNoBundleHasOrThatHaveContent() {
    parts.addFirst(RawTar.part("other/", '5', new byte[0]));
    refused("a folder that no bundle has");
    parts.set(0, RawTar.part("metadata/", '5', new byte[] {1}));
    refused("a folder with content");
    parts.set(0, RawTar.part("metadata/../", '5', new byte[0]));
    refused("not a plain relative file name");
  }

  @Test
  void refusesASecondFileOfOneNameWhateverItsCase() {
    parts.add(first("README.txt"), parts.get(first("README.txt")));
    refused("a second file of this name");
    parts.set(first("README.txt"), RawTar.text("readme.TXT", "x"));
    refused("a second file of this name");
    parts.remove(first("readme.TXT"));
    parts.add(parts.get(first("blobs/")));
    refused("a second file of this name");
  }

  @Test
  void refusesANameThatIsAFileAndAFolderWhateverItsCase() {
    for (String name : new String[] {"blobs", "Blobs"}) {
      insert("blobs/", RawTar.text(name, "x"));
      refused("blobs is a file and a folder");
      parts.removeIf(part -> part.name().equals(name));
    }
  }

  @Test
  void refusesAFolderThatAFileIsAlready() {
    insert("SHA256SUMS", RawTar.text("targets/x.json", "{}"));
    insert("targets/x.json", RawTar.part("targets/x.json/", '5', new byte[0]));
    refused("targets/x.json is a file and a folder");
    parts.remove(first("targets/x.json/"));
    insert("SHA256SUMS", RawTar.text("targets/x.json/y.json", "{}"));
    refused("targets/x.json is a file and a folder");
  }

  @Test
  void refusesFilesOutOfOrder() {
    parts.addFirst(parts.remove(first("targets/")));
    refused("out of order: it comes after manifests");
  }

  @Test
  void refusesABlobThatNoManifestNames() {
    parts.add(RawTar.text("blobs/sha256/aa/" + "a".repeat(64), "x"));
    refused("a blob that no manifest names");
  }
}
