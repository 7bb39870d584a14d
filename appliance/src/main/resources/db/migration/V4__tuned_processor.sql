-- The processor's name, as the kernel tells it; empty where it was not noted.
ALTER TABLE tuning ADD COLUMN processor VARCHAR(100) DEFAULT '' NOT NULL;
