package io.cloister.appliance.http2;

import java.util.List;
import java.util.stream.Stream;

/** The header fields that everyone knows by number (RFC 7541, Appendix A). */
final class StaticTable {
  /** Number 1 comes first. */
  static final List<Field> FIELDS =
      Stream.of(
              """
              :authority|:method=GET|:method=POST|:path=/|:path=/index.html|:scheme=http|\
              :scheme=https|:status=200|:status=204|:status=206|:status=304|:status=400|\
              :status=404|:status=500|accept-charset|accept-encoding=gzip, deflate|\
              accept-language|accept-ranges|accept|access-control-allow-origin|age|allow|\
              authorization|cache-control|content-disposition|content-encoding|\
              content-language|content-length|content-location|content-range|content-type|\
              cookie|date|etag|expect|expires|from|host|if-match|if-modified-since|\
              if-none-match|if-range|if-unmodified-since|last-modified|link|location|\
              max-forwards|proxy-authenticate|proxy-authorization|range|referer|refresh|\
              retry-after|server|set-cookie|strict-transport-security|transfer-encoding|\
              user-agent|vary|via|www-authenticate"""
                  .split("[|]"))
          .map(text -> text.split("=", 2))
          .map(parts -> new Field(parts[0], parts.length == 1 ? "" : parts[1]))
          .toList();

  private StaticTable() {}
}
