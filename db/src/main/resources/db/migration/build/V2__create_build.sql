-- The queue of builds. A build is leased to one service at a time; a lease that ran out may be taken over.
CREATE TABLE build (
  revision_id  uuid CONSTRAINT build_pk PRIMARY KEY,
  tenant       text NOT NULL,
  function     text NOT NULL,
  number       integer NOT NULL,
  source       text NOT NULL,
  entry        text,
  environment  text NOT NULL,
  state        text NOT NULL DEFAULT 'QUEUED' CONSTRAINT build_state_known
               CHECK (state IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED')),
  attempts     integer NOT NULL DEFAULT 0,
  lease_until  timestamptz,
  created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX build_open ON build (created_at) WHERE state IN ('QUEUED', 'RUNNING');
