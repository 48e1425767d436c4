-- Which artifacts exist and which revision asked for each: the ground for garbage collection.
CREATE TABLE artifact (
  revision_id  uuid CONSTRAINT artifact_pk PRIMARY KEY,
  digest       text NOT NULL,
  bytes        bigint NOT NULL,
  published_at timestamptz NOT NULL DEFAULT now()
);
