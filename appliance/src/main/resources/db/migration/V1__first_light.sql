-- What the web page or the operator changed; cloister.yaml holds the rest.
CREATE TABLE setting (
  name VARCHAR(200) PRIMARY KEY,
  setting_value VARCHAR(100000) NOT NULL
);

-- One row: the deployment that was applied last.
CREATE TABLE applied_deployment (
  only_row BOOLEAN PRIMARY KEY CHECK (only_row),
  generation BIGINT NOT NULL
);
INSERT INTO applied_deployment (only_row, generation) VALUES (TRUE, 0);

-- The version of each model that answers.
CREATE TABLE routing (
  model VARCHAR(255) PRIMARY KEY,
  version VARCHAR(255) NOT NULL,
  manifest_sha256 CHAR(64) NOT NULL,
  folder VARCHAR(1000) NOT NULL,
  targets_version BIGINT NOT NULL,
  signed_at VARCHAR(40) NOT NULL,
  keyids VARCHAR(10000) NOT NULL
);

-- The token itself is never stored.
CREATE TABLE api_token (
  name VARCHAR(200) PRIMARY KEY,
  sha256 CHAR(64) NOT NULL UNIQUE,
  role VARCHAR(40) NOT NULL,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
