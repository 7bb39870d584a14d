package io.cloister.repo.media;

import io.cloister.repo.MediaRefusal.NoMedium;
import io.cloister.repo.MediaRefusal.NotAMedium;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.RefusedException;
import io.cloister.repo.media.TarReader.Member;
import io.cloister.repo.metadata.Sha256;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A bundle in a file, whose members can be read in any order: its headers are read first, then each
 * member when it is asked for. The form is as strict as through a pipe. The file is open only while
 * it is read, so that the disc it is on can be taken out.
 */
final class BundleFile implements Seekable {
  private static final int HEADER_BUFFER_BYTES = 4096;

  private final Path path;
  private final long length;
  private final Map<String, Extent> members = new LinkedHashMap<>();

  /** Where the bytes of a member are. */
  private record Extent(long offset, long length) {}

  private BundleFile(Path path, long length) {
    this.path = path;
    this.length = length;
  }

  static BundleFile open(Path path) throws RefusedException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      var bundle = new BundleFile(path, channel.size());
      bundle.readHeaders(channel);
      return bundle;
    } catch (IOException e) {
      throw new RefusedException(new NoMedium(path.toString(), MediumFile.words(e)));
    }
  }

  /** The stream passes over contents by seeking. */
  private void readHeaders(FileChannel channel) throws RefusedException {
    InputStream in = new BufferedInputStream(Channels.newInputStream(channel), HEADER_BUFFER_BYTES);
    TarReader tar = new TarReader(name(), in);
    for (Optional<Member> member = tar.next(); member.isPresent(); member = tar.next()) {
      members.put(member.get().name(), new Extent(tar.offset(), member.get().length()));
    }
    if (MARKS.stream().noneMatch(members::containsKey)) {
      throw new RefusedException(new NotAMedium(name()));
    }
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public Optional<MediumFile> findFile(Where where) throws RefusedException {
    Extent extent = members.get(where.file());
    if (extent == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new MediumFile(where, new Content(path, length, extent)));
    } catch (IOException e) {
      throw MediumFile.refused(where, 0, e);
    }
  }

  @Override
  public SequencedMap<Sha256, RefusedException> deliver(BlobRequest request, BlobSink sink)
      throws RefusedException, IOException {
    for (Map.Entry<String, Extent> member : members.entrySet()) {
      Optional<Sha256> blob = BundleSection.findBlob(member.getKey());
      if (blob.isPresent() && !request.all().containsKey(blob.get())) {
        throw TarReader.stranger(name(), member.getKey(), member.getValue().offset());
      }
    }
    return Seekable.super.deliver(request, sink);
  }

  /** The bytes of one member; several may be read at a time. */
  private static final class Content extends InputStream {
    private final FileChannel channel;
    private final long end;
    private long at;

    /** Of a file of that length: in a drive another disc may lie by now. */
    Content(Path path, long length, Extent extent) throws IOException {
      this.channel = FileChannel.open(path, StandardOpenOption.READ);
      this.at = extent.offset();
      this.end = extent.offset() + extent.length();
      if (channel.size() != length) {
        channel.close();
        throw new IOException("another file is there by now: " + path);
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 1 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      int count = (int) Math.min(length, end - at);
      if (length > 0 && count == 0) {
        return -1;
      }
      int got = channel.read(ByteBuffer.wrap(buffer, from, count), at);
      at += Math.max(0, got);
      return got;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
