-- The newest acceptance of each model version, refused ones too; times in RFC 3339, UTC.
CREATE TABLE acceptance (
  manifest_sha256 CHAR(64) PRIMARY KEY,
  accepted_at VARCHAR(40),
  checked_at VARCHAR(40) NOT NULL,
  report VARCHAR(100000) NOT NULL
);
