-- Settings that were measured for a model version on this machine, and chosen; time in RFC 3339, UTC.
CREATE TABLE tuning (
  manifest_sha256 CHAR(64) PRIMARY KEY,
  settings VARCHAR(20000) NOT NULL,
  engine VARCHAR(100) NOT NULL,
  processors INTEGER NOT NULL,
  chosen_at VARCHAR(40) NOT NULL,
  evidence VARCHAR(200000) NOT NULL
);
