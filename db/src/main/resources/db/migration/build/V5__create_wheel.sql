-- The wheelhouse: wheels that an operator had built for the platform's interpreter. Their bytes are in the object store.
CREATE TABLE wheel (
  file     text NOT NULL,
  project  text NOT NULL,
  version  text NOT NULL,
  digest   text NOT NULL,
  bytes    bigint NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT wheel_pk PRIMARY KEY (file)
);
